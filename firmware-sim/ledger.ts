import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeWhole } from './whole-file.ts';

const LedgerFile = z.record(
  z.string(),
  z.object({ startAt: z.number(), parts: z.array(z.number()), settled: z.boolean() }),
);

/** Nothing older is told of any more: "at least 30 days offline, no record lost". */
export const MEMORY_MS = 30 * 86_400_000;

/**
 * What the device has already given evidence of, per occurrence of the last 30 days, so that a restart neither
 * tells a thing twice nor forgets to tell it. The outbox cannot answer that: it lets go of what is acknowledged.
 */
export class Ledger {
  readonly #path: string;
  #entries = new Map<string, { startAt: number; parts: Set<number>; settled: boolean }>();

  constructor(dir: string) {
    this.#path = join(dir, 'ledger.json');
  }

  async open(): Promise<void> {
    const kept = (await readJson(this.#path, LedgerFile)) ?? {};
    this.#entries = new Map(
      Object.entries(kept).map(([id, { startAt, parts, settled }]) => [
        id,
        { startAt, parts: new Set(parts), settled },
      ]),
    );
  }

  settled(occurrence: string): boolean {
    return this.#entries.get(occurrence)?.settled ?? false;
  }

  /** The parts of an occurrence that have a record. */
  parts(occurrence: string): ReadonlySet<number> {
    return this.#entries.get(occurrence)?.parts ?? new Set();
  }

  note(occurrence: string, startAt: number, part: number): void {
    this.#entry(occurrence, startAt).parts.add(part);
  }

  settle(occurrence: string, startAt: number): void {
    this.#entry(occurrence, startAt).settled = true;
  }

  /** @param now epoch ms; forgets what is too old to be told of again. */
  async save(now: number): Promise<void> {
    const kept: z.infer<typeof LedgerFile> = {};
    for (const [id, entry] of this.#entries) {
      if (entry.startAt < now - 2 * MEMORY_MS) this.#entries.delete(id);
      else
        kept[id] = {
          startAt: entry.startAt,
          parts: entry.settled ? [] : [...entry.parts],
          settled: entry.settled,
        };
    }
    await writeWhole(this.#path, JSON.stringify(kept));
  }

  #entry(occurrence: string, startAt: number): { startAt: number; parts: Set<number>; settled: boolean } {
    let entry = this.#entries.get(occurrence);
    if (entry === undefined) {
      entry = { startAt, parts: new Set(), settled: false };
      this.#entries.set(occurrence, entry);
    }
    return entry;
  }
}
