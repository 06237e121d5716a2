/** Failures counted in windows of a minute, by any key. Bounded: with too many keys the oldest are forgotten. */
export class FailureCount {
  readonly #limit: number;
  readonly #windows = new Map<string, { count: number; until: number }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  exhausted(key: string, now: number): boolean {
    const window = this.#windows.get(key);
    return window !== undefined && now < window.until && window.count >= this.#limit;
  }

  add(key: string, now: number): void {
    const window = this.#windows.get(key);
    if (window !== undefined && now < window.until) {
      window.count += 1;
      return;
    }
    this.#windows.delete(key);
    this.#windows.set(key, { count: 1, until: now + 60_000 });
    if (this.#windows.size > 20_000) {
      const oldest = this.#windows.keys().next().value;
      if (oldest !== undefined) this.#windows.delete(oldest);
    }
  }
}

/** A token bucket: `perSecond` sustained, `burst` at once. */
export class Budget {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  take(now: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
