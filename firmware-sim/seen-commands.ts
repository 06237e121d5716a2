import { join } from 'node:path';
import { z } from 'zod';
import { readOrForget, writeWhole } from './whole-file.ts';

const SeenFile = z.record(z.string(), z.number());
/** More commands than this are never alive at once; the ones that expire first are forgotten first. */
const MOST = 2_000;

/** The ids of commands already acted on, until they expire: a command that is sent twice is obeyed once. */
export class SeenCommands {
  readonly #path: string;
  readonly #onTrouble: (error: unknown) => void;
  #seen = new Map<string, number>();

  constructor(dir: string, onTrouble: (error: unknown) => void) {
    this.#path = join(dir, 'seen.json');
    this.#onTrouble = onTrouble;
  }

  async open(): Promise<void> {
    this.#seen = new Map(Object.entries((await readOrForget(this.#path, SeenFile)) ?? {}));
  }

  /**
   * False when it was seen before. Durable before it resolves, so that a restart does not obey it again; but a disk that
   * takes nothing must not keep an alarm, or its stop, from being obeyed.
   */
  async first(id: string, expiresAt: number, now: number): Promise<boolean> {
    if (this.#seen.has(id)) return false;
    for (const [old, expiry] of this.#seen) if (expiry < now) this.#seen.delete(old);
    this.#seen.set(id, expiresAt);
    if (this.#seen.size > MOST) {
      const soonest = [...this.#seen].reduce((one, other) => (one[1] <= other[1] ? one : other));
      this.#seen.delete(soonest[0]);
    }
    await writeWhole(this.#path, JSON.stringify(Object.fromEntries(this.#seen))).catch(this.#onTrouble);
    return true;
  }
}
