import type { Clock } from '../clock.ts';

const WINDOW_MS = 60_000;

/** Counts failures of addresses in a minute, for what is no request of express: see `failure-limit.ts`. */
export class FailureCount {
  readonly #limit: number;
  readonly #clock: Clock;
  readonly #counts = new Map<string, number>();
  #since = 0;

  constructor(limit: number, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  isOver(address: string): boolean {
    this.#turn();
    return (this.#counts.get(address) ?? 0) >= this.#limit;
  }

  add(address: string): void {
    this.#turn();
    this.#counts.set(address, (this.#counts.get(address) ?? 0) + 1);
  }

  #turn(): void {
    const now = this.#clock.now();
    if (Math.abs(now - this.#since) < WINDOW_MS) return;
    this.#since = now;
    this.#counts.clear();
  }
}
