import { type ClockEstimate, errorAt } from '#devices/clock-filter';

/** What the hardware gives: a counter that only goes up, and a battery clock that may be wrong. Milliseconds. */
export interface BaseClock {
  monotonicMs(): number;
  wallMs(): number;
}

export const systemClock: BaseClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};

/** A worse crystal: the battery clock off by `offsetMs`, both running fast by `driftPpm`. For tests and fleets. */
export function skewedClock(base: BaseClock, fault: { offsetMs?: number; driftPpm?: number }): BaseClock {
  const rate = 1 + (fault.driftPpm ?? 0) * 1e-6;
  const mono0 = base.monotonicMs();
  const monotonicMs = (): number => mono0 + (base.monotonicMs() - mono0) * rate;
  const wall0 = base.wallMs() + (fault.offsetMs ?? 0);
  return { monotonicMs, wallMs: () => wall0 + monotonicMs() - mono0 };
}

/** The bound that a clock has before it was ever compared with the controller's: nobody knows, so a minute. */
const UNSYNCED_ERROR_MS = 60_000;

/** The device's time: monotonic underneath, moved to UTC by the last exchange with the controller. */
export class DeviceClock {
  readonly base: BaseClock;
  #offsetMs: number;
  #estimate: ClockEstimate | null = null;
  #measuredOffsetMs = 0;

  /** @param correctionMs what the battery clock was off by when last measured, kept over restarts. */
  constructor(base: BaseClock, correctionMs = 0) {
    this.base = base;
    this.#offsetMs = base.wallMs() - base.monotonicMs() + correctionMs;
    this.#measuredOffsetMs = -correctionMs;
  }

  /** Epoch ms. */
  now(): number {
    return this.utcAt(this.base.monotonicMs());
  }

  utcAt(monotonicMs: number): number {
    return monotonicMs + this.#offsetMs;
  }

  monotonicAt(utcMs: number): number {
    return utcMs - this.#offsetMs;
  }

  get estimate(): ClockEstimate | null {
    return this.#estimate;
  }

  get synced(): boolean {
    return this.#estimate !== null;
  }

  /** Bound of the error now, in ms. */
  get errorMs(): number {
    return this.#estimate === null ? UNSYNCED_ERROR_MS : errorAt(this.#estimate, this.base.monotonicMs());
  }

  /** How far the battery clock is ahead of the controller's, as last measured. */
  get wallOffsetMs(): number {
    return this.#measuredOffsetMs;
  }

  adopt(estimate: ClockEstimate): void {
    this.#estimate = estimate;
    this.#offsetMs = estimate.offsetMs;
    this.#measuredOffsetMs = this.base.wallMs() - this.now();
  }
}
