import { type ScheduledTask, schedule } from 'node-cron';
import type { Logger } from 'pino';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { Closer } from './close.ts';
import { Materialiser } from './materialise.ts';
import { prunePlans } from './prune.ts';

export interface DispatcherDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  /** The planner: plans that were used up by a day are issued anew. */
  readonly planner: { topUp(): Promise<unknown> };
}

const SETTLE_MS = 200;

/**
 * What happens by the clock: every minute what is about to start enters the log and what is over gets its verdict,
 * every hour plans are topped up and old ones thrown away. `node-cron` wakes it; it asks the clock and the database
 * what there is to do, so that a tick that came late, twice or not at all changes nothing in the end.
 */
export class Dispatcher implements Component {
  readonly #deps: DispatcherDeps;
  readonly #materialiser: Materialiser;
  readonly #closer: Closer;
  #tasks: ScheduledTask[] = [];
  #work: Promise<void> = Promise.resolve();
  /** A tick that has not begun yet does for all who ask for one meanwhile. */
  #waiting: Promise<void> | undefined;
  #unlisten: (() => void) | undefined;
  #soon: NodeJS.Timeout | undefined;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    this.#materialiser = new Materialiser(deps.store);
    this.#closer = new Closer(deps.store);
  }

  /** Catches up with what started while the program did not run, and then keeps time. */
  async start(): Promise<void> {
    await this.tick();
    this.#tasks = [
      schedule('* * * * *', () => this.tick(), { name: 'dispatch', suppressMissedWarning: true }),
      schedule('17 * * * *', () => this.tend(), { name: 'tend plans', suppressMissedWarning: true }),
    ];
    this.#unlisten = this.#deps.changes.listen((entity) => {
      if (entity !== 'plan' || this.#soon !== undefined) return;
      this.#soon = setTimeout(() => {
        this.#soon = undefined;
        void this.tick();
      }, SETTLE_MS);
    });
  }

  async stop(): Promise<void> {
    this.#unlisten?.();
    clearTimeout(this.#soon);
    for (const task of this.#tasks) await task.destroy();
    await this.#work;
  }

  /** What is about to start enters the log; what is over gets its verdict. */
  tick(): Promise<void> {
    this.#waiting ??= this.#next('Keeping the log', async () => {
      this.#waiting = undefined;
      const now = this.#deps.clock.now();
      const entered = await this.#materialiser.run(now);
      if (entered > 0) this.#deps.changes.announce('play', 'entered');
      await this.#closer.run(now, (plays) => {
        for (const occurrence of new Set(plays.map((play) => play.occurrence))) {
          this.#deps.changes.announce('play', occurrence);
        }
      });
    });
    return this.#waiting;
  }

  /** Plans are topped up; those that nobody needs any more go. */
  tend(): Promise<void> {
    return this.#next('Tending the plans', async () => {
      const now = this.#deps.clock.now();
      await this.#deps.planner.topUp();
      await prunePlans(this.#deps.store, now, this.#materialiser.mark(now));
    });
  }

  /** One work at a time; one that fails is tried again at its next tick, since nothing is marked as done. */
  #next(what: string, work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#deps.log.error({ err: error }, `${what} failed; it is tried again at the next tick.`);
    });
    return this.#work;
  }
}
