import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { AsRunRecord } from '#devices/as-run';
import type { RecordDraft } from '#devices/run-record';

/** What the page keeps over a reload, a crash and a power cut. */
interface Kept extends DBSchema {
  /** Single facts by name; whoever reads one parses it. */
  facts: { key: string; value: unknown };
  /** Files by their hash, whole and right when they were put there. */
  blobs: { key: string; value: { readonly content: Blob; readonly heldAt: number } };
  /** Signed plans, in the very letters that were signed. */
  plans: { key: string; value: string };
  /** `[boot, seq]` */
  outbox: { key: [number, number]; value: AsRunRecord };
  /** What was told of each occurrence: parts that have a record, and whether nothing more will be told. */
  ledger: {
    key: string;
    value: { readonly startAt: number; readonly parts: number[]; readonly settled: boolean };
  };
  /** What would have to be told if the power went now. */
  marks: { key: string; value: { readonly startAt: number; readonly record: RecordDraft } };
  /** Ids of commands already acted on, until they expire, epoch ms. */
  seen: { key: string; value: number };
  /** Pictures on their way up. */
  evidence: { key: string; value: { readonly png: Blob; readonly takenAt: number; readonly pixels: string } };
}

export type Database = IDBPDatabase<Kept>;
export const STORES = ['facts', 'blobs', 'plans', 'outbox', 'ledger', 'marks', 'seen', 'evidence'] as const;

/** What must be on the disk before anything else happens survives a power cut, not only a crash. */
export const DURABLE = { durability: 'strict' } as const;

export const openDatabase = (): Promise<Database> =>
  openDB<Kept>('loa-board', 1, {
    upgrade(database) {
      for (const name of STORES) database.createObjectStore(name);
    },
  });
