import type { Ack } from './messages/ack.ts';

/** A controller that was away for longer learns the rest from the birth, which tells the revisions held. */
const MOST = 64;

/** Acknowledgements on their way: kept while there is no link, in order, the oldest given up first. */
export class Acknowledgements {
  readonly #send: (ack: Ack) => Promise<boolean>;
  readonly #waiting: Ack[] = [];
  #sending: Promise<void> | null = null;

  constructor(send: (ack: Ack) => Promise<boolean>) {
    this.#send = send;
  }

  say(ack: Ack): void {
    this.#waiting.push(ack);
    if (this.#waiting.length > MOST) this.#waiting.shift();
    void this.flush();
  }

  /** Sends what waits; stops at the first that does not get through. */
  flush(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (let ack = this.#waiting[0]; ack !== undefined; ack = this.#waiting[0]) {
      // What cannot be said at all must not hold up what can.
      if (!(await this.#send(ack).catch(() => true))) break;
      if (this.#waiting[0] === ack) this.#waiting.shift();
    }
  }
}
