import type { Store } from '../database/open.ts';

export interface Gap {
  readonly first: number;
  readonly last: number;
}

/**
 * Records that a device lost: what is below the oldest that it still holds, and was never stored, will never come.
 * Every stretch of numbers is looked at once.
 */
export class Gaps {
  readonly #store: Store;
  /** By device and boot: everything below it was looked at. */
  readonly #seen = new Map<string, { boot: number; below: number }>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Enters new gaps. To be called inside a transaction, after the records of the batch were stored. */
  note(device: string, boot: number, oldest: number, now: number): Gap[] {
    const from = Math.max(this.#seenBelow(device, boot), 1);
    const found: Gap[] = [];
    let expected = from;
    for (const seq of this.#stored(device, boot, from, oldest)) {
      if (seq > expected) found.push({ first: expected, last: seq - 1 });
      expected = seq + 1;
    }
    if (expected < oldest) found.push({ first: expected, last: oldest - 1 });
    const insert = this.#store.sqlite.prepare(
      `INSERT INTO as_run_gap (device_id, boot, first_seq, last_seq, noticed_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING`,
    );
    for (const { first, last } of found) insert.run(device, boot, first, last, now);
    if (oldest > from) this.#seen.set(device, { boot, below: oldest });
    return found;
  }

  /** What was noted of a device was not committed: it is to be looked at anew. */
  forget(device: string): void {
    this.#seen.delete(device);
  }

  /** A record that was believed lost came all the same: its gap is looked at anew. */
  reopen(device: string, boot: number, seq: number): void {
    const { changes } = this.#store.sqlite
      .prepare('DELETE FROM as_run_gap WHERE device_id = ? AND boot = ? AND first_seq <= ? AND last_seq >= ?')
      .run(device, boot, seq, seq);
    if (changes > 0) this.#seen.set(device, { boot, below: 1 });
  }

  /** The number up to which every record of the boot is stored, or lost for ever. */
  contiguous(device: string, boot: number, oldest: number): number {
    let reached = oldest - 1;
    for (const seq of this.#stored(device, boot, oldest, Number.MAX_SAFE_INTEGER)) {
      if (seq !== reached + 1) break;
      reached = seq;
    }
    return reached;
  }

  #seenBelow(device: string, boot: number): number {
    const seen = this.#seen.get(device);
    if (seen?.boot === boot) return seen.below;
    const last = this.#store.sqlite
      .prepare<[string, number], number | null>(
        'SELECT max(last_seq) FROM as_run_gap WHERE device_id = ? AND boot = ?',
      )
      .pluck()
      .get(device, boot);
    return (last ?? 0) + 1;
  }

  #stored(device: string, boot: number, from: number, to: number): IterableIterator<number> {
    return this.#store.sqlite
      .prepare<[string, number, number, number], number>(
        'SELECT seq FROM as_run WHERE device_id = ? AND boot = ? AND seq >= ? AND seq < ? ORDER BY seq',
      )
      .pluck()
      .iterate(device, boot, from, to);
  }
}
