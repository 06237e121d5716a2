import type { Logger } from 'pino';
import { zoneOf } from '#schedules/zone';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';

export type Counted = 'view' | 'share';

const WRITE_EVERY_MS = 10_000;
/** Of different things in one stretch; items are found by their ids, so that nobody can make up more. */
const MOST_WAITING = 2_000;

/** What is no reader: machines that fetch pages, by what they call themselves. Browsers all begin with `Mozilla/`, whoever made them. */
const MACHINE =
  /bot\b|bot\/|crawl|spider|slurp|facebookexternalhit|facebot|zalo(bot|preview)?\/|whatsapp|telegram|preview|monitor|uptime|curl|wget|python|java\/|go-http|okhttp|axios|node-fetch|undici|headless|lighthouse|pingdom|scrap/i;

/** @param agent the request's `User-Agent`; it is looked at and forgotten. */
export const isReader = (agent: string | undefined, purpose: string | undefined): boolean =>
  agent !== undefined &&
  agent.trim() !== '' &&
  !MACHINE.test(agent) &&
  !/prefetch|preview/i.test(purpose ?? '');

/**
 * How often the public board was looked at and shared, by the day and the item. Counts and nothing else: no address, no
 * name of a browser, no cookie is kept anywhere, so that of nobody it can ever be told.
 */
export class Counter implements Component {
  readonly #deps: {
    readonly store: Store;
    readonly clock: Clock;
    readonly zone: string;
    readonly log: Logger;
  };
  readonly #waiting = new Map<string, { day: string; what: Counted; item: string; count: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: { store: Store; clock: Clock; zone: string; log: Logger }) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.write(), WRITE_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.write();
  }

  /** @param item empty for the page of all. */
  count(what: Counted, item: string): void {
    const { clock, zone } = this.#deps;
    const day = new Date(zoneOf(zone).toLocal(clock.now())).toISOString().slice(0, 10);
    const key = `${day} ${what} ${item}`;
    const known = this.#waiting.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#waiting.size < MOST_WAITING) this.#waiting.set(key, { day, what, item, count: 1 });
  }

  /** Writes what was counted since the last time. */
  write(): void {
    if (this.#waiting.size === 0) return;
    const { sqlite } = this.#deps.store;
    const add = sqlite.prepare(
      `INSERT INTO public_board_day (day, what, item, count) VALUES (@day, @what, @item, @count)
        ON CONFLICT (day, what, item) DO UPDATE SET count = count + @count`,
    );
    try {
      sqlite.transaction(() => {
        for (const counted of this.#waiting.values()) add.run(counted);
      })();
      this.#waiting.clear();
    } catch (error) {
      this.#deps.log.error({ err: error }, 'views of the public board could not be written; trying again');
    }
  }
}
