import { HEARTBEAT_INTERVAL_MS } from '#devices/messages/heartbeat';

/** Beats at its interval, with a tenth of it as jitter, so that screens do not beat as one. */
export class Pulse {
  readonly #beat: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** By the monotonic clock; 0 while it does not beat. */
  #dueAt = 0;

  constructor(beat: () => void) {
    this.#beat = beat;
  }

  /** The first beat comes soon, the others at their interval. */
  start(): void {
    this.#arm(1_000 * Math.random());
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#dueAt = 0;
  }

  /** Something worth telling changed: the next beat comes within a second or two. */
  soon(): void {
    const inMs = 500 + 1_000 * Math.random();
    if (this.#dueAt > performance.now() + inMs) this.#arm(inMs);
  }

  /** Somebody asks: the next beat comes at once. */
  now(): void {
    if (this.#dueAt > 0) this.#arm(0);
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#dueAt = performance.now() + ms;
    this.#timer = setTimeout(() => {
      this.#beat();
      this.#arm(HEARTBEAT_INTERVAL_MS * (0.9 + Math.random() * 0.2));
    }, ms);
  }
}
