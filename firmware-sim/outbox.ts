import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AsRunRecord } from '#devices/as-run';
import type { Played } from '#devices/messages/played';
import type { RecordDraft } from '#devices/run-record';
import { UP } from '#devices/topics';
import type { BootCount } from './boot-count.ts';
import { Journal } from './journal.ts';
import { makeDirectory } from './whole-file.ts';

/** A record on disk, with the device's own name for the stretch that it is of. */
const Line = AsRunRecord.extend({ stretch: z.string().optional() });

/** Acknowledged lines are dropped from a file when there are this many; an empty file goes at once. */
const COMPACT_AT = 500;
/** Beyond so many records, some eight months of a busy station, the oldest of more than 30 days go; beyond the second, the oldest. */
const MANY = 20_000;
const MOST = 50_000;
const KEPT_MS = 30 * 86_400_000;

/** This power-up: its number, and whether that is on the disk. */
export type Counting = Pick<BootCount, 'number' | 'counted' | 'count'>;

interface Boot {
  readonly journal: Journal<typeof Line>;
  /** In order of `seq`. */
  records: AsRunRecord[];
  /** What may be sent ends here. */
  released: number;
  dropped: number;
}

/**
 * The device's evidence, on disk before it is on the air. One file per boot, a record a line, fsynced; a file
 * goes when the controller has acknowledged all of it. `{boot, seq}` is unique for ever.
 *
 * A disk that takes nothing any more does not silence the device: what it does not take is told from memory, and is
 * written as soon as it takes something again.
 */
export class Outbox {
  readonly #dir: string;
  readonly #boot: number;
  readonly #count: Counting;
  readonly #onTrouble: (error: unknown) => void;
  /** Oldest first. */
  readonly #boots = new Map<number, Boot>();
  /** Stretches of earlier boots that have a record here. */
  readonly #told = new Set<string>();
  #seq = 0;
  #size = 0;
  #chain: Promise<unknown> = Promise.resolve();

  constructor(dir: string, boot: Counting, onTrouble: (error: unknown) => void = () => undefined) {
    this.#dir = join(dir, 'outbox');
    this.#boot = boot.number;
    this.#count = boot;
    this.#onTrouble = onTrouble;
  }

  /** Whether all of it is on the disk. */
  get whole(): boolean {
    return this.#count.counted && (this.#boots.get(this.#boot)?.journal.whole ?? true);
  }

  get size(): number {
    return this.#size;
  }

  async open(): Promise<void> {
    await makeDirectory(this.#dir);
    const names = (await readdir(this.#dir)).filter((name) => /^\d+\.jsonl$/.test(name));
    for (const number of names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b)) {
      const boot = this.#begin(number);
      for (const { stretch, ...record } of (await boot.journal.read()) ?? []) {
        boot.records.push(record);
        boot.released = record.seq;
        if (stretch !== undefined) this.#told.add(stretch);
      }
      this.#size += boot.records.length;
      if (boot.records.length === 0) this.#boots.delete(number);
      // A boot that was not counted, because the disk took nothing then.
      if (number === this.#boot) this.#seq = boot.released;
    }
  }

  async close(): Promise<void> {
    await this.#chain;
    for (const { journal } of this.#boots.values()) await journal.close();
  }

  /** Every record still held, for whoever must know after a restart what was already told. */
  *records(): Iterable<AsRunRecord> {
    for (const { records } of this.#boots.values()) yield* records;
  }

  /** Whether a stretch of an earlier boot has a record here. */
  told(stretch: string): boolean {
    return this.#told.has(stretch);
  }

  /**
   * Numbers a record and makes it durable; resolves when it is, or when the disk does not take it. It is not sent before
   * it is released: first everything else must know that it exists.
   */
  append(draft: RecordDraft, stretch?: string): Promise<AsRunRecord> {
    return this.#inTurn(async () => {
      const record = AsRunRecord.parse({ seq: this.#seq + 1, ...draft });
      this.#seq = record.seq;
      const boot = this.#boots.get(this.#boot) ?? this.#begin(this.#boot);
      boot.records.push(record);
      this.#size += 1;
      await boot.journal.append(stretch === undefined ? record : { ...record, stretch });
      if (this.#size > MANY) await this.#shed(record.endedAt);
      return record;
    });
  }

  /** Everything up to here may be sent. */
  release(record: AsRunRecord): void {
    const boot = this.#boots.get(this.#boot);
    if (boot !== undefined) boot.released = Math.max(boot.released, record.seq);
  }

  /** Tries again what the disk did not take. @returns whether it has it all now. */
  flush(): Promise<boolean> {
    return this.#inTurn(async () => {
      const counted = await this.#count.count().then(
        () => true,
        (error: unknown) => this.#onTrouble(error),
      );
      return counted === true && ((await this.#boots.get(this.#boot)?.journal.flush()) ?? true);
    });
  }

  /** The oldest records of the oldest boot that has any: at most 50, and within the size of a message. */
  nextBatch(): z.infer<typeof Played> | null {
    for (const [number, { records, released }] of this.#boots) {
      const [oldest] = records;
      if (oldest === undefined || oldest.seq > released) continue;
      // The next power-up would give the same numbers to other records.
      if (number === this.#boot && !this.#count.counted) continue;
      const ready = records.slice(0, 50).filter(({ seq }) => seq <= released);
      for (let count = ready.length; count > 0; count = Math.floor(count / 2)) {
        const batch = { v: 1 as const, boot: number, oldest: oldest.seq, records: ready.slice(0, count) };
        if (Buffer.byteLength(JSON.stringify(batch)) <= UP.played.maxBytes) return batch;
      }
    }
    return null;
  }

  /** The controller has committed every record of `boot` up to `seq`. Resolves to how many are let go by that. */
  recorded(number: number, seq: number): Promise<number> {
    return this.#inTurn(async () => {
      const boot = this.#boots.get(number);
      if (boot === undefined) return 0;
      const before = boot.records.length;
      // What was never sent cannot be meant.
      await this.#keep(number, boot, (record) => record.seq > Math.min(seq, boot.released));
      return before - boot.records.length;
    });
  }

  #begin(number: number): Boot {
    const journal = new Journal(join(this.#dir, `${number}.jsonl`), Line, this.#onTrouble);
    const boot: Boot = { journal, records: [], released: 0, dropped: 0 };
    this.#boots.set(number, boot);
    return boot;
  }

  async #keep(number: number, boot: Boot, wanted: (record: AsRunRecord) => boolean): Promise<void> {
    const kept = boot.records.filter(wanted);
    const gone = boot.records.length - kept.length;
    boot.records = kept;
    boot.dropped += gone;
    this.#size -= gone;
    if (gone === 0 || (kept.length > 0 && boot.dropped < COMPACT_AT)) return;
    boot.dropped = 0;
    if (kept.length === 0 && number !== this.#boot) this.#boots.delete(number);
    await boot.journal.rewrite(kept).catch(this.#onTrouble);
  }

  /**
   * Nobody has fetched anything for months: the oldest records go. The last one of every boot stays, so that the
   * controller learns from its number what is missing.
   */
  async #shed(now: number): Promise<void> {
    for (const [number, boot] of this.#boots) {
      const last = boot.records.at(-1);
      let surplus = this.#size - MANY;
      if (surplus <= 0) return;
      await this.#keep(number, boot, (record) => {
        const goes = surplus > 0 && record !== last && (record.endedAt < now - KEPT_MS || this.#size > MOST);
        if (goes) surplus -= 1;
        return !goes;
      });
    }
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#chain.then(act);
    this.#chain = turn.catch(() => undefined);
    return turn;
  }
}
