import { Backoff } from '#devices/backoff';
import { pause } from './pause.ts';
import type { Shelf } from './shelf.ts';
import { WrongContent } from './shelf.ts';

export interface Wanted {
  readonly sha256: string;
  readonly bytes: number;
}

/** The controller says that it has no such file. It may have it later. */
export class NotThere extends Error {}

export interface FetcherDesk {
  readonly http: string;
  readonly bearer: string;
  readonly shelf: Shelf;
  readonly now: () => number;
  readonly onTrouble: (what: string, detail: string) => void;
}

const PARALLEL = 2;
const SOONEST_MS = 250;
const LATEST_MS = 30_000;
/** Without a byte for this long a connection is dead. */
const STALL_MS = 30_000;
/** So much of unfinished files is kept to be resumed. */
const MOST_UNFINISHED = 4;

/**
 * Fetches files that are named by their hash. What came of a file before the line broke is kept while the page lives, and
 * the rest is asked for.
 */
export class Fetcher {
  readonly #desk: FetcherDesk;
  readonly #unfinished = new Map<string, Uint8Array<ArrayBuffer>[]>();
  readonly #fetching = new Map<string, Promise<void>>();

  constructor(desk: FetcherDesk) {
    this.#desk = desk;
  }

  /** A small document, whole. @throws when it is not what its hash says. */
  async document(
    path: string,
    { sha256, bytes }: Wanted,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    await this.#receive(path, { sha256, bytes }, chunks, signal);
    return join(chunks);
  }

  /**
   * Gets files, again and again, until they are here or the signal aborts.
   * @param onMissing the controller said that it has not got one; asked again all the same. @returns whether all are here.
   */
  async gather(files: readonly Wanted[], signal: AbortSignal, onMissing?: () => void): Promise<boolean> {
    const backoff = new Backoff(SOONEST_MS, LATEST_MS);
    for (;;) {
      const missing = this.#desk.shelf.missing(files);
      if (missing.length === 0) return true;
      if (signal.aborted) return false;
      const failures = await this.#all(missing, signal);
      if (signal.aborted || failures.length === 0) continue;
      if (failures.some((failure) => failure instanceof NotThere)) onMissing?.();
      const [first] = failures;
      this.#desk.onTrouble('download-failed', first instanceof Error ? first.message : String(first));
      await pause(backoff.next(), signal);
    }
  }

  async #all(missing: readonly Wanted[], signal: AbortSignal): Promise<unknown[]> {
    const queue = [...missing];
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let file = queue.shift(); file !== undefined && !signal.aborted; file = queue.shift()) {
        await this.#one(file, signal).catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    return failures;
  }

  /** What somebody fetches already is waited for, and asked for anew if it does not come. */
  async #one(file: Wanted, signal: AbortSignal): Promise<void> {
    await this.#fetching.get(file.sha256)?.catch(() => undefined);
    if (this.#desk.shelf.has(file.sha256)) return;
    const work = this.#fetch(file, signal);
    this.#fetching.set(file.sha256, work);
    try {
      await work;
    } finally {
      if (this.#fetching.get(file.sha256) === work) this.#fetching.delete(file.sha256);
    }
  }

  async #fetch(file: Wanted, signal: AbortSignal): Promise<void> {
    const chunks = this.#unfinished.get(file.sha256) ?? [];
    this.#unfinished.set(file.sha256, chunks);
    const [oldest] = this.#unfinished.keys();
    if (this.#unfinished.size > MOST_UNFINISHED && oldest !== undefined) this.#unfinished.delete(oldest);
    await this.#receive(`/device/v1/blobs/${file.sha256}`, file, chunks, signal);
    this.#unfinished.delete(file.sha256);
    await this.#desk.shelf.put(file.sha256, join(chunks), this.#desk.now());
  }

  async #receive(
    path: string,
    { bytes }: Wanted,
    chunks: Uint8Array<ArrayBuffer>[],
    signal: AbortSignal,
  ): Promise<void> {
    let have = sizeOf(chunks);
    const stalled = new AbortController();
    const control = AbortSignal.any([signal, stalled.signal]);
    let timer = setTimeout(() => stalled.abort(), STALL_MS);
    try {
      const headers = {
        authorization: `Bearer ${this.#desk.bearer}`,
        ...(have > 0 ? { range: `bytes=${have}-` } : {}),
      };
      const response = await fetch(`${this.#desk.http}${path}`, {
        headers,
        signal: control,
        cache: 'no-store',
      });
      if (response.status === 200) {
        chunks.length = 0;
        have = 0;
      } else if (response.status !== 206 || !startsAt(response, have)) {
        if (response.status === 416) chunks.length = 0;
        const Failure = response.status === 404 || response.status === 410 ? NotThere : Error;
        throw new Failure(`${path} answered ${response.status}`);
      }
      const reader = response.body?.getReader();
      for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
        clearTimeout(timer);
        timer = setTimeout(() => stalled.abort(), STALL_MS);
        have += read.value.length;
        if (have > bytes) {
          chunks.length = 0;
          stalled.abort();
          throw new WrongContent(`${path} is longer than its ${bytes} bytes`);
        }
        chunks.push(read.value);
      }
    } finally {
      clearTimeout(timer);
    }
    if (have !== bytes) throw new WrongContent(`${path} ended after ${have} of ${bytes} bytes`);
  }
}

const startsAt = (response: Response, from: number): boolean =>
  response.headers.get('content-range')?.startsWith(`bytes ${from}-`) ?? false;

const sizeOf = (chunks: readonly Uint8Array[]): number => chunks.reduce((sum, { length }) => sum + length, 0);

function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(sizeOf(chunks));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
