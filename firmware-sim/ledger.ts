import { join } from 'node:path';
import { z } from 'zod';
import { Journal } from './journal.ts';

/** `part`: has a record. Without: settled, nothing more will be told of the occurrence. */
const Line = z.object({ id: z.string(), startAt: z.number(), part: z.number().optional() });
type Line = z.infer<typeof Line>;

/** Nothing older is told of any more: "at least 30 days offline, no record lost". */
export const MEMORY_MS = 30 * 86_400_000;

/** The file is written anew when it has grown by so many lines, and to twice what was worth keeping the last time. */
const GROWN_BY = 1_000;

/**
 * What the device has already given evidence of, per occurrence of the last 30 days, so that a restart neither
 * tells a thing twice nor forgets to tell it. The outbox cannot answer that: it lets go of what is acknowledged.
 */
export class Ledger {
  readonly #journal: Journal<typeof Line>;
  readonly #entries = new Map<string, { startAt: number; parts: Set<number>; settled: boolean }>();
  #lines = 0;
  #kept = 0;

  constructor(dir: string, onTrouble: (error: unknown) => void) {
    this.#journal = new Journal(join(dir, 'ledger.jsonl'), Line, onTrouble);
  }

  /** @param now epoch ms. @returns false when there was no ledger: a new device, or one that lost its memory. */
  async open(now: number): Promise<boolean> {
    const lines = await this.#journal.read();
    for (const line of lines ?? []) this.#take(line);
    this.#lines = lines?.length ?? 0;
    await this.#compact(now);
    return lines !== null;
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }

  settled(occurrence: string): boolean {
    return this.#entries.get(occurrence)?.settled ?? false;
  }

  /** The parts of an occurrence that have a record. */
  parts(occurrence: string): ReadonlySet<number> {
    return this.#entries.get(occurrence)?.parts ?? new Set();
  }

  async note(occurrence: string, startAt: number, part: number): Promise<void> {
    if (!this.parts(occurrence).has(part)) await this.#write({ id: occurrence, startAt, part });
  }

  async settle(occurrence: string, startAt: number, now: number): Promise<void> {
    if (!this.settled(occurrence)) await this.#write({ id: occurrence, startAt });
    await this.#compact(now);
  }

  /** Tries again what the disk did not take. @returns whether it has it all now. */
  async flush(): Promise<boolean> {
    return await this.#journal.flush();
  }

  async #write(line: Line): Promise<void> {
    this.#take(line);
    this.#lines += 1;
    await this.#journal.append(line);
  }

  #take({ id, startAt, part }: Line): void {
    const entry = this.#entries.get(id) ?? { startAt, parts: new Set<number>(), settled: false };
    this.#entries.set(id, entry);
    if (part !== undefined) entry.parts.add(part);
    else {
      entry.settled = true;
      entry.parts.clear();
    }
  }

  /** Forgets what is too old to be told of again, once it is worth the writing. */
  async #compact(now: number): Promise<void> {
    if (this.#lines < 2 * this.#kept + GROWN_BY || !this.#journal.whole) return;
    const kept: Line[] = [];
    for (const [id, { startAt, parts, settled }] of this.#entries) {
      if (startAt < now - 2 * MEMORY_MS) this.#entries.delete(id);
      else if (settled) kept.push({ id, startAt });
      else for (const part of parts) kept.push({ id, startAt, part });
    }
    // A disk that does not take it keeps the longer file.
    const done = await this.#journal.rewrite(kept).then(
      () => true,
      () => false,
    );
    if (done) this.#lines = kept.length;
    this.#kept = this.#lines;
  }
}
