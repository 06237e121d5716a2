import type { Played } from '#devices/messages/played';

const RETRY_MIN_MS = 10_000;
const RETRY_MAX_MS = 60_000;

/** Carries the outbox up, one batch at a time, again and again until the controller says that it is recorded. */
export class Postman {
  readonly #next: () => Played | null;
  readonly #send: (batch: Played) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retryMs = RETRY_MIN_MS;
  #waiting = false;
  #on = false;

  constructor(next: () => Played | null, send: (batch: Played) => void) {
    this.#next = next;
    this.#send = send;
  }

  /** A link stands: begin at the oldest. */
  start(): void {
    this.#on = true;
    this.#retryMs = RETRY_MIN_MS;
    this.#carry();
  }

  stop(): void {
    this.#on = false;
    this.#waiting = false;
    clearTimeout(this.#timer);
  }

  /** There is something new in the outbox. */
  nudge(): void {
    if (this.#on && !this.#waiting) this.#carry();
  }

  /** @param gone how many records were let go: an acknowledgement of nothing must not be answered with the same batch for ever. */
  recorded(gone: number): void {
    if (!this.#on || gone === 0) return;
    this.#retryMs = RETRY_MIN_MS;
    this.#carry();
  }

  #carry(): void {
    clearTimeout(this.#timer);
    const batch = this.#next();
    this.#waiting = batch !== null;
    if (batch === null) return;
    this.#timer = setTimeout(() => this.#carry(), this.#retryMs * (0.8 + Math.random() * 0.4));
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS);
    this.#send(batch);
  }
}
