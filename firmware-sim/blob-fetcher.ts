import type { PlanBlob } from '#devices/plan';
import type { Cache } from './cache.ts';
import { download } from './download.ts';

export interface BlobFetcherDesk {
  /** Root of the device HTTP interface, and the credential for it. */
  readonly http: string;
  readonly bearer: string;
  readonly cache: Cache;
}

/** Brings files into the cache, whoever wants them: never the same one twice at a time. */
export class BlobFetcher {
  readonly #desk: BlobFetcherDesk;
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(desk: BlobFetcherDesk) {
    this.#desk = desk;
  }

  /** @throws as `download` does; rejects when called off. */
  async fetch(
    { sha256, bytes }: Pick<PlanBlob, 'sha256' | 'bytes'>,
    signal: AbortSignal,
    onBytes?: (count: number) => void,
  ): Promise<void> {
    const { http, bearer, cache } = this.#desk;
    for (let other = this.#underWay.get(sha256); other !== undefined; other = this.#underWay.get(sha256)) {
      await unlessCalledOff(other, signal);
      if (cache.has(sha256)) return;
    }
    const url = `${http}/device/v1/blobs/${sha256}`;
    const wanted = { url, bearer, sha256, bytes, path: cache.path(sha256) };
    const work = download({ ...wanted, ...(onBytes === undefined ? {} : { onBytes }) }, signal).finally(() =>
      this.#underWay.delete(sha256),
    );
    this.#underWay.set(sha256, work);
    await work;
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
