/** How a card's position is to be believed. */
export interface LineOptions {
  /** One reading is kept of each stretch this long, ms: the least late. */
  readonly windowMs: number;
  /** Readings older than this are forgotten, ms: a crystal's rate moves with its temperature. */
  readonly horizonMs: number;
  /** What is usual between a kept reading and the truth, in frames. */
  readonly noiseFrames: number;
}

interface Reading {
  readonly ms: number;
  readonly frame: number;
}

/** Crystals are within so much of what is printed on them: 100 ppm, one sigma. */
const CRYSTAL = 100e-6;
/** What is still unsure of a rate that was measured before the card stopped and began again. */
const MEASURED = 2e-6;
const MEASURED_AFTER_MS = 10_000;

/**
 * The straight line of a card's frames against the monotonic clock. A reading may be late, because the program was held
 * up after the card answered or because the card moves its position in steps, but never early; so of each window the
 * furthest reading counts, and a line goes through those by least squares, in which late ones count little. The rate is
 * the nominal one as long as the readings know no better (a Gaussian prior).
 */
export class CardLine {
  readonly #options: LineOptions;
  readonly #nominal: number;
  #readings: Reading[] = [];
  #best: Reading | null = null;
  #windowEnd = 0;
  #prior: { rate: number; sigma: number };
  #rate: number;
  #center: Reading | null = null;

  /** @param rate nominal, frames per second. */
  constructor(rate: number, options: LineOptions) {
    this.#options = options;
    this.#nominal = rate / 1000;
    this.#rate = this.#nominal;
    this.#prior = { rate: this.#nominal, sigma: CRYSTAL };
  }

  /** Whether anything is known yet. */
  get anchored(): boolean {
    return this.#center !== null;
  }

  /** What the card's crystal is off by, as far as it is known. */
  get driftPpm(): number {
    return (this.#rate / this.#nominal - 1) * 1e6;
  }

  /** How long it has been read without a break, ms. */
  get spanMs(): number {
    const first = this.#readings[0];
    return first === undefined ? 0 : (this.#best ?? first).ms - first.ms;
  }

  /** A reading: at `ms` at least `frame` frames had left. */
  observe(ms: number, frame: number): void {
    if (this.#center === null || (this.#best === null && this.#readings.length === 0)) {
      this.#center = { ms, frame };
      this.#windowEnd = ms + this.#options.windowMs;
    } else if (ms >= this.#windowEnd) {
      if (this.#best !== null) this.#readings.push(this.#best);
      this.#best = null;
      this.#windowEnd = ms + this.#options.windowMs;
      const oldest = ms - this.#options.horizonMs;
      while ((this.#readings[0]?.ms ?? ms) < oldest) this.#readings.shift();
    }
    if (this.#best !== null && frame - this.#best.frame <= (ms - this.#best.ms) * this.#rate) return;
    this.#best = { ms, frame };
    this.#fit();
  }

  /** The card stopped and begins anew: its rate is remembered, its place is not. Until read again, the old line holds. */
  restart(): void {
    if (this.spanMs > MEASURED_AFTER_MS) this.#prior = { rate: this.#rate, sigma: MEASURED };
    this.#readings = [];
    this.#best = null;
  }

  monotonicAt(frame: number): number {
    const { ms, frame: center } = this.#anchor();
    return ms + (frame - center) / this.#rate;
  }

  frameAt(ms: number): number {
    const { ms: center, frame } = this.#anchor();
    return frame + (ms - center) * this.#rate;
  }

  #anchor(): Reading {
    if (this.#center === null) throw new Error('the sound card was asked for a time before it was started');
    return this.#center;
  }

  #fit(): void {
    const all = this.#best === null ? this.#readings : [...this.#readings, this.#best];
    const { noiseFrames } = this.#options;
    let weights = all.map(() => 1);
    for (let round = 0; round < 3; round += 1) {
      this.#leastSquares(all, weights);
      weights = all.map(({ ms, frame }) => {
        const late = Math.max(0, this.frameAt(ms) - frame) / noiseFrames;
        return 1 / (1 + late * late);
      });
    }
  }

  #leastSquares(all: readonly Reading[], weights: readonly number[]): void {
    // From the last reading, so that the squares stay small after months.
    const origin = all.at(-1);
    if (origin === undefined) return;
    const sums = { weight: 0, ms: 0, frame: 0 };
    all.forEach(({ ms, frame }, index) => {
      const weight = weights[index] ?? 0;
      sums.weight += weight;
      sums.ms += weight * (ms - origin.ms);
      sums.frame += weight * (frame - origin.frame);
    });
    const ms = origin.ms + sums.ms / sums.weight;
    const frame = origin.frame + sums.frame / sums.weight;
    const { rate, sigma } = this.#prior;
    let squares = (this.#options.noiseFrames / (sigma * this.#nominal)) ** 2;
    let products = 0;
    all.forEach((reading, index) => {
      const weight = weights[index] ?? 0;
      const run = reading.ms - ms;
      squares += weight * run * run;
      products += weight * run * (reading.frame - frame - rate * run);
    });
    this.#rate = rate + products / squares;
    this.#center = { ms, frame };
  }
}
