import type { DeviceClock } from './clock.ts';

/** A program that wakes up later than it meant to by this much was not merely busy. */
const FROZEN_MS = 5_000;
/** More is not remembered: who froze so often has other troubles. */
const MOST = 50;

/** What kept this device from playing, since its power came: for the reasons of what it missed. Times are monotonic, ms. */
export class Hindrance {
  readonly #clock: DeviceClock;
  /** Since when it can play at all: what was due before was due while the device was off or starting. */
  #readyAt = Number.POSITIVE_INFINITY;
  #clockRightAt = Number.NEGATIVE_INFINITY;
  readonly #frozen: { from: number; to: number }[] = [];

  constructor(clock: DeviceClock) {
    this.#clock = clock;
  }

  ready(): void {
    this.#readyAt = this.#clock.base.monotonicMs();
  }

  /** The clock was found wrong by more than a moment, and is right from now on. */
  clockSet(): void {
    this.#clockRightAt = this.#clock.base.monotonicMs();
  }

  /** The program meant to wake up at `meantAt`, and does so now. */
  woke(meantAt: number): void {
    const now = this.#clock.base.monotonicMs();
    if (now - meantAt < FROZEN_MS) return;
    this.#frozen.push({ from: meantAt, to: now });
    if (this.#frozen.length > MOST) this.#frozen.shift();
  }

  /** Whether a moment, epoch ms, was before one of the monotonic clock. */
  before(at: number, monotonicMs: number): boolean {
    return this.#clock.monotonicAt(at) < monotonicMs;
  }

  /** Why what was due at a moment, epoch ms, could not begin then; null when nothing is known against it. */
  at(at: number): 'powered-off' | 'clock-unsynced' | 'frozen' | null {
    const { lostSince } = this.#clock;
    if (this.before(at, this.#readyAt)) {
      return lostSince !== null && at >= lostSince ? 'clock-unsynced' : 'powered-off';
    }
    if (this.before(at, this.#clockRightAt)) return 'clock-unsynced';
    const moment = this.#clock.monotonicAt(at);
    // What was due a little before it froze could still have begun late, and did not because of that.
    const within = this.#frozen.some(({ from, to }) => moment >= from - FROZEN_MS && moment <= to);
    return within ? 'frozen' : null;
  }
}
