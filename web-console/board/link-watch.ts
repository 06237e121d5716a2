import { z } from 'zod';
import type { DeviceClock } from '#devices/device-clock';
import type { Database } from './database.ts';

export interface LinkWatchDesk {
  readonly database: Database;
  readonly clock: DeviceClock;
  /** The page was loaded anew while the power was there: nothing came back. */
  readonly reloaded: boolean;
  /** Whether the plan that is desired is the one that governs. */
  readonly planHeld: () => boolean;
}

const KEEP_EVERY_MS = 60_000;

/** Since when there is no link, also over a reload; and whether the board is coming back still. */
export class LinkWatch {
  readonly #desk: LinkWatchDesk;
  readonly #bornAt: number;
  #linked = false;
  #returning: boolean;
  /** The desired document was heard since the page began. */
  #heard = false;
  /** When there was a link last, epoch ms. */
  #lastAt: number;
  #keptAt = Number.NEGATIVE_INFINITY;

  constructor(desk: LinkWatchDesk) {
    this.#desk = desk;
    this.#bornAt = desk.clock.base.monotonicMs();
    this.#returning = !desk.reloaded;
    this.#lastAt = desk.clock.now();
  }

  async open(): Promise<void> {
    const kept = z.number().safeParse(await this.#desk.database.get('facts', 'linkedAt'));
    if (kept.success) this.#lastAt = Math.min(kept.data, this.#lastAt);
  }

  link(stands: boolean): void {
    this.#linked = stands;
    this.#note(true);
  }

  /** What is desired is known to be the newest. */
  heard(): void {
    this.#heard = true;
  }

  get unlinkedMs(): number {
    if (!this.#linked) return Math.max(0, this.#desk.clock.now() - this.#lastAt);
    this.#note(false);
    return 0;
  }

  /** Since the power came back, ms; null once link and plan are there again. */
  get returningMs(): number | null {
    if (this.#returning && this.#linked && this.#heard && this.#desk.planHeld()) this.#returning = false;
    return this.#returning ? this.#desk.clock.base.monotonicMs() - this.#bornAt : null;
  }

  #note(now: boolean): void {
    const { clock, database } = this.#desk;
    const at = clock.base.monotonicMs();
    this.#lastAt = clock.now();
    if (!now && at - this.#keptAt < KEEP_EVERY_MS) return;
    this.#keptAt = at;
    void database.put('facts', this.#lastAt, 'linkedAt').catch(() => undefined);
  }
}
