import type { PlanBlob } from '#devices/plan';
import type { Cache } from './cache.ts';
import { download } from './download.ts';

/** Why a file is wanted. What comes later in this list goes first, and what comes before it waits meanwhile. */
const WISHES = ['plan', 'stored', 'now'] as const;
/** For a day that is to come, for an emergency that may come, or because somebody waits to hear it. */
export type Wish = (typeof WISHES)[number];

export interface BlobFetcherDesk {
  /** Root of the device HTTP interface, and the credential for it. */
  readonly http: string;
  readonly bearer: string;
  readonly cache: Cache;
}

interface Asked {
  readonly urgency: number;
  readonly over: Promise<void>;
}

interface UnderWay {
  readonly urgency: number;
  readonly work: Promise<void>;
  readonly interrupt: AbortController;
}

/**
 * Brings files into the cache, whoever wants them: never the same one twice at a time, and what is wanted now before what
 * is wanted some day. A download that must wait keeps what it has, and goes on from there.
 */
export class BlobFetcher {
  readonly #desk: BlobFetcherDesk;
  readonly #asked = new Set<Asked>();
  readonly #underWay = new Map<string, UnderWay>();

  constructor(desk: BlobFetcherDesk) {
    this.#desk = desk;
  }

  /** @throws as `download` does; rejects when called off. */
  async fetch(
    file: Pick<PlanBlob, 'sha256' | 'bytes'>,
    wish: Wish,
    signal: AbortSignal,
    onBytes?: (count: number) => void,
  ): Promise<void> {
    const urgency = WISHES.indexOf(wish);
    let end = (): void => undefined;
    const asked = { urgency, over: new Promise<void>((resolve) => (end = resolve)) };
    this.#asked.add(asked);
    for (const other of this.#underWay.values()) if (other.urgency < urgency) other.interrupt.abort();
    try {
      while (!(await this.#try(file, urgency, signal, onBytes)));
    } finally {
      this.#asked.delete(asked);
      end();
    }
  }

  /** False when something more urgent came between. */
  async #try(
    { sha256, bytes }: Pick<PlanBlob, 'sha256' | 'bytes'>,
    urgency: number,
    signal: AbortSignal,
    onBytes?: (count: number) => void,
  ): Promise<boolean> {
    const { http, bearer, cache } = this.#desk;
    for (let wait = this.#waitFor(sha256, urgency); wait !== undefined; ) {
      await unlessCalledOff(wait, signal);
      if (cache.has(sha256)) return true;
      wait = this.#waitFor(sha256, urgency);
    }
    const url = `${http}/device/v1/blobs/${sha256}`;
    const wanted = { url, bearer, sha256, bytes, path: cache.path(sha256) };
    const interrupt = new AbortController();
    const calledOff = (): void => interrupt.abort(signal.reason);
    signal.addEventListener('abort', calledOff);
    if (signal.aborted) calledOff();
    const work = download({ ...wanted, ...(onBytes === undefined ? {} : { onBytes }) }, interrupt.signal);
    this.#underWay.set(sha256, { urgency, work, interrupt });
    try {
      await work;
      return true;
    } catch (error) {
      if (interrupt.signal.aborted && !signal.aborted) return false;
      throw error;
    } finally {
      signal.removeEventListener('abort', calledOff);
      this.#underWay.delete(sha256);
    }
  }

  /** What must be over first: the same file by somebody else, or a more urgent one. */
  #waitFor(sha256: string, urgency: number): Promise<void> | undefined {
    const same = this.#underWay.get(sha256);
    if (same !== undefined) return same.work;
    for (const other of this.#asked) if (other.urgency > urgency) return other.over;
    return undefined;
  }
}

/** Waits for somebody else's work, whatever becomes of it. */
function unlessCalledOff(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const off = (): void => reject(signal.reason);
    if (signal.aborted) off();
    signal.addEventListener('abort', off, { once: true });
    const on = (): void => {
      signal.removeEventListener('abort', off);
      resolve();
    };
    work.then(on, on);
  });
}
