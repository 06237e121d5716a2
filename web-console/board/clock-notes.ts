import { z } from 'zod';
import { recollectionOf } from '#devices/clock-recollection';
import { type BaseClock, DeviceClock } from '#devices/device-clock';
import type { Database } from './database.ts';

const Note = z.object({ correctionMs: z.number(), at: z.number(), errorMs: z.number().min(0) });

const pageClock: BaseClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};

/** What is known of the computer's clock, over a reload and a power cut. */
export class ClockNotes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The time as far as it is known when the page begins. */
  async begin(): Promise<DeviceClock> {
    const kept = Note.safeParse(await this.#database.get('facts', 'clock'));
    return new DeviceClock(pageClock, recollectionOf(kept.success ? kept.data : null, pageClock.wallMs()));
  }

  /** It was compared with the controller's. */
  keep(clock: DeviceClock): void {
    const note = { correctionMs: -clock.wallOffsetMs, at: clock.now(), errorMs: clock.errorMs };
    void this.#database.put('facts', note, 'clock').catch(() => undefined);
  }
}
