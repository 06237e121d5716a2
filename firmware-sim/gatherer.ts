import type { Rendition } from '#devices/broadcast';
import { Backoff, pause } from './backoff.ts';
import type { BlobFetcher, Wish } from './blob-fetcher.ts';
import type { Cache } from './cache.ts';
import type { DeviceClock } from './clock.ts';
import { NotThere } from './download.ts';

export interface GathererDesk {
  readonly clock: DeviceClock;
  readonly cache: Pick<Cache, 'missing'>;
  readonly fetcher: Pick<BlobFetcher, 'fetch'>;
  readonly wish: Wish;
  /** How long to wait before it is asked again. */
  readonly retry: { readonly minMs: number; readonly maxMs: number };
  readonly onTrouble: (detail: string) => void;
}

const PARALLEL = 2;
/** Then it is asked again, from where it got to. */
const LONGEST_FETCH_MS = 10 * 60_000;

/** Gets files that are in no plan, again and again until they are here or it is too late. */
export class Gatherer {
  readonly #desk: GathererDesk;

  constructor(desk: GathererDesk) {
    this.#desk = desk;
  }

  /**
   * @param until epoch ms. @param onMissing the controller said that it has not got one; asked again all the same.
   * @returns whether every file is here and right.
   */
  async gather(
    files: readonly Rendition[],
    until: number,
    signal: AbortSignal,
    onMissing?: () => void,
  ): Promise<boolean> {
    const { cache, clock, retry, onTrouble } = this.#desk;
    const backoff = new Backoff(retry.minMs, retry.maxMs);
    let told = false;
    while (!signal.aborted) {
      const missing = await cache.missing(files);
      if (missing.length === 0) return true;
      const leftMs = until - clock.now();
      if (leftMs <= 0) return false;
      const failures = await within(leftMs, signal, (limited) => this.#fetchAll(missing, limited));
      if (failures.length === 0) continue;
      for (const failure of failures) onTrouble(failure instanceof Error ? failure.message : String(failure));
      if (!told && failures.some((failure) => failure instanceof NotThere)) {
        told = true;
        onMissing?.();
      }
      await pause(Math.min(backoff.next(), leftMs), signal);
    }
    return false;
  }

  async #fetchAll(
    missing: readonly Pick<Rendition, 'sha256' | 'bytes'>[],
    signal: AbortSignal,
  ): Promise<unknown[]> {
    const queue = [...missing];
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let file = queue.shift(); file !== undefined && !signal.aborted; file = queue.shift()) {
        await this.#desk.fetcher
          .fetch(file, this.#desk.wish, signal)
          .catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    return failures;
  }
}

/** Calls work off when it takes too long, or when what it is for is called off. */
async function within<T>(
  ms: number,
  outer: AbortSignal,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const control = new AbortController();
  const off = (): void => control.abort(outer.reason);
  outer.addEventListener('abort', off);
  if (outer.aborted) off();
  const timer = setTimeout(off, Math.min(ms, LONGEST_FETCH_MS));
  try {
    return await act(control.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', off);
  }
}
