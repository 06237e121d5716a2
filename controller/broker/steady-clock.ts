/** A wall clock that is off by more than this was set, and is followed at once; by less, slowly. */
const STEP_MS = 100;
/** Reading a clock of whole milliseconds leaves one unknown; within two there is nothing to correct. */
const DEAD_BAND_MS = 2;
/** So slowly that no device's crystal seems to leave its bounds: 50 ppm. */
const SLEW = 50e-6;

/** So many of the edges between two milliseconds are looked at to begin with. */
const EDGES = 5;

export interface ClockSource {
  /** Epoch ms, whole; may be set at any time. */
  wallMs(): number;
  /** Only goes up; finer than a microsecond. */
  monotonicMs(): number;
}

const machine: ClockSource = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

/**
 * The time that devices are told: UTC with a fraction of a millisecond, on the machine's steady counter. When the wall
 * clock is set by a little, as time daemons do, the village is led there slowly and stays in step; when it is set by
 * more, it is followed at once.
 */
export class SteadyClock {
  readonly #source: ClockSource;
  #at: number;
  #utc: number;

  constructor(source: ClockSource = machine) {
    this.#source = source;
    this.#utc = Number.NEGATIVE_INFINITY;
    this.#at = source.monotonicMs();
    for (let edge = 0; edge < EDGES; edge += 1) this.#readEdge();
  }

  /**
   * At the edge between two milliseconds the wall clock is exact; the next one is at most a millisecond away. A machine that
   * stops the program between the two readings can only make the time seem earlier, so the latest of several is right.
   */
  #readEdge(): void {
    const before = this.#source.wallMs();
    let wall = before;
    for (let looks = 0; wall === before && looks < 1_000_000; looks += 1) wall = this.#source.wallMs();
    const at = this.#source.monotonicMs();
    this.#utc = Math.max(wall, this.#utc + at - this.#at);
    this.#at = at;
  }

  /** Epoch ms. */
  now(): number {
    const at = this.#source.monotonicMs();
    const elapsed = at - this.#at;
    this.#at = at;
    this.#utc += elapsed;
    const behind = this.#source.wallMs() + 0.5 - this.#utc;
    if (Math.abs(behind) > STEP_MS) this.#utc += behind;
    else if (Math.abs(behind) > DEAD_BAND_MS) {
      this.#utc += Math.sign(behind) * Math.min(Math.abs(behind), elapsed * SLEW);
    }
    return this.#utc;
  }
}

/** Of this thread. */
export const steadyClock = new SteadyClock();
