/** Five times a second a person sees a number move; more often is a storm. */
const EVERY_MS = 200;

/** Tells that a broadcast changed, at most five times a second each, and always after the last change. */
export class Announcer {
  readonly #tell: (id: string) => void;
  readonly #lastAt = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @param tell is called from a timer, never from within `changed`: what changed was committed by then. */
  constructor(tell: (id: string) => void) {
    this.#tell = tell;
  }

  changed(id: string): void {
    if (this.#timers.has(id)) return;
    const wait = (this.#lastAt.get(id) ?? 0) + EVERY_MS - performance.now();
    const timer = setTimeout(() => this.#now(id), Math.max(0, wait));
    this.#timers.set(id, timer);
  }

  /** Tells what was not told yet. */
  flush(): void {
    for (const [id, timer] of this.#timers) {
      clearTimeout(timer);
      this.#now(id);
    }
  }

  forget(id: string): void {
    this.#lastAt.delete(id);
  }

  #now(id: string): void {
    this.#timers.delete(id);
    this.#lastAt.set(id, performance.now());
    this.#tell(id);
  }
}
