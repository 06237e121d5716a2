import { join } from 'node:path';
import { z } from 'zod';
import { AsRunRecord } from '#devices/as-run';
import type { RecordDraft } from '#devices/run-record';
import { Journal } from './journal.ts';

/** What would have to be told of a stretch if the power went now; without a record: it has been told. */
const Line = z.object({
  stretch: z.string(),
  startAt: z.number(),
  record: AsRunRecord.omit({ seq: true }).optional(),
});

export interface CutShort {
  readonly stretch: string;
  readonly startAt: number;
  readonly record: RecordDraft;
}

/** Beyond this the file begins anew with what plays now. */
const LARGEST_BYTES = 256_000;

/**
 * What would have to be told if the power went now, kept on disk while something plays, and renewed about every second:
 * found at boot, it is the evidence of the play that the power cut ended. Only the first mark of a stretch waits for
 * the disk; the others outlive the program at once, and a power cut within the seconds in which the system writes.
 */
export class NowPlaying {
  readonly #journal: Journal<typeof Line>;
  readonly #playing = new Map<string, CutShort>();

  constructor(dir: string, onTrouble: (error: unknown) => void) {
    this.#journal = new Journal(join(dir, 'now-playing.jsonl'), Line, onTrouble);
  }

  /** After a boot: what was playing when the power went. */
  async read(): Promise<CutShort[]> {
    const cut = new Map<string, CutShort>();
    for (const { stretch, startAt, record } of (await this.#journal.read()) ?? []) {
      if (record === undefined) cut.delete(stretch);
      else cut.set(stretch, { stretch, startAt, record });
    }
    return [...cut.values()];
  }

  async mark(mark: CutShort): Promise<void> {
    const first = !this.#playing.has(mark.stretch);
    this.#playing.set(mark.stretch, mark);
    if (this.#journal.bytes > LARGEST_BYTES) await this.#journal.rewrite([...this.#playing.values()]);
    else await this.#journal.append(mark, { durable: first, keep: false });
  }

  /** It has been told: nothing of it is left to be told after a power cut. */
  async over(stretch: string, startAt: number): Promise<void> {
    const marked = this.#playing.delete(stretch);
    if (this.#playing.size === 0) await this.#journal.empty();
    else if (marked) await this.#journal.append({ stretch, startAt });
  }

  /** The disk takes something again: what ended meanwhile must not be found by the next boot. */
  async renew(): Promise<void> {
    await this.#journal.rewrite([...this.#playing.values()]);
  }

  /** Nothing plays. */
  async clear(): Promise<void> {
    this.#playing.clear();
    await this.#journal.empty();
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }
}
