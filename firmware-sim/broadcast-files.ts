import { type Broadcast, type Rendition, renditionsFor } from '#devices/broadcast';
import type { MediaType, PlanOccurrence } from '#devices/plan';
import type { Cache } from './cache.ts';
import type { Gatherer } from './gatherer.ts';
import { broughtWith, filesFor } from './needed-files.ts';

export interface BroadcastFilesDesk {
  /** What this device can play or show. */
  readonly types: ReadonlySet<MediaType>;
  /** Of a board; undefined for what has none. */
  readonly panel: { readonly width: number; readonly height: number } | undefined;
  readonly cache: Pick<Cache, 'has' | 'put'>;
  readonly gatherer: Gatherer;
  readonly onTrouble: (error: unknown) => void;
}

/** The files of broadcasts: those that come with the order, and those that are to be fetched. */
export class BroadcastFiles {
  readonly #desk: BroadcastFilesDesk;
  /** What is being fetched again. */
  readonly #again = new Map<string, { readonly abort: AbortController; readonly work: Promise<void> }>();

  constructor(desk: BroadcastFilesDesk) {
    this.#desk = desk;
  }

  of(broadcast: Broadcast): Rendition[] {
    const { types, panel } = this.#desk;
    return filesFor(broadcast, types, panel);
  }

  /** On a board: the scene itself is here, though a picture that it names may not be. */
  showable(broadcast: Broadcast): boolean {
    const { types, panel, cache } = this.#desk;
    return panel !== undefined && renditionsFor(broadcast, types).every(({ sha256 }) => cache.has(sha256));
  }

  whole(broadcast: Broadcast): boolean {
    return this.of(broadcast).every(({ sha256 }) => this.#desk.cache.has(sha256));
  }

  /** Something of it is here. */
  anyOf({ parts }: PlanOccurrence): boolean {
    return parts.some(({ sha256 }) => this.#desk.cache.has(sha256));
  }

  /** Keeps what the order brought with it: it is here from now on. */
  take(broadcast: Broadcast): void {
    const { types, cache, onTrouble } = this.#desk;
    for (const { sha256, bytes } of broughtWith(broadcast, types)) {
      cache.put(sha256, bytes).catch(onTrouble);
    }
  }

  /** One of them is gone from the cache while it is on the air since `t0`. */
  again(sha256: string, broadcast: Broadcast, t0: number): void {
    const file = this.of(broadcast).find((one) => one.sha256 === sha256);
    if (file === undefined || this.#again.has(sha256)) return;
    this.take(broadcast);
    const abort = new AbortController();
    const until = t0 + Math.max(...broadcast.parts.map(({ offsetMs, durationMs }) => offsetMs + durationMs));
    const work = this.#desk.gatherer
      .gather([file], until, abort.signal)
      .then(() => undefined, this.#desk.onTrouble)
      .finally(() => this.#again.delete(sha256));
    this.#again.set(sha256, { abort, work });
  }

  async stop(): Promise<void> {
    const work = [...this.#again.values()];
    for (const { abort } of work) abort.abort();
    await Promise.all(work.map((one) => one.work));
  }

  /** As {@link Gatherer.gather}. */
  gather(broadcast: Broadcast, until: number, signal: AbortSignal, onMissing?: () => void): Promise<boolean> {
    return this.#desk.gatherer.gather(this.of(broadcast), until, signal, onMissing);
  }
}
