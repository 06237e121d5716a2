import {
  type ClockEstimate,
  type ClockKnowledge,
  driftPpmOf,
  type Exchange,
  errorAt,
  learn,
  momentAt,
  utcAt,
} from './clock-filter.ts';

/** What the hardware gives: a counter that only goes up, and a battery clock that may be wrong. Milliseconds. */
export interface BaseClock {
  monotonicMs(): number;
  wallMs(): number;
}

/** What is known of the battery clock when the power comes, from before it went. */
export interface Recollection {
  /** What must be added to it, as last measured against the controller; 0 when never. */
  readonly correctionMs: number;
  /** How far it may be off after that, as far as anybody can tell. */
  readonly errorMs: number;
  /** False when it shows a time that cannot be, as after a power cut with an empty battery. */
  readonly plausible: boolean;
}

/** The bound that a clock has before it was ever compared with the controller's: nobody knows, so a minute. */
export const UNSYNCED_ERROR_MS = 60_000;
const NOTHING_KEPT: Recollection = { correctionMs: 0, errorMs: UNSYNCED_ERROR_MS, plausible: true };

/** The device's time: monotonic underneath, moved to UTC by what the exchanges with the controller have taught. */
export class DeviceClock {
  readonly base: BaseClock;
  readonly #kept: Recollection;
  readonly #keptOffsetMs: number;
  readonly #bornAt: number;
  #known: ClockKnowledge | null = null;
  #measuredOffsetMs: number;

  constructor(base: BaseClock, kept: Recollection = NOTHING_KEPT) {
    this.base = base;
    this.#kept = kept;
    this.#bornAt = base.monotonicMs();
    this.#keptOffsetMs = base.wallMs() - this.#bornAt + kept.correctionMs;
    this.#measuredOffsetMs = -kept.correctionMs;
  }

  /** Epoch ms. */
  now(): number {
    return this.utcAt(this.base.monotonicMs());
  }

  utcAt(monotonicMs: number): number {
    return this.#known === null ? monotonicMs + this.#keptOffsetMs : utcAt(this.#known.estimate, monotonicMs);
  }

  monotonicAt(utcMs: number): number {
    return this.#known === null ? utcMs - this.#keptOffsetMs : momentAt(this.#known.estimate, utcMs);
  }

  get estimate(): ClockEstimate | null {
    return this.#known?.estimate ?? null;
  }

  /** It was compared with the controller's since the power came. */
  get synced(): boolean {
    return this.#known !== null;
  }

  /** Good enough to begin something by: compared, or a battery clock that shows a time that can be. */
  get trusted(): boolean {
    return this.synced || this.#kept.plausible;
  }

  /** Since when it showed a time that could not be, epoch ms as far as known by now; null when it never did. */
  get lostSince(): number | null {
    return this.#kept.plausible ? null : this.utcAt(this.#bornAt);
  }

  /** Bound of the error now, in ms. */
  get errorMs(): number {
    return this.#known === null ? this.#kept.errorMs : errorAt(this.#known.estimate, this.base.monotonicMs());
  }

  /** How much the crystal runs fast, by the exchanges; null before the first. */
  get driftPpm(): number | null {
    return this.#known === null ? null : driftPpmOf(this.#known.estimate);
  }

  /** How far the battery clock is ahead of the controller's, as last measured. */
  get wallOffsetMs(): number {
    return this.#measuredOffsetMs;
  }

  /** Takes in a burst of exchanges. @returns by how much the time was moved, ms; null when nothing was learnt. */
  learn(burst: readonly Exchange[]): number | null {
    const known = learn(this.#known, burst);
    if (known === null || known === this.#known) return null;
    const moment = this.base.monotonicMs();
    const before = this.utcAt(moment);
    this.#known = known;
    this.#measuredOffsetMs = this.base.wallMs() - this.now();
    return this.utcAt(moment) - before;
  }
}
