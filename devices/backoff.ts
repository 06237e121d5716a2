/**
 * Waiting times after failures: random within a ceiling that doubles, so that a village that lost its link
 * together does not come back in one second ("full jitter").
 */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(minMs: number, maxMs: number, random: () => number = Math.random) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  next(): number {
    const ceiling = Math.min(this.#maxMs, this.#minMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    return this.#minMs + this.#random() * Math.max(0, ceiling - this.#minMs);
  }

  reset(): void {
    this.#failures = 0;
  }
}
