/** One sample of 48 kHz for each packet at most: what devices make up without a sound. */
const SLEW_MS = 1 / 48;
/** Over so many ms of sound the earliest arrival tells where the line is. */
const LONG_MS = 4_000;
/** Over so many ms a packet that is late because of the network is told from sound that is missing. */
const SHORT_MS = 500;
/** Sound that is missing for longer than this is a real gap. */
const GAP_MS = 30;
/** Sound that came so much too early is too much of it. */
const EXCESS_MS = 300;
/** In the beginning the line is still free to move. */
const SETTLING_MS = 1_000;

/** One packet in twenty may come later than what is reckoned with. */
const STRAY_SHARE = 0.05;

interface Arrival {
  readonly at: number;
  slack: number;
  readonly ms: number;
}

/**
 * When each packet of a microphone was spoken, by the microphone's own sample clock: packets come early and late, but
 * the sound in them is even. The line goes on by each packet's length and leans on the earliest arrivals, since nothing
 * comes before it was spoken; it follows the difference of two clocks by a sample for each packet, and jumps only where
 * sound is really missing.
 */
export class ArrivalLine {
  #arrivals: Arrival[] = [];
  #next: number | null = null;
  #soundMs = 0;

  /**
   * @param arrivedAt epoch ms. @param ms how long the packet sounds.
   * @returns when it stands on the line: its own moment, not later than it came but for the clock's difference.
   */
  place(arrivedAt: number, ms: number): number {
    this.#next ??= arrivedAt;
    this.#arrivals.push({ at: arrivedAt, slack: arrivedAt - this.#next, ms });
    this.#forget();
    this.#move(this.#correction());
    const at = this.#next;
    this.#next += ms;
    this.#soundMs += ms;
    return at;
  }

  /** How much later than the line all but a few packets came lately, ms. */
  get jitterMs(): number {
    const sorted = this.#arrivals.map(({ slack }) => slack).sort((a, b) => b - a);
    return Math.max(0, sorted[Math.floor(sorted.length * STRAY_SHARE)] ?? 0);
  }

  #correction(): number {
    const latest = this.#arrivals.at(-1)?.slack ?? 0;
    if (this.#soundMs < SETTLING_MS && latest < 0) return latest;
    const short = this.#last(SHORT_MS);
    const lasted = (short.at(-1)?.at ?? 0) - (short[0]?.at ?? 0);
    // What was held up on the way comes in a burst; what is spoken now comes in its own time.
    const inTime = lasted >= SHORT_MS / 2 && short.length > 1;
    const least = leastOf(short);
    if (inTime && (least > GAP_MS || least < -EXCESS_MS)) {
      // What came before it tells nothing of where the line is now.
      this.#arrivals = short;
      return least;
    }
    const all = leastOf(this.#arrivals);
    return Math.max(-SLEW_MS, Math.min(SLEW_MS, all));
  }

  #move(by: number): void {
    if (by === 0 || this.#next === null) return;
    this.#next += by;
    for (const arrival of this.#arrivals) arrival.slack -= by;
  }

  #last(wantedMs: number): Arrival[] {
    let sum = 0;
    let from = this.#arrivals.length;
    while (from > 0 && sum < wantedMs) {
      from -= 1;
      sum += this.#arrivals[from]?.ms ?? 0;
    }
    return this.#arrivals.slice(from);
  }

  #forget(): void {
    let sum = this.#arrivals.reduce((total, { ms }) => total + ms, 0);
    while (sum > LONG_MS) sum -= this.#arrivals.shift()?.ms ?? sum;
  }
}

const leastOf = (arrivals: readonly Arrival[]): number =>
  arrivals.reduce((least, { slack }) => Math.min(least, slack), Number.POSITIVE_INFINITY);
