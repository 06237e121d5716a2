/** Five times a second a person sees a number move; more often is a storm. */
const EVERY_MS = 200;

/** Tells that a broadcast changed, at most five times a second each, and always after the last change. */
export class Announcer {
  readonly #tell: (id: string) => void;
  readonly #lastAt = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #stopped = false;

  /** @param tell is called from a timer, never from within `changed`: what changed was committed by then. */
  constructor(tell: (id: string) => void) {
    this.#tell = tell;
  }

  changed(id: string): void {
    if (this.#stopped || this.#timers.has(id)) return;
    const wait = (this.#lastAt.get(id) ?? 0) + EVERY_MS - performance.now();
    const timer = setTimeout(() => this.#now(id), Math.max(0, wait));
    this.#timers.set(id, timer);
  }

  /** Tells what was not told yet, and nothing more: the database is closed soon. */
  stop(): void {
    this.#stopped = true;
    for (const [id, timer] of this.#timers) {
      clearTimeout(timer);
      this.#now(id);
    }
  }

  #now(id: string): void {
    this.#timers.delete(id);
    const now = performance.now();
    // Whoever was told of longer ago may be told of at once: there is nothing to remember.
    for (const [other, at] of this.#lastAt) if (now - at >= EVERY_MS) this.#lastAt.delete(other);
    this.#lastAt.set(id, now);
    this.#tell(id);
  }
}
