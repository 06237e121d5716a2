import { join } from 'node:path';
import { z } from 'zod';
import { Broadcast } from '#devices/broadcast';
import { EpochMs, Percent } from '#devices/primitives';
import { readJson, writeWhole } from './whole-file.ts';

const Running = z.object({
  broadcast: Broadcast,
  t0: EpochMs,
  /** Ids of the commands that started it: one may come by several groups. */
  orders: z.array(z.string()),
  /** When its first sample was heard on this device, over all power-ups. */
  startedAt: EpochMs.optional(),
});
/** A broadcast that was started, whole: after a power cut nobody need tell it again. */
export type Running = z.infer<typeof Running>;

const MemoryFile = z.object({
  running: z.array(Running),
  /** Ids of broadcasts that were stopped: their start may still be under way by another group. */
  stopped: z.array(z.string()),
  volumes: z.record(z.string(), Percent),
});

/** More are not remembered: what is so old is not under way any more. */
const MOST = 100;

/** What the device must not forget of broadcasts, on disk. */
export class BroadcastMemory {
  readonly #path: string;
  readonly #onTrouble: (error: unknown) => void;
  readonly running = new Map<string, Running>();
  #stopped: string[] = [];
  /** Asked for while it plays or before; wins over the broadcast's own. */
  readonly #volumes = new Map<string, number>();
  #chain: Promise<void> = Promise.resolve();
  #saving = false;

  constructor(dir: string, onTrouble: (error: unknown) => void) {
    this.#path = join(dir, 'broadcasts.json');
    this.#onTrouble = onTrouble;
  }

  /** A file that is damaged is as none: the controller tells what runs again at the next connection. */
  async open(): Promise<void> {
    const kept = await readJson(this.#path, MemoryFile).catch((error: unknown) => {
      this.#onTrouble(error);
      return null;
    });
    for (const one of kept?.running ?? []) this.running.set(one.broadcast.id, one);
    this.#stopped = kept?.stopped ?? [];
    for (const [id, volume] of Object.entries(kept?.volumes ?? {})) this.#volumes.set(id, volume);
  }

  /** The volume that a broadcast is to be played at; undefined where the device's own holds, and for any other schedule. */
  volumeFor(id: string): number | undefined {
    return this.#volumes.get(id) ?? this.running.get(id)?.broadcast.volume;
  }

  setVolume(id: string, volume: number): void {
    this.#volumes.delete(id);
    this.#volumes.set(id, volume);
    const [oldest] = this.#volumes.keys();
    if (this.#volumes.size > MOST && oldest !== undefined) this.#volumes.delete(oldest);
    this.save();
  }

  wasStopped(id: string): boolean {
    return this.#stopped.includes(id);
  }

  stop(id: string): void {
    if (!this.wasStopped(id)) this.#stopped = [...this.#stopped, id].slice(-MOST);
    this.save();
  }

  begin(running: Running): void {
    this.running.set(running.broadcast.id, running);
    this.save();
  }

  end(id: string): void {
    this.running.delete(id);
    this.#volumes.delete(id);
    this.save();
  }

  /** Resolves when everything said so far is on disk, as far as the disk takes it. */
  async written(): Promise<void> {
    await this.#chain;
  }

  /** Soon, and once for what changes together. */
  save(): void {
    if (this.#saving) return;
    this.#saving = true;
    this.#chain = this.#chain
      .then(async () => {
        this.#saving = false;
        const volumes = Object.fromEntries(this.#volumes);
        const memory = { running: [...this.running.values()], stopped: this.#stopped, volumes };
        await writeWhole(this.#path, JSON.stringify(memory));
      })
      .catch(this.#onTrouble);
  }
}
