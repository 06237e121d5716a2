import type { z } from 'zod';
import type { RefusalReason } from '#devices/messages/ack';
import type { Plan, PlanBlob, PlanPointer } from '#devices/plan';
import { Backoff, pause } from './backoff.ts';
import type { BlobFetcher } from './blob-fetcher.ts';
import type { Cache } from './cache.ts';
import { download, WrongContent } from './download.ts';
import { neededBlobs } from './needed-files.ts';
import type { PlanStore } from './plan-store.ts';
import { diskTrouble } from './whole-file.ts';

export type Pointer = z.infer<typeof PlanPointer>;

export interface SyncDesk {
  /** Root of the device HTTP interface. */
  readonly http: string;
  readonly bearer: string;
  /** Of a board; undefined for what has none. */
  readonly panel: { readonly width: number; readonly height: number } | undefined;
  readonly cache: Cache;
  readonly fetcher: BlobFetcher;
  readonly plans: PlanStore;
  readonly retry: { readonly minMs: number; readonly maxMs: number };
  /** A plan is held whole, with every file it names. */
  readonly onWhole: (plan: Plan, pointer: Pointer) => Promise<void>;
  /** So many bytes of this plan are about to come: what nobody needs may have to go. */
  readonly makeRoom: (plan: Plan, bytes: number) => Promise<void>;
  readonly onRefused: (reason: RefusalReason, pointer: Pointer) => void;
  /** @param what the code of the fault. */
  readonly onTrouble: (what: string, detail: string) => void;
}

const PARALLEL = 2;

/**
 * Makes the plan that is pointed at into one that is held whole. Until then the last good one governs. A newer
 * pointer abandons the work on an older one; files already fetched stay.
 */
export class Sync {
  readonly #desk: SyncDesk;
  #work: { pointer: Pointer; abort: AbortController; done: Promise<void> } | null = null;
  #left = { blobs: 0, bytes: 0 };

  constructor(desk: SyncDesk) {
    this.#desk = desk;
  }

  /** What of a newer plan is still to be fetched; undefined when nothing is. */
  get fetching(): { blobs: number; bytes: number } | undefined {
    return this.#left.blobs > 0 ? { ...this.#left, bytes: Math.max(0, this.#left.bytes) } : undefined;
  }

  /** The hash of the plan that it works on; null when there is nothing to do. */
  get target(): string | null {
    return this.#work?.pointer.sha256 ?? null;
  }

  /** Works on this plan from now on; does nothing when it already does. */
  aim(pointer: Pointer): void {
    const work = this.#work;
    if (work?.pointer.sha256 === pointer.sha256 && work.pointer.revision === pointer.revision) return;
    work?.abort.abort();
    const abort = new AbortController();
    const done = (work?.done ?? Promise.resolve()).then(async () => {
      await this.#converge(pointer, abort.signal);
      if (this.#work?.abort === abort) this.#work = null;
    });
    this.#work = { pointer, abort, done };
  }

  async stop(): Promise<void> {
    const work = this.#work;
    this.#work = null;
    work?.abort.abort();
    await work?.done;
  }

  async #converge(pointer: Pointer, signal: AbortSignal): Promise<void> {
    const { retry, onTrouble } = this.#desk;
    const backoff = new Backoff(retry.minMs, retry.maxMs);
    while (!signal.aborted) {
      try {
        if (await this.#attempt(pointer, signal)) break;
      } catch (error) {
        if (!signal.aborted) onTrouble(diskTrouble(error) ?? 'download-failed', detailOf(error));
      }
      await pause(backoff.next(), signal);
    }
    this.#left = { blobs: 0, bytes: 0 };
  }

  /** True when there is nothing more to try: held whole, or refused for good. */
  async #attempt(pointer: Pointer, signal: AbortSignal): Promise<boolean> {
    const { plans, cache, makeRoom, onWhole, onRefused, panel } = this.#desk;
    await this.#fetchPlan(pointer, signal);
    const read = await plans.read(pointer);
    if (!read.ok) {
      await plans.discard(pointer.sha256);
      onRefused(read.reason, pointer);
      return true;
    }
    const missing = await cache.missing(neededBlobs(read.plan.blobs, panel));
    this.#left = { blobs: missing.length, bytes: missing.reduce((sum, blob) => sum + blob.bytes, 0) };
    if (missing.length > 0) await makeRoom(read.plan, this.#left.bytes);
    await this.#fetchAll(missing, signal);
    if (signal.aborted || (await cache.missing(missing)).length > 0) return signal.aborted;
    await onWhole(read.plan, pointer);
    return true;
  }

  async #fetchPlan(pointer: Pointer, signal: AbortSignal): Promise<void> {
    const { plans, http, bearer } = this.#desk;
    if (await plans.has(pointer.sha256)) return;
    // The pointer's address may only choose the path on the controller that this device was paired with.
    const asked = new URL(pointer.url, `${http}/`);
    const url =
      asked.origin === new URL(http).origin ? asked.href : `${http}/device/v1/plans/${pointer.sha256}`;
    const { sha256, bytes } = pointer;
    await download({ url, bearer, sha256, bytes, path: plans.path(sha256) }, signal);
  }

  async #fetchAll(missing: readonly PlanBlob[], signal: AbortSignal): Promise<void> {
    const queue = [...missing];
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let blob = queue.shift(); blob !== undefined && !signal.aborted; blob = queue.shift()) {
        await this.#fetchBlob(blob, signal).catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    if (failures[0] !== undefined) throw failures[0];
  }

  async #fetchBlob(blob: PlanBlob, signal: AbortSignal): Promise<void> {
    await this.#desk.fetcher.fetch(blob, 'plan', signal, (count) => {
      this.#left.bytes -= count;
    });
    this.#left.blobs -= 1;
  }
}

function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error instanceof WrongContent ? 'wrong content: ' : ''}${error.message}${cause}`;
}
