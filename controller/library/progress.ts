import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { AssetStage } from '../http/contract/library.ts';

export type Stage = z.infer<typeof AssetStage>;
export interface Progress {
  readonly asset: string;
  readonly stage: Stage;
  /** Of the stage, 0 to 1. */
  readonly ratio: number;
}
export type ProgressListener = (progress: Progress) => void;

/** More often a person cannot read it. */
const EVERY_MS = 250;

/** How far each file on its way in has come. Kept in memory: a restart begins the stage anew. */
export class ProgressBoard {
  readonly #clock: Clock;
  readonly #now = new Map<string, Progress>();
  readonly #toldAt = new Map<string, number>();
  readonly #listeners = new Set<ProgressListener>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether this is the first word of a new stage. */
  tell(asset: string, stage: Stage, ratio: number): boolean {
    const before = this.#now.get(asset);
    const fresh = before?.stage !== stage;
    const progress = { asset, stage, ratio };
    this.#now.set(asset, progress);
    const now = this.#clock.now();
    if (fresh || ratio >= 1 || now - (this.#toldAt.get(asset) ?? 0) >= EVERY_MS) {
      this.#toldAt.set(asset, now);
      for (const listener of this.#listeners) listener(progress);
    }
    return fresh;
  }

  end(asset: string): void {
    this.#now.delete(asset);
    this.#toldAt.delete(asset);
  }

  of(asset: string): Progress | undefined {
    return this.#now.get(asset);
  }

  /** @returns a function that ends the listening. */
  listen(listener: ProgressListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
