import type { Logger } from 'pino';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { every } from './ticking.ts';

const FLUSH_MS = 100;
/** More than a fleet of ten thousand has to say at once when the controller comes back. */
const MOST_PENDING = 50_000;
/** Ten thousand a second, and never long at a time. */
const IN_ONE_GO = 1_000;

/**
 * Writes of many devices in one transaction: each by itself would wait for the disk, and a ward that comes back after a
 * power cut would hold the process up for seconds. Done in the order they came; one that fails undoes itself alone.
 */
export class Batch implements Component {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #pending: (() => void)[] = [];
  #dropped = 0;
  #end: (() => void) | undefined;

  constructor({ store, log }: { readonly store: Store; readonly log: Logger }) {
    this.#store = store;
    this.#log = log;
  }

  async start(): Promise<void> {
    this.#end = every(FLUSH_MS, 'storing what devices said', this.#log, () => this.#some());
  }

  async stop(): Promise<void> {
    this.#end?.();
    this.flush();
  }

  add(work: () => void): void {
    if (this.#pending.length < MOST_PENDING) this.#pending.push(work);
    else this.#dropped += 1;
  }

  flush(): void {
    while (this.#pending.length > 0) this.#some();
  }

  #some(): void {
    const pending = this.#pending.splice(0, IN_ONE_GO);
    if (pending.length === 0) return;
    const { sqlite } = this.#store;
    // Within the transaction of all, each one's is a savepoint.
    const alone = sqlite.transaction((work: () => void) => work());
    const all = sqlite.transaction(() => {
      for (const work of pending) {
        try {
          alone(work);
        } catch (error) {
          this.#log.error({ err: error }, 'what a device said could not be stored');
        }
      }
    });
    try {
      all();
    } catch (error) {
      this.#pending.unshift(...pending);
      throw error;
    }
    if (this.#dropped > 0) {
      this.#log.error(
        { dropped: this.#dropped },
        'messages of devices were dropped: the database was too slow',
      );
      this.#dropped = 0;
    }
  }
}
