import type { AsRunRecord } from '#devices/as-run';
import type { PlanOccurrence } from '#devices/plan';
import type { DeviceClock } from './clock.ts';
import { missedRecord, recordOf } from './evidence-record.ts';
import { Ledger } from './ledger.ts';
import { NowPlaying } from './now-playing.ts';
import type { Draft, Outbox } from './outbox.ts';
import type { Stretch } from './performance.ts';

/** Keeps outbox, ledger and marker in step: a record is durable first, then known as told, then sent. */
export class EvidenceBook {
  readonly #ledger: Ledger;
  readonly #marker: NowPlaying;
  readonly #outbox: Outbox;
  readonly #clock: DeviceClock;
  readonly #onRecord: (record: AsRunRecord) => void;
  readonly #onTrouble: (detail: string) => void;
  /** Decided, and on its way to the disk. */
  readonly #closing = new Set<string>();
  #chain: Promise<unknown> = Promise.resolve();

  constructor(
    dir: string,
    outbox: Outbox,
    clock: DeviceClock,
    onRecord: (record: AsRunRecord) => void,
    onTrouble: (detail: string) => void,
  ) {
    this.#ledger = new Ledger(dir);
    this.#marker = new NowPlaying(dir);
    this.#outbox = outbox;
    this.#clock = clock;
    this.#onRecord = onRecord;
    this.#onTrouble = onTrouble;
  }

  /** After a boot: what the outbox still knows, and the play that the power cut ended. */
  async open(): Promise<void> {
    await this.#ledger.open();
    for (const record of this.#outbox.records()) {
      this.#ledger.note(record.occurrence, record.dueAt, record.part.index);
    }
    const cut = await this.#marker.read();
    if (cut !== null) {
      const told = [...this.#outbox.records()].some(
        (record) => record.occurrence === cut.record.occurrence && record.startedAt === cut.record.startedAt,
      );
      if (!told) await this.#write(cut.record, cut.startAt);
      await this.#marker.clear();
    }
  }

  isSettled(occurrence: string): boolean {
    return this.#closing.has(occurrence) || this.#ledger.settled(occurrence);
  }

  /** Resolves when everything told so far is on disk. */
  async written(): Promise<void> {
    await this.#chain;
  }

  stretch(occurrence: PlanOccurrence, stretch: Stretch): void {
    this.#inTurn(async () => {
      await this.#write(recordOf(occurrence, stretch), occurrence.startAt);
      await this.#marker.clear();
    });
  }

  /** The occurrence is over for good: every part without a record gets one that says why it never began. */
  settle(occurrence: PlanOccurrence, reason: string): void {
    if (this.isSettled(occurrence.id)) return;
    this.#closing.add(occurrence.id);
    this.#inTurn(async () => {
      const told = this.#ledger.parts(occurrence.id);
      for (const index of occurrence.parts.keys()) {
        if (!told.has(index)) {
          await this.#write(missedRecord(occurrence, index, reason, this.#clock), occurrence.startAt);
        }
      }
      this.#ledger.settle(occurrence.id, occurrence.startAt);
      await this.#ledger.save(this.#clock.now());
      this.#closing.delete(occurrence.id);
    });
  }

  mark(occurrence: PlanOccurrence, stretch: Stretch): void {
    this.#inTurn(() => this.#marker.mark(occurrence.startAt, recordOf(occurrence, stretch)));
  }

  async #write(draft: Draft, startAt: number): Promise<void> {
    const record = await this.#outbox.append(draft);
    this.#ledger.note(draft.occurrence, startAt, draft.part.index);
    await this.#ledger.save(this.#clock.now());
    this.#onRecord(record);
  }

  #inTurn(act: () => Promise<void>): void {
    this.#chain = this.#chain.then(act).catch((error: unknown) => {
      this.#onTrouble(error instanceof Error ? error.message : String(error));
    });
  }
}
