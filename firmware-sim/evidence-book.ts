import { join } from 'node:path';
import type { AsRunRecord } from '#devices/as-run';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import { missedRecord, type RecordDraft, recordOf, type Stretch } from '#devices/run-record';
import type { DeviceClock } from './clock.ts';
import { Ledger } from './ledger.ts';
import { NowPlaying } from './now-playing.ts';
import type { Outbox } from './outbox.ts';
import { remove, writeWhole } from './whole-file.ts';

export interface EvidenceBookDesk {
  readonly dir: string;
  readonly boot: number;
  readonly outbox: Outbox;
  readonly clock: DeviceClock;
  readonly onRecord: (record: AsRunRecord) => void;
  /** Mostly a disk that takes nothing. */
  readonly onTrouble: (error: unknown) => void;
  /** The disk has all of it again. */
  readonly onMended: () => void;
}

const RETRY_MS = 5_000;

/**
 * Keeps outbox, ledger and marker in step, so that a power cut between any two of them leaves everything told once: the
 * record is durable first, then known as told, then no longer marked as playing, and only then sent.
 */
export class EvidenceBook {
  readonly #desk: EvidenceBookDesk;
  readonly #ledger: Ledger;
  readonly #marker: NowPlaying;
  /** Decided, and on its way to the disk. */
  readonly #closing = new Set<string>();
  /** Stretches told so far of a part of an occurrence that is not settled. */
  readonly #stretches = new Map<string, Map<number, number>>();
  #chain: Promise<unknown> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(desk: EvidenceBookDesk) {
    this.#desk = desk;
    const trouble = (error: unknown): void => this.#troubled(error);
    this.#ledger = new Ledger(desk.dir, trouble);
    this.#marker = new NowPlaying(desk.dir, trouble);
  }

  /**
   * After a boot: what the outbox still knows, and the plays that the power cut ended.
   * @returns whether the device remembers what it told before.
   */
  async open(): Promise<boolean> {
    const { outbox, clock } = this.#desk;
    const remembers = await this.#ledger.open(clock.now());
    for (const { occurrence, dueAt, part } of outbox.records()) {
      await this.#ledger.note(occurrence, dueAt, part.index);
    }
    for (const { stretch, startAt, record } of await this.#marker.read()) {
      if (!outbox.told(stretch)) await this.#write(record, startAt, stretch);
    }
    await this.#marker.clear().catch((error: unknown) => this.#troubled(error));
    this.#release();
    if (!outbox.whole) this.#tryLater();
    return remembers;
  }

  isSettled(occurrence: string): boolean {
    return this.#closing.has(occurrence) || this.#ledger.settled(occurrence);
  }

  /** Resolves when everything told so far is on disk, as far as the disk takes it. */
  async written(): Promise<void> {
    await this.#chain;
  }

  async close(): Promise<void> {
    await this.#chain;
    // The next power-up may write to the same files: nothing of this one may do so later.
    this.#closed = true;
    clearTimeout(this.#retry);
    if (this.#retry !== undefined) await this.#mended();
    await this.#ledger.close();
    await this.#marker.close();
  }

  stretch(occurrence: PlanOccurrence, stretch: Stretch): void {
    this.#inTurn(async () => {
      const { id, startAt } = occurrence;
      const name = this.#nameOf(id, stretch.partIndex);
      this.#count(id, stretch.partIndex);
      await this.#write(recordOf(occurrence, stretch), startAt, name);
      await this.#marker.over(name, startAt);
      this.#release();
    });
  }

  /**
   * The occurrence is over for good: every part without a record gets one that says why it never began.
   * @param why a part of it has a reason of its own.
   */
  settle(
    occurrence: PlanOccurrence,
    reason: string,
    why: (part: PlanPart) => string | null = () => null,
  ): void {
    const { id, startAt, parts } = occurrence;
    if (this.isSettled(id)) return;
    this.#closing.add(id);
    this.#inTurn(async () => {
      const { clock } = this.#desk;
      const told = new Set(this.#ledger.parts(id));
      for (const [index, part] of parts.entries()) {
        if (told.has(index)) continue;
        await this.#write(missedRecord(occurrence, index, why(part) ?? reason, clock), startAt);
      }
      await this.#ledger.settle(id, startAt, clock.now());
      this.#closing.delete(id);
      this.#stretches.delete(id);
      this.#release();
    });
  }

  mark(occurrence: PlanOccurrence, stretch: Stretch): void {
    this.#inTurn(async () => {
      const name = this.#nameOf(occurrence.id, stretch.partIndex);
      const record = recordOf(occurrence, stretch);
      await this.#marker.mark({ stretch: name, startAt: occurrence.startAt, record });
    });
  }

  readonly #unreleased: AsRunRecord[] = [];

  async #write(draft: RecordDraft, startAt: number, stretch?: string): Promise<void> {
    const record = await this.#desk.outbox.append(draft, stretch);
    if (!this.#desk.outbox.whole) this.#tryLater();
    await this.#ledger.note(draft.occurrence, startAt, draft.part.index);
    this.#unreleased.push(record);
  }

  #release(): void {
    for (const record of this.#unreleased.splice(0)) {
      this.#desk.outbox.release(record);
      this.#desk.onRecord(record);
    }
  }

  /** Unique for ever: this power-up, the part, and how many stretches of it were told before. */
  #nameOf(occurrence: string, part: number): string {
    const before = this.#stretches.get(occurrence)?.get(part) ?? 0;
    return `${this.#desk.boot}/${occurrence}/${part}/${before}`;
  }

  #count(occurrence: string, part: number): void {
    const counts = this.#stretches.get(occurrence) ?? new Map<number, number>();
    counts.set(part, (counts.get(part) ?? 0) + 1);
    this.#stretches.set(occurrence, counts);
  }

  /** What the disk does not take is told all the same, and written later. */
  #troubled(error: unknown): void {
    this.#desk.onTrouble(error);
    this.#tryLater();
  }

  /** Something that others write did not get onto the disk: it is tried until it takes something again. */
  diskFailed(): void {
    this.#tryLater();
  }

  async #mended(): Promise<boolean> {
    if (!((await this.#desk.outbox.flush()) && (await this.#ledger.flush()))) return false;
    const probe = join(this.#desk.dir, 'probe');
    try {
      await writeWhole(probe, 'Can something be written?');
      await remove(probe);
      await this.#marker.renew();
      return true;
    } catch (error) {
      this.#desk.onTrouble(error);
      return false;
    }
  }

  #tryLater(): void {
    if (this.#closed) return;
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#inTurn(async () => {
        if (await this.#mended()) this.#desk.onMended();
        else this.#tryLater();
      });
    }, RETRY_MS);
  }

  #inTurn(act: () => Promise<void>): void {
    this.#chain = this.#chain.then(act).catch((error: unknown) => {
      this.#release();
      this.#troubled(error);
    });
  }
}
