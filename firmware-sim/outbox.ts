import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { AsRunRecord } from '#devices/as-run';
import type { Played } from '#devices/messages/played';
import { UP } from '#devices/topics';
import { isMissing, makeDirectory, syncDirectory, writeWhole } from './whole-file.ts';

export type Draft = Omit<AsRunRecord, 'seq'>;

/** Acknowledged lines are dropped from a file when there are this many; an empty file goes at once. */
const COMPACT_AT = 500;

/**
 * The device's evidence, on disk before it is on the air. One file per boot, a record a line, fsynced; a file
 * goes when the controller has acknowledged all of it. `{boot, seq}` is unique for ever.
 */
export class Outbox {
  readonly #dir: string;
  readonly #boot: number;
  /** By boot, oldest first, each in order of `seq`. */
  readonly #held = new Map<number, AsRunRecord[]>();
  readonly #dropped = new Map<number, number>();
  #file: FileHandle | null = null;
  #seq = 0;
  #chain: Promise<unknown> = Promise.resolve();

  constructor(dir: string, boot: number) {
    this.#dir = join(dir, 'outbox');
    this.#boot = boot;
  }

  get size(): number {
    let size = 0;
    for (const records of this.#held.values()) size += records.length;
    return size;
  }

  async open(): Promise<void> {
    await makeDirectory(this.#dir);
    const names = (await readdir(this.#dir)).filter((name) => /^\d+\.jsonl$/.test(name));
    const boots = names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
    for (const boot of boots) {
      const records = await this.#read(boot);
      if (records.length > 0) this.#held.set(boot, records);
    }
  }

  async close(): Promise<void> {
    await this.#chain;
    await this.#file?.close();
    this.#file = null;
  }

  /** Every record still held, for whoever must know after a restart what was already told. */
  *records(): Iterable<AsRunRecord> {
    for (const records of this.#held.values()) yield* records;
  }

  /** Numbers a record and makes it durable; resolves when it is. */
  append(draft: Draft): Promise<AsRunRecord> {
    return this.#inTurn(async () => {
      this.#seq += 1;
      const record = AsRunRecord.parse({ seq: this.#seq, ...draft });
      if (this.#file === null) {
        this.#file = await open(this.#path(this.#boot), 'a');
        await syncDirectory(this.#dir);
      }
      await this.#file.appendFile(`${JSON.stringify(record)}\n`);
      await this.#file.sync();
      const records = this.#held.get(this.#boot) ?? [];
      records.push(record);
      this.#held.set(this.#boot, records);
      return record;
    });
  }

  /** The oldest records of the oldest boot that has any: at most 50, and within the size of a message. */
  nextBatch(): z.infer<typeof Played> | null {
    for (const [boot, records] of this.#held) {
      const oldest = records[0];
      if (oldest === undefined) continue;
      for (let count = Math.min(50, records.length); count > 0; count = Math.floor(count / 2)) {
        const batch = { v: 1 as const, boot, oldest: oldest.seq, records: records.slice(0, count) };
        if (Buffer.byteLength(JSON.stringify(batch)) <= UP.played.maxBytes) return batch;
      }
    }
    return null;
  }

  /** The controller has committed every record of `boot` up to `seq`. Resolves to how many are let go by that. */
  recorded(boot: number, seq: number): Promise<number> {
    return this.#inTurn(async () => {
      const records = this.#held.get(boot);
      if (records === undefined) return 0;
      const kept = records.filter((record) => record.seq > seq);
      const news = records.length - kept.length;
      const dropped = (this.#dropped.get(boot) ?? 0) + news;
      this.#dropped.set(boot, dropped);
      if (kept.length > 0) this.#held.set(boot, kept);
      else this.#held.delete(boot);
      if (kept.length === 0 || dropped >= COMPACT_AT) await this.#rewrite(boot, kept);
      return news;
    });
  }

  async #rewrite(boot: number, kept: readonly AsRunRecord[]): Promise<void> {
    this.#dropped.set(boot, 0);
    if (boot === this.#boot) {
      await this.#file?.close();
      this.#file = null;
    }
    if (kept.length === 0) await rm(this.#path(boot), { force: true });
    else await writeWhole(this.#path(boot), kept.map((record) => `${JSON.stringify(record)}\n`).join(''));
  }

  async #read(boot: number): Promise<AsRunRecord[]> {
    const text = await readFile(this.#path(boot), 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    const records: AsRunRecord[] = [];
    for (const line of text.split('\n')) {
      // A line cut short by a power cut was never promised to anybody: append() had not resolved.
      const record = line === '' ? null : AsRunRecord.safeParse(parseLine(line));
      if (record?.success === true) records.push(record.data);
    }
    return records;
  }

  #path(boot: number): string {
    return join(this.#dir, `${boot}.jsonl`);
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#chain.then(act);
    this.#chain = turn.catch(() => undefined);
    return turn;
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
