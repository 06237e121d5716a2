import { JOIN_AFTER_MS } from '#devices/arbitrate';
import type { AsRunRecord } from '#devices/as-run';
import { partAt } from '#devices/board/loop';
import { PageTally, type TalliedPage } from '#devices/board/page-tally';
import type { DeviceClock } from '#devices/device-clock';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import type { Stretch } from '#devices/run-record';
import type { EvidenceBook } from './evidence-book.ts';

export interface RunDesk {
  readonly clock: DeviceClock;
  readonly book: Pick<EvidenceBook, 'stretch' | 'mark'>;
  readonly brightness: () => number;
  /** A name for a stretch of a part, unique for ever. */
  readonly nameOf: (occurrence: string, part: number) => string;
}

/** Where an occurrence is at a moment. */
export interface Place {
  readonly part: PlanPart;
  readonly index: number;
  /** Into the part's scene, ms, which began at `sinceAt`, epoch ms. */
  readonly sceneMs: number;
  readonly sinceAt: number;
  /** When it changes to another part, or to none, epoch ms. */
  readonly untilAt: number;
}

interface Standing {
  readonly name: string;
  readonly tally: PageTally;
  readonly startedAt: number;
  readonly fromMs: number;
  rounds: number;
  round: number;
  firstPixels: string | null;
  evidence: string | null;
  readonly hashing: Set<Promise<unknown>>;
}

/**
 * One occurrence on the board from some position to its end or until it is cut, and the account of what of it was really
 * lit. A part that goes round has one stretch, however often it comes.
 */
export class Run {
  readonly occurrence: PlanOccurrence;
  /** When its position 0 was, or would have been, epoch ms. */
  readonly zeroAt: number;
  readonly #desk: RunDesk;
  readonly #late: string | null;
  readonly #standing = new Map<number, Standing>();

  /** @param late why it was joined in the middle; null when it was not, or nobody knows. */
  constructor(desk: RunDesk, occurrence: PlanOccurrence, zeroAt: number, late: string | null) {
    this.#desk = desk;
    this.#late = late;
    this.occurrence = occurrence;
    this.zeroAt = zeroAt;
  }

  /** What stands on a board stands until its end, whatever came between. */
  get endAt(): number {
    return this.occurrence.endAt;
  }

  /** What stands at a moment, epoch ms; null between parts. */
  at(now: number): Place | null {
    const { part, index, sinceMs, untilMs } = partAt(this.occurrence, now - this.zeroAt);
    if (part === null) return null;
    const sinceAt = this.zeroAt + sinceMs;
    return {
      part,
      index,
      sceneMs: now - sinceAt,
      sinceAt,
      untilAt: Math.min(this.zeroAt + untilMs, this.endAt),
    };
  }

  /** When the next change comes if nothing stands now, epoch ms. */
  nextAt(now: number): number {
    return Math.min(this.zeroAt + partAt(this.occurrence, now - this.zeroAt).untilMs, this.endAt);
  }

  /**
   * The page of this place is lit, since now.
   * @param prove takes the hash of what is lit; asked where it stands for the first time.
   */
  lit(place: Place, page: TalliedPage, now: number, prove: () => Promise<string>): void {
    this.#darken(now, place.index);
    this.#concludeEnded(now);
    const standing = this.#standing.get(place.index) ?? this.#begin(place, now);
    const round = this.#roundOf(now);
    if (round !== standing.round) {
      standing.round = round;
      standing.rounds += 1;
    }
    if (!standing.tally.stands(page, now)) return;
    const hashing = prove().then((pixels) => {
      standing.firstPixels ??= pixels;
      standing.tally.proven(page.index, pixels);
    });
    const settled = hashing.catch(() => undefined);
    standing.hashing.add(settled);
    void settled.then(() => standing.hashing.delete(settled));
  }

  /** Nothing of it is lit, since now. */
  dark(now: number): void {
    this.#darken(now, null);
    this.#concludeEnded(now);
  }

