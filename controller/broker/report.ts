import type { BrokerRefusal, FromBroker } from './thread-messages.ts';

const FLUSH_MS = 100;
const MOST_REFUSALS = 2_000;

/**
 * Gathers what the main thread is told, so that a flood of refusals costs it a few rows and a device that takes over
 * its own connection is not reported as gone.
 */
export class Report {
  readonly #post: (message: FromBroker) => void;
  readonly #refusals = new Map<string, BrokerRefusal>();
  readonly #connections = new Map<string, boolean>();
  #timer: NodeJS.Timeout | undefined;
  refused = 0;

  constructor(post: (message: FromBroker) => void) {
    this.#post = post;
  }

  refuse(device: string, reason: string, topic: string, detail: string | null): void {
    this.refused += 1;
    const key = `${device} ${reason} ${topic}`;
    const known = this.#refusals.get(key);
    if (known === undefined && this.#refusals.size >= MOST_REFUSALS) return;
    const shown = topic.slice(0, 120);
    this.#refusals.set(key, { device, reason, topic: shown, detail, count: (known?.count ?? 0) + 1 });
    this.#soon();
  }

  connection(device: string, connected: boolean): void {
    this.#connections.set(device, connected);
    this.#soon();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#connections.size > 0) {
      const items = [...this.#connections].map(([device, connected]) => ({ device, connected }));
      this.#post({ type: 'connections', items });
      this.#connections.clear();
    }
    if (this.#refusals.size > 0) {
      this.#post({ type: 'refusals', items: [...this.#refusals.values()] });
      this.#refusals.clear();
    }
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }
}
