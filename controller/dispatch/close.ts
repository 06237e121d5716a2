import { RECORD_MARGIN_MS } from '#schedules/reconcile';
import { breathe } from '../breathe.ts';
import type { Store } from '../database/open.ts';
import { GRACE_MS, OPEN_PLAYS, type OpenPlay, type Settled, Verdicts } from '../playback/verdicts.ts';

/** Some 30 ms of work. */
const BATCH = 100;

/**
 * Closes what is over: a pending play gets its verdict when its time to be heard of has passed, and an unknown one
 * when its device was heard again and has nothing left to tell. In bounded batches, by index.
 */
export class Closer {
  readonly #store: Store;
  readonly #verdicts: Verdicts;
  /** Devices that emptied their outbox before it were looked at already. */
  #heardUntil = 0;

  constructor(store: Store) {
    this.#store = store;
    this.#verdicts = new Verdicts(store);
  }

  /** @param settled is told of every batch, after it was committed. */
  async run(now: number, settled: (plays: readonly Settled[]) => void): Promise<void> {
    const { sqlite } = this.#store;
    const over = sqlite.prepare<[number, number], OpenPlay>(
      `${OPEN_PLAYS} WHERE p.verdict = 'pending' AND p.end_at <= ? ORDER BY p.end_at LIMIT ?`,
    );
    const heard = sqlite.prepare<[number, number, number], OpenPlay>(
      `${OPEN_PLAYS} WHERE p.verdict = 'unknown'
        AND p.device_id IN (SELECT id FROM device WHERE outbox_empty_at >= ? AND removed_at IS NULL)
        AND d.outbox_empty_at >= p.end_at + ? LIMIT ?`,
    );
    await this.#batches(() => over.all(now - GRACE_MS, BATCH), now, settled);
    await this.#batches(() => heard.all(this.#heardUntil, RECORD_MARGIN_MS, BATCH), now, settled);
    this.#heardUntil = now - GRACE_MS;
  }

  async #batches(
    read: () => OpenPlay[],
    now: number,
    settled: (plays: readonly Settled[]) => void,
  ): Promise<void> {
    for (;;) {
      const plays = read();
      if (plays.length === 0) return;
      const done = this.#store.sqlite.transaction(() => this.#verdicts.settle(plays, now))();
      settled(done);
      // Each of these has a verdict now that takes it out of the query; should that ever fail, do not spin.
      if (done.length === 0) return;
      await breathe();
    }
  }
}
