import { ulid } from 'ulid';
import { Backoff } from '#devices/backoff';
import type { Database } from './database.ts';
import { pause } from './pause.ts';

/** Pictures that wait for a link; when there are more, the oldest is given up: a record says more than a picture. */
const MOST = 20;
/** A picture over a slow link takes its time. */
const PUT_MS = 60_000;

export interface EvidenceDesk {
  readonly database: Database;
  readonly http: string;
  readonly bearer: string;
  readonly onTrouble: (detail: string) => void;
}

/** Carries pictures up, each under an id of its own, again and again until one answer is final. */
export class EvidencePost {
  readonly #desk: EvidenceDesk;
  #abort = new AbortController();
  #work: Promise<void> | null = null;

  constructor(desk: EvidenceDesk) {
    this.#desk = desk;
  }

  start(): void {
    this.#carry();
  }

  stop(): void {
    this.#abort.abort();
  }

  /** There is a link again: what waits is not kept waiting. */
  tryNow(): void {
    if (this.#work === null) return;
    this.#abort.abort();
    this.#abort = new AbortController();
    void this.#work.then(() => this.#carry());
  }

  /** An id to put into a record before the picture itself is made. */
  newId(): string {
    return ulid();
  }

  /** Keeps a picture to be carried up; resolves when it is on the disk. @param takenAt epoch ms. */
  async keep(id: string, picture: { png: Blob; pixels: string }, takenAt: number): Promise<void> {
    const { database } = this.#desk;
    await database.put('evidence', { ...picture, takenAt }, id);
    const ids = await database.getAllKeys('evidence');
    for (const old of ids.slice(0, Math.max(0, ids.length - MOST))) await database.delete('evidence', old);
    this.#carry();
  }

  #carry(): void {
    if (this.#abort.signal.aborted) return;
    this.#work ??= this.#carryAll(this.#abort.signal)
      .catch((error: unknown) => this.#desk.onTrouble(String(error)))
      .finally(() => {
        this.#work = null;
      });
  }

  async #carryAll(signal: AbortSignal): Promise<void> {
    const { database } = this.#desk;
    const backoff = new Backoff(1_000, 60_000);
    while (!signal.aborted) {
      const cursor = await database.transaction('evidence').store.openCursor();
      if (cursor === null) return;
      if (await this.#put(cursor.key, cursor.value, signal)) {
        await database.delete('evidence', cursor.key);
        backoff.reset();
      } else {
        await pause(backoff.next(), signal);
      }
    }
  }

  /** True when there is nothing more to try. */
  async #put(
    id: string,
    { png, takenAt, pixels }: { png: Blob; takenAt: number; pixels: string },
    signal: AbortSignal,
  ): Promise<boolean> {
    const { http, bearer, onTrouble } = this.#desk;
    try {
      const response = await fetch(
        `${http}/device/v1/evidence/${id}?takenAt=${Math.round(takenAt)}&pixels=${pixels}`,
        {
          method: 'PUT',
          headers: { authorization: `Bearer ${bearer}`, 'content-type': 'image/png' },
          body: png,
          signal: AbortSignal.any([signal, AbortSignal.timeout(PUT_MS)]),
        },
      );
      if (response.ok) return true;
      onTrouble(`evidence ${id} was answered with ${response.status}`);
      // Asked to come later, or the controller is broken: keep it. Anything else will not change.
      const { status } = response;
      return status < 500 && status !== 429 && status !== 408 && status !== 401;
    } catch {
      return false;
    }
  }
}