  /** It is over, or interrupted. */
  cut(at: number, end: AsRunRecord['end'], reason?: string): void {
    this.#darken(at, null);
    for (const [index, standing] of [...this.#standing]) this.#conclude(index, standing, at, end, reason);
  }

  /** A picture was sent of what stands. */
  pictured(id: string): void {
    for (const standing of this.#standing.values()) {
      if (standing.tally.standing !== null) standing.evidence ??= id;
    }
  }

  /** Notes what would have to be told if the power went now. */
  mark(now: number): void {
    for (const [index, standing] of this.#standing) {
      if (standing.firstPixels === null) continue;
      const stretch = this.#stretch(index, standing, now, 'power', undefined);
      this.#desk.book.mark(this.occurrence, standing.name, stretch);
    }
  }

  #begin({ index, sceneMs }: Place, now: number): Standing {
    const standing: Standing = {
      ...{ name: this.#desk.nameOf(this.occurrence.id, index), tally: new PageTally() },
      ...{ startedAt: now, fromMs: sceneMs, rounds: 1, round: this.#roundOf(now) },
      ...{ firstPixels: null, evidence: null, hashing: new Set() },
    };
    this.#standing.set(index, standing);
    return standing;
  }

  /** Parts that do not come again. */
  #concludeEnded(now: number): void {
    if (this.occurrence.loopMs !== undefined) return;
    for (const [index, standing] of [...this.#standing]) {
      const part = this.occurrence.parts[index];
      if (part === undefined) continue;
      const endAt = this.zeroAt + part.offsetMs + part.durationMs;
      if (now >= endAt) this.#conclude(index, standing, endAt, 'completed', undefined);
    }
  }

  #roundOf(now: number): number {
    const { loopMs } = this.occurrence;
    return loopMs === undefined ? 0 : Math.floor((now - this.zeroAt) / loopMs);
  }

  #darken(now: number, but: number | null): void {
    for (const [index, standing] of [...this.#standing]) {
      if (index === but) continue;
      standing.tally.ends(Math.min(now, this.#endOf(index, now)));
    }
  }

  /** When the part that stood had its end, if that is over; drawing comes a little later. */
  #endOf(index: number, now: number): number {
    const { loopMs, parts } = this.occurrence;
    const part = parts[index];
    if (part === undefined) return now;
    const roundAt = loopMs === undefined ? 0 : Math.floor((now - this.zeroAt) / loopMs) * loopMs;
    const beginAt = this.zeroAt + roundAt + part.offsetMs;
    const endAt = beginAt + part.durationMs;
    // Its turn of this round is still to come: what stood was that of the round before.
    return now < beginAt && loopMs !== undefined ? endAt - loopMs : endAt;
  }

  #conclude(
    index: number,
    standing: Standing,
    at: number,
    end: AsRunRecord['end'],
    reason: string | undefined,
  ): void {
    this.#standing.delete(index);
    // What is hashed still is waited for; the account itself is closed now.
    const stretch = (): Stretch => this.#stretch(index, standing, at, end, reason);
    this.#desk.book.stretch(this.occurrence, standing.name, stretch, Promise.all(standing.hashing));
  }

  #stretch(
    partIndex: number,
    { tally, startedAt, fromMs, rounds, firstPixels, evidence }: Standing,
    endedAt: number,
    end: AsRunRecord['end'],
    reason: string | undefined,
  ): Stretch {
    const { clock, brightness } = this.#desk;
    const joined = this.occurrence.loopMs !== undefined || fromMs > JOIN_AFTER_MS;
    const why = reason ?? (joined ? this.#late : null);
    return {
      ...{ partIndex, startedAt, endedAt, clockErrorMs: clock.errorMs, clockSynced: clock.synced, end },
      playedMs: tally.shownMs(endedAt),
      ...(this.occurrence.loopMs === undefined ? { fromMs: Math.max(0, fromMs) } : { rounds }),
      ...(why === null ? {} : { reason: why }),
      ...(firstPixels === null ? {} : { pixelsSha256: firstPixels }),
      ...(evidence === null ? {} : { evidence }),
      brightness: brightness(),
      pages: tally.pages(endedAt),
    };
  }
}
