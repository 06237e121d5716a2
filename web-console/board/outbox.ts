import type { AsRunRecord } from '#devices/as-run';
import type { Played } from '#devices/messages/played';
import { UP } from '#devices/topics';

/** Beyond so many records the oldest of more than 30 days go; beyond the second, the oldest. */
const MANY = 20_000;
const MOST = 50_000;
const KEPT_MS = 30 * 86_400_000;
const BATCH = 50;

interface Boot {
  readonly number: number;
  /** In order of `seq`. */
  records: AsRunRecord[];
}

/** What was told and is not yet acknowledged, as it lies in the database: oldest boot first. */
export class Outbox {
  readonly #boots = new Map<number, Boot>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  *records(): Iterable<AsRunRecord> {
    for (const { records } of this.#boots.values()) yield* records;
  }

  /** It lies on the disk: from now on it may be sent. */
  add(number: number, record: AsRunRecord): void {
    const boot = this.#boots.get(number) ?? { number, records: [] };
    this.#boots.set(number, boot);
    boot.records.push(record);
    this.#size += 1;
  }

  /** The oldest records of the oldest boot that has any: at most 50, and within the size of a message. */
  nextBatch(): Played | null {
    for (const { number, records } of this.#boots.values()) {
      const [oldest] = records;
      if (oldest === undefined) continue;
      const ready = records.slice(0, BATCH);
      for (let count = ready.length; count > 0; count = Math.floor(count / 2)) {
        const batch = { v: 1 as const, boot: number, oldest: oldest.seq, records: ready.slice(0, count) };
        if (new TextEncoder().encode(JSON.stringify(batch)).length <= UP.played.maxBytes) return batch;
      }
    }
    return null;
  }

  /** The controller has committed every record of `boot` up to `seq`. @returns how many are let go by that. */
  recorded(number: number, seq: number): number {
    const boot = this.#boots.get(number);
    if (boot === undefined) return 0;
    const before = boot.records.length;
    boot.records = boot.records.filter((record) => record.seq > seq);
    if (boot.records.length === 0) this.#boots.delete(number);
    const gone = before - boot.records.length;
    this.#size -= gone;
    return gone;
  }

  /**
   * Nobody has fetched anything for months: the oldest records go. The last one of every boot stays, so that the
   * controller learns from its number what is missing.
   * @param now epoch ms. @returns their keys, `[boot, seq]`.
   */
  shed(now: number): [number, number][] {
    const gone: [number, number][] = [];
    for (const boot of this.#boots.values()) {
      const last = boot.records.at(-1);
      boot.records = boot.records.filter((record) => {
        const over = this.#size > MOST || (this.#size > MANY && record.endedAt < now - KEPT_MS);
        if (!over || record === last) return true;
        gone.push([boot.number, record.seq]);
        this.#size -= 1;
        return false;
      });
    }
    return gone;
  }
}
