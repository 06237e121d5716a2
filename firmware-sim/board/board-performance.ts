import type { AsRunRecord } from '#devices/as-run';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import type { Show } from '#devices/render/show';
import type { DeviceClock } from '../clock.ts';
import type { Performance, PerformanceObserver, Stretch } from '../performance.ts';

export interface Wall {
  readonly clock: DeviceClock;
  brightness(): number;
  /** A part's scene, laid out; or why it cannot be shown. */
  show(part: PlanPart): { show: Show } | { reason: string };
  /** Lights what stands at `tMs` of a scene; returns when its pixels change, in ms. */
  light(owner: object, show: Show, tMs: number): number;
  dark(owner: object): void;
  /** Hash and evidence id of what is lit now. */
  prove(): { pixelsSha256: string; evidence: string };
}

interface Showing {
  readonly part: PlanPart;
  readonly index: number;
  readonly show: Show;
  readonly startedAt: number;
  readonly endAt: number;
  readonly proof: { pixelsSha256: string; evidence: string };
}

/** One occurrence on a board, scene after scene, from some position to its end or until it is cut. */
export class BoardPerformance implements Performance {
  readonly #wall: Wall;
  readonly #observer: PerformanceObserver;
  readonly #fromMs: number;
  readonly #zeroAt: number;
  #waiting: { part: PlanPart; index: number }[];
  #showing: Showing | null = null;
  #cut: { at: number; end: AsRunRecord['end']; reason: string | undefined } | null = null;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(
    wall: Wall,
    occurrence: PlanOccurrence,
    fromMs: number,
    at: number,
    observer: PerformanceObserver,
  ) {
    this.#wall = wall;
    this.#observer = observer;
    this.#fromMs = fromMs;
    this.#zeroAt = at - fromMs;
    this.#waiting = occurrence.parts
      .map((part, index) => ({ part, index }))
      .filter(({ part }) => part.offsetMs + part.durationMs > fromMs && observer.leavesOut?.(part) !== true)
      .sort((one, other) => one.part.offsetMs - other.part.offsetMs);
  }

  /** Does what is due, and sets the alarm for what comes next. */
  step(): void {
    clearTimeout(this.#timer);
    if (this.#over) return;
    const now = this.#wall.clock.now();
    if (this.#showing !== null && now >= this.#endOf(this.#showing)) this.#conclude(this.#showing);
    if (this.#showing === null) this.#begin(now);
    const showing = this.#showing;
    const first = this.#waiting[0];
    if (showing === null && first === undefined) {
      this.#over = true;
      this.#observer.done();
      return;
    }
    let next = first === undefined ? Number.POSITIVE_INFINITY : this.#dueAt(first.part);
    if (showing !== null) {
      const turnsIn = this.#wall.light(this, showing.show, now - this.#zeroAt - showing.part.offsetMs);
      next = Math.min(this.#endOf(showing), now + turnsIn);
    }
    const waitMs = Math.min(Math.max(next - this.#wall.clock.now(), 0), 60_000);
    this.#timer = setTimeout(() => this.step(), waitMs);
  }

  cut(at: number, end: AsRunRecord['end'], reason?: string): void {
    if (this.#over || (this.#cut !== null && this.#cut.at <= at)) return;
    this.#cut = { at, end, reason };
    this.#waiting = this.#waiting.filter(({ part }) => this.#dueAt(part) < at);
    this.step();
  }

  now(): Stretch | null {
    const showing = this.#showing;
    return showing === null ? null : this.#stretch(showing, this.#wall.clock.now(), 'power', undefined);
  }

  #begin(now: number): void {
    for (
      let next = this.#waiting[0];
      next !== undefined && this.#dueAt(next.part) <= now;
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      const { part, index } = next;
      const found = this.#wall.show(part);
      if ('reason' in found) {
        this.#observer.stretch(this.#missed(index, found.reason));
        continue;
      }
      this.#wall.light(this, found.show, now - this.#zeroAt - part.offsetMs);
      const proof = this.#wall.prove();
      const endAt = this.#zeroAt + part.offsetMs + part.durationMs;
      // After drawing: that is when the pixels are lit.
      const startedAt = this.#wall.clock.now();
      this.#showing = { part, index, show: found.show, startedAt, endAt, proof };
      this.#observer.began?.(startedAt);
      return;
    }
  }

  #endOf({ endAt }: Showing): number {
    return Math.min(endAt, this.#cut?.at ?? Number.POSITIVE_INFINITY);
  }

  #conclude(showing: Showing): void {
    this.#showing = null;
    this.#wall.dark(this);
    const endedAt = Math.min(this.#wall.clock.now(), showing.endAt);
    const cut = this.#cut !== null && this.#cut.at < showing.endAt ? this.#cut : null;
    this.#observer.stretch(
      cut === null
        ? this.#stretch(showing, showing.endAt, 'completed', undefined)
        : this.#stretch(showing, endedAt, cut.end, cut.reason),
    );
  }

  #stretch(showing: Showing, endedAt: number, end: AsRunRecord['end'], reason: string | undefined): Stretch {
    const { clock } = this.#wall;
    return {
      partIndex: showing.index,
      startedAt: showing.startedAt,
      endedAt,
      clockErrorMs: clock.errorMs,
      clockSynced: clock.synced,
      fromMs: Math.max(0, showing.startedAt - this.#zeroAt - showing.part.offsetMs),
      playedMs: Math.max(0, endedAt - showing.startedAt),
      end,
      ...(reason === undefined ? {} : { reason }),
      brightness: this.#wall.brightness(),
      ...showing.proof,
    };
  }

  #missed(partIndex: number, reason: string): Stretch {
    const { clock } = this.#wall;
    const { errorMs: clockErrorMs, synced: clockSynced } = clock;
    const endedAt = clock.now();
    return {
      partIndex,
      startedAt: null,
      endedAt,
      clockErrorMs,
      clockSynced,
      playedMs: 0,
      end: 'missed',
      reason,
    };
  }

  #dueAt(part: PlanPart): number {
    return this.#zeroAt + Math.max(part.offsetMs, this.#fromMs);
  }
}
