import type { AsRunRecord } from '#devices/as-run';
import { dueMsOf } from '#devices/board/loop';
import { PageTally } from '#devices/board/page-tally';
import type { PlanOccurrence } from '#devices/plan';
import type { Stretch } from '#devices/run-record';
import type { DeviceClock } from '../clock.ts';

/** A page as it has just been lit. */
export interface Lit {
  readonly page: { readonly index: number; readonly of: number; readonly moving: boolean };
  /** Epoch ms; after drawing: that is when the pixels are lit. */
  readonly at: number;
  /** Of the rendered pixels. */
  readonly hash: () => string;
}

/** How a stretch came to its end. */
export interface Ending {
  readonly end: AsRunRecord['end'];
  readonly reason?: string | undefined;
}

/** One stretch of one part, from when it was lit first until it ends or is interrupted, however often it goes round. */
export class Take {
  readonly index: number;
  readonly startedAt: number;
  readonly #occurrence: PlanOccurrence;
  readonly #fromMs: number;
  readonly #clock: { readonly errorMs: number; readonly synced: boolean };
  readonly #tally = new PageTally();
  #rounds = 0;
  #first: string | undefined;
  /** The id of a picture of it. */
  evidence: string | undefined;
  /** It stood since somebody asked last. */
  touched = true;

  /** @param positionMs in the part. */
  constructor(occurrence: PlanOccurrence, index: number, positionMs: number, at: number, clock: DeviceClock) {
    this.#occurrence = occurrence;
    this.index = index;
    this.startedAt = at;
    this.#fromMs = positionMs;
    this.#clock = { errorMs: clock.errorMs, synced: clock.synced };
  }

  /** It comes round, the first time included. */
  comes(): void {
    this.#rounds += 1;
  }

  lit({ page, at, hash }: Lit): void {
    this.touched = true;
    if (!this.#tally.stands(page, at)) return;
    const pixelsSha256 = hash();
    this.#first ??= pixelsSha256;
    this.#tally.proven(page.index, pixelsSha256);
  }

  /** Nothing of it stands from now on, until it comes again. */
  rests(at: number): void {
    this.#tally.ends(at);
  }

  get stands(): boolean {
    return this.#tally.standing !== null;
  }

  stretch(at: number, { end, reason }: Ending, brightness: number): Stretch {
    const goesRound = this.#occurrence.loopMs !== undefined;
    const part = this.#occurrence.parts[this.index];
    const pages = this.#tally.pages(at);
    return {
      partIndex: this.index,
      startedAt: this.startedAt,
      endedAt: at,
      clockErrorMs: this.#clock.errorMs,
      clockSynced: this.#clock.synced,
      ...(goesRound && part !== undefined
        ? { rounds: Math.max(1, this.#rounds), dueMs: dueMsOf(this.#occurrence, part) }
        : { fromMs: this.#fromMs }),
      playedMs: this.#tally.shownMs(at),
      end,
      ...(reason === undefined ? {} : { reason }),
      brightness,
      ...(this.#first === undefined ? {} : { pixelsSha256: this.#first }),
      ...(this.evidence === undefined ? {} : { evidence: this.evidence }),
      ...(pages.length === 0 ? {} : { pages }),
    };
  }
}
