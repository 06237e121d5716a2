/** Told for so long after it was noticed last. */
const TOLD_FOR_MS = 10 * 60_000;

/** What went wrong lately, by its code. */
export class Faults {
  readonly #now: () => number;
  readonly #noted = new Map<string, number>();

  /** @param now of the monotonic clock, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  note(what: string): void {
    this.#noted.set(what, this.#now());
  }

  list(): string[] {
    for (const [what, at] of this.#noted) if (this.#now() - at > TOLD_FOR_MS) this.#noted.delete(what);
    return [...this.#noted.keys()].sort();
  }
}
