import { AsRunRecord } from '#devices/as-run';
import type { DeviceClock } from '#devices/device-clock';
import type { PlanOccurrence } from '#devices/plan';
import { missedRecord, type RecordDraft, recordOf, type Stretch } from '#devices/run-record';
import { type Database, DURABLE } from './database.ts';
import { Outbox } from './outbox.ts';

export interface EvidenceBookDesk {
  readonly database: Database;
  readonly boot: number;
  readonly clock: DeviceClock;
  readonly onRecord: () => void;
  readonly onTrouble: (error: unknown) => void;
}

interface Entry {
  readonly startAt: number;
  readonly parts: Set<number>;
  settled: boolean;
}

/** Nothing older is told of any more: "at least 30 days offline, no record lost". */
export const MEMORY_MS = 30 * 86_400_000;

/**
 * The board's evidence. A record, the note that it was told and the end of its marker go to the disk in one transaction,
 * so that a power cut leaves everything told once; only then is it sent. `{boot, seq}` is unique for ever.
 */
export class EvidenceBook {
  readonly outbox = new Outbox();
  readonly #desk: EvidenceBookDesk;
  readonly #ledger = new Map<string, Entry>();
  /** Decided, and on its way to the disk. */
  readonly #closing = new Set<string>();
  #seq = 0;
  #chain: Promise<unknown> = Promise.resolve();

  constructor(desk: EvidenceBookDesk) {
    this.#desk = desk;
  }

  /** After a start: what the outbox still holds, what was told before, and the stretches that the end of the page cut short. */
  async open(): Promise<void> {
    const { database, clock } = this.#desk;
    const read = database.transaction(['outbox', 'ledger', 'marks']);
    const [outbox, ledger, marks] = [
      read.objectStore('outbox'),
      read.objectStore('ledger'),
      read.objectStore('marks'),
    ];
    const [numbers, records] = await Promise.all([outbox.getAllKeys(), outbox.getAll()]);
    for (const [at, record] of records.entries()) this.outbox.add(numbers[at]?.[0] ?? 0, record);
    const [ids, entries] = await Promise.all([ledger.getAllKeys(), ledger.getAll()]);
    for (const [at, { startAt, parts, settled }] of entries.entries()) {
      this.#ledger.set(ids[at] ?? '', { startAt, parts: new Set(parts), settled });
    }
    const [names, cut] = await Promise.all([marks.getAllKeys(), marks.getAll()]);
    for (const [at, { startAt, record }] of cut.entries()) {
      await this.#write(record, startAt, names[at] ?? '');
    }
    await this.#forget(clock.now());
  }

  isSettled(occurrence: string): boolean {
    return this.#closing.has(occurrence) || (this.#ledger.get(occurrence)?.settled ?? false);
  }

  /** Resolves when everything told so far is on the disk. */
  async written(): Promise<void> {
    await this.#chain;
  }

  /** @param name of the stretch, unique for ever. @param proven resolves when its pixels are hashed, to what is told of them. */
  stretch(occurrence: PlanOccurrence, name: string, stretch: () => Stretch, proven: Promise<unknown>): void {
    this.#inTurn(async () => {
      await proven;
      await this.#write(recordOf(occurrence, stretch()), occurrence.startAt, name);
      this.#desk.onRecord();
    });
  }

  /** The occurrence is over for good: every part without a record gets one that says why it never stood there. */
  settle(occurrence: PlanOccurrence, reason: (part: number) => string): void {
    const { id, startAt, parts } = occurrence;
    if (this.isSettled(id)) return;
    this.#closing.add(id);
    this.#inTurn(async () => {
      const told = this.#ledger.get(id)?.parts ?? new Set();
      for (const index of parts.keys()) {
        if (told.has(index)) continue;
        await this.#write(missedRecord(occurrence, index, reason(index), this.#desk.clock), startAt, null);
      }
      await this.#note(id, startAt, null);
      this.#closing.delete(id);
      this.#desk.onRecord();
    });
  }

  /** What would have to be told of a stretch if the power went now. */
  mark(occurrence: PlanOccurrence, name: string, stretch: Stretch): void {
    this.#inTurn(async () => {
      const mark = { startAt: occurrence.startAt, record: recordOf(occurrence, stretch) };
      await this.#desk.database.put('marks', mark, name);
    });
  }

  /** The controller has it. @returns how many records are let go. */
  async recorded(boot: number, seq: number): Promise<number> {
    const gone = this.outbox.recorded(boot, seq);
    if (gone > 0) await this.#desk.database.delete('outbox', IDBKeyRange.bound([boot, 0], [boot, seq]));
    return gone;
  }

  async #write(draft: RecordDraft, startAt: number, mark: string | null): Promise<void> {
    const { database, boot } = this.#desk;
    const record = AsRunRecord.parse({ seq: this.#seq + 1, ...draft });
    this.#seq = record.seq;
    const entry = this.#entryOf(draft.occurrence, startAt);
    entry.parts.add(draft.part.index);
    // A disk that takes nothing must not silence the board: it is told from memory then.
    await this.#keep(record, { ...entry, parts: [...entry.parts] }, mark).catch(this.#desk.onTrouble);
    this.outbox.add(boot, record);
    for (const key of this.outbox.shed(record.endedAt)) await database.delete('outbox', key);
  }

  async #keep(
    record: AsRunRecord,
    told: { startAt: number; parts: number[]; settled: boolean },
    mark: string | null,
  ): Promise<void> {
    const { database, boot } = this.#desk;
    const change = database.transaction(['outbox', 'ledger', 'marks'], 'readwrite', DURABLE);
    await Promise.all([
      change.objectStore('outbox').add(record, [boot, record.seq]),
      change.objectStore('ledger').put(told, record.occurrence),
      mark === null ? undefined : change.objectStore('marks').delete(mark),
      change.done,
    ]);
  }

  async #note(id: string, startAt: number, part: number | null): Promise<void> {
    const entry = this.#entryOf(id, startAt);
    if (part === null) entry.settled = true;
    else entry.parts.add(part);
    await this.#desk.database.put('ledger', { ...entry, parts: [...entry.parts] }, id);
  }

  #entryOf(id: string, startAt: number): Entry {
    const entry = this.#ledger.get(id) ?? { startAt, parts: new Set<number>(), settled: false };
    this.#ledger.set(id, entry);
    return entry;
  }

  /** What is too old to be told of again. */
  async #forget(now: number): Promise<void> {
    for (const [id, { startAt }] of this.#ledger) {
      if (startAt >= now - 2 * MEMORY_MS) continue;
      this.#ledger.delete(id);
      await this.#desk.database.delete('ledger', id);
    }
  }

  #inTurn(act: () => Promise<void>): void {
    this.#chain = this.#chain.then(act).catch(this.#desk.onTrouble);
  }
}
