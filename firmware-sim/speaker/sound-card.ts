import type { BaseClock } from '../clock.ts';

/** What every decoder delivers and the card takes: 48 kHz, one channel, 16 bits. */
export const RATE = 48_000;
export const framesOf = (ms: number): number => Math.round((ms * RATE) / 1000);
export const msOf = (frames: number): number => (frames * 1000) / RATE;

/**
 * A simulated sound card: it free-runs from its start, and frame `f` leaves it at `c0 + f/48000` s of the
 * device's monotonic clock, whether or not somebody wrote it in time. What was not there leaves as silence.
 * So a late program is heard late, and is measured late.
 */
export class SoundCard {
  readonly #clock: BaseClock;
  #c0 = 0;

  constructor(clock: BaseClock) {
    this.#clock = clock;
  }

  start(): void {
    this.#c0 = this.#clock.monotonicMs();
  }

  /** The next frame to leave. */
  pointer(): number {
    return Math.ceil(((this.#clock.monotonicMs() - this.#c0) * RATE) / 1000);
  }

  /** When a frame leaves, in ms of the monotonic clock. */
  monotonicAt(frame: number): number {
    return this.#c0 + msOf(frame);
  }

  frameAt(monotonicMs: number): number {
    return framesOf(monotonicMs - this.#c0);
  }
}
