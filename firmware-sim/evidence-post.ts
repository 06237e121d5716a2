import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { Backoff, pause } from './backoff.ts';
import { mayReceive } from './cable.ts';
import { Deadline } from './deadline.ts';
import { makeDirectory, writeWhole } from './whole-file.ts';

/** Pictures that wait for a link; when there are more, the oldest is given up: a record says more than a picture. */
const MOST = 20;
/** A picture over a slow link takes its time. */
const PUT_MS = 60_000;
const TYPES = { png: 'image/png', wav: 'audio/wav' } as const;
export type EvidenceForm = keyof typeof TYPES;

export interface EvidenceDesk {
  readonly dir: string;
  readonly http: string;
  readonly bearer: string;
  readonly onTrouble: (detail: string) => void;
}

/** What is known of a picture beside itself: the moment, epoch ms, and the SHA-256 of its RGBA rows. */
export interface Taken {
  readonly takenAt: number;
  readonly pixels: string;
}

/** What it is called while it waits: its id, and what is known of it. */
const NAME = /^(?<id>[0-9A-Z]{26})(?:~(?<takenAt>\d{1,16})~(?<pixels>[0-9a-f]{64}))?\.(?<form>png|wav)$/;

/** Carries pictures and recordings up, each under an id of its own, again and again until one answer is final. */
export class EvidencePost {
  readonly #desk: EvidenceDesk;
  readonly #dir: string;
  #abort = new AbortController();
  #work: Promise<void> | null = null;

  constructor(desk: EvidenceDesk) {
    this.#desk = desk;
    this.#dir = join(desk.dir, 'evidence');
  }

  async start(): Promise<void> {
    this.#abort = new AbortController();
    await makeDirectory(this.#dir);
    this.#carry();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#work;
  }

  /** An id to put into a record before the file itself is kept. */
  newId(): string {
    return ulid();
  }

  /** Keeps a file to be carried up; resolves when it is on disk. */
  async keep(id: string, form: EvidenceForm, content: Uint8Array, taken?: Taken): Promise<void> {
    const known = taken === undefined ? '' : `~${taken.takenAt}~${taken.pixels}`;
    await writeWhole(join(this.#dir, `${id}${known}.${form}`), content);
    const names = await this.#names();
    for (const name of names.slice(0, Math.max(0, names.length - MOST)))
      await rm(join(this.#dir, name), { force: true });
    this.#carry();
  }

  #carry(): void {
    this.#work ??= this.#carryAll()
      .catch((error: unknown) => this.#desk.onTrouble(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        this.#work = null;
      });
  }

  async #carryAll(): Promise<void> {
    const { signal } = this.#abort;
    const backoff = new Backoff(1_000, 60_000);
    for (
      let name = (await this.#names())[0];
      name !== undefined && !signal.aborted;
      name = (await this.#names())[0]
    ) {
      if (await this.#put(name, signal)) {
        await rm(join(this.#dir, name), { force: true });
        backoff.reset();
      } else {
        await pause(backoff.next(), signal);
      }
    }
  }

  /** True when there is nothing more to try. */
  async #put(name: string, signal: AbortSignal): Promise<boolean> {
    const { http, bearer, onTrouble } = this.#desk;
    const { id = '', form = '', takenAt, pixels } = NAME.exec(name)?.groups ?? {};
    const known = takenAt === undefined ? '' : `?takenAt=${takenAt}&pixels=${pixels}`;
    const url = `${http}/device/v1/evidence/${id}${known}`;
    const deadline = new Deadline(signal, PUT_MS, url);
    try {
      mayReceive(join(this.#dir, name));
      const put = fetch(url, {
        method: 'PUT',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': TYPES[form as EvidenceForm] },
        body: await readFile(join(this.#dir, name)),
        signal: deadline.signal,
      });
      const response = await deadline.within(put);
      await response.body?.cancel();
      if (response.ok) return true;
      onTrouble(`evidence ${id} was answered with ${response.status}`);
      // Asked to come later, or the controller is broken: keep it. Anything else will not change.
      return (
        response.status < 500 && response.status !== 429 && response.status !== 408 && response.status !== 401
      );
    } catch {
      return false;
    } finally {
      deadline.end();
    }
  }

  /** Oldest first: the names are ULIDs. */
  async #names(): Promise<string[]> {
    return (await readdir(this.#dir)).filter((name) => NAME.test(name)).sort();
  }
}
