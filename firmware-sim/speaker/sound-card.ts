import type { BaseClock } from '../clock.ts';
import type { Card } from './card.ts';

/** What every decoder delivers and the card takes: 48 kHz, one channel, 16 bits. */
export const RATE = 48_000;
export const framesOf = (ms: number): number => Math.round((ms * RATE) / 1000);
export const msOf = (frames: number): number => (frames * 1000) / RATE;

/**
 * A simulated sound card: it free-runs from its start by a crystal of its own, and frame `f` leaves it at its moment
 * whether or not somebody wrote it in time. What was not there leaves as silence. So a late program is heard late,
 * and is measured late. The samples themselves go nowhere: what is kept of them is what the speaker lets be heard.
 */
export class SoundCard implements Card {
  readonly tickMs = 200;
  readonly #clock: BaseClock;
  /** Frames in a millisecond of the device's monotonic clock. */
  readonly #pace: number;
  #c0 = 0;

  /** @param cardPpm how much its crystal runs fast, by the device's monotonic clock. */
  constructor(clock: BaseClock, cardPpm = 0) {
    this.#clock = clock;
    this.#pace = (RATE / 1000) * (1 + cardPpm * 1e-6);
  }

  async start(): Promise<void> {
    this.#c0 = this.#clock.monotonicMs();
  }

  async stop(): Promise<void> {}

  pointer(): number {
    return Math.ceil(this.frameAt(this.#clock.monotonicMs()));
  }

  monotonicAt(frame: number): number {
    return this.#c0 + frame / this.#pace;
  }

  frameAt(monotonicMs: number): number {
    return (monotonicMs - this.#c0) * this.#pace;
  }

  put(): void {}
}
