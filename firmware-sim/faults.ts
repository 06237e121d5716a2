/** Faults stay on the heartbeat for this long after they were last seen. */
const SHOWN_FOR_MS = 10 * 60_000;

/** What is or was just wrong with the device, by reason code. */
export class Faults {
  readonly #seen = new Map<string, number>();
  readonly #monotonicMs: () => number;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  note(code: string): void {
    this.#seen.set(code, this.#monotonicMs());
  }

  mended(code: string): void {
    this.#seen.delete(code);
  }

  /** At most the sixteen that a heartbeat carries. */
  list(): string[] {
    const since = this.#monotonicMs() - SHOWN_FOR_MS;
    return [...this.#seen]
      .filter(([, at]) => at >= since)
      .map(([code]) => code)
      .slice(-16);
  }
}
