import type { z } from 'zod';
import type { Played } from '#devices/messages/played';
import type { Outbox } from './outbox.ts';

const RETRY_MIN_MS = 10_000;
const RETRY_MAX_MS = 60_000;

/** Carries the outbox up, one batch at a time, again and again until the controller says that it is recorded. */
export class Postman {
  readonly #outbox: Outbox;
  readonly #send: (batch: z.infer<typeof Played>) => Promise<boolean>;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = RETRY_MIN_MS;
  #waiting = false;
  #on = false;

  constructor(outbox: Outbox, send: (batch: z.infer<typeof Played>) => Promise<boolean>) {
    this.#outbox = outbox;
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

  async recorded(boot: number, seq: number): Promise<void> {
    const news = await this.#outbox.recorded(boot, seq);
    // An acknowledgement that lets nothing go must not be answered with the same batch at once, for ever.
    if (!this.#on || news === 0) return;
    this.#retryMs = RETRY_MIN_MS;
    this.#carry();
  }

  #carry(): void {
    clearTimeout(this.#timer);
    const batch = this.#outbox.nextBatch();
    this.#waiting = batch !== null;
    if (batch === null) return;
    this.#timer = setTimeout(() => this.#carry(), this.#retryMs * (0.8 + Math.random() * 0.4));
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS);
    void this.#send(batch);
  }
}
