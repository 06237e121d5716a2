import { partAt } from '#devices/board/loop';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import { pageAt } from '#devices/render/show';
import type { Stretch } from '#devices/run-record';
import { SCENE_TYPE } from '#devices/scene';
import type { DeviceClock } from '../clock.ts';
import type { Performance, PerformanceObserver } from '../performance.ts';
import { type OpenedScene, PICTURES_PATIENCE_MS } from './opened-scene.ts';
import type { SceneReading } from './scene-shelf.ts';
import { type Ending, type Lit, Take } from './take.ts';

/** What a performance on a board works with. */
export interface Wall {
  readonly clock: DeviceClock;
  brightness(): number;
  open(sha256: string): SceneReading;
  /** It is to be looked at again, at once: something was cut. */
  turn(): void;
}

/** What is due at a moment and can be drawn: the scene, and how long it stands. */
export interface Due {
  readonly opened: OpenedScene;
  readonly part: PlanPart;
  readonly index: number;
  /** Of the scene, ms. */
  readonly tMs: number;
}

/** What is due and not here is looked for so often. */
const LOOK_AGAIN_MS = 500;

interface Standing {
  readonly index: number;
  readonly sinceAt: number;
  readonly untilAt: number;
  take: Take | null;
}

/** One occurrence on a board, scene after scene, from some position until it ends or is cut. Whoever draws asks it what is due. */
export class BoardPerformance implements Performance {
  readonly occurrence: PlanOccurrence;
  readonly #wall: Wall;
  readonly #observer: PerformanceObserver;
  readonly #at: number;
  /** When position 0 would stand, epoch ms: after an interruption later than the occurrence began. */
  readonly #zeroAt: number;
  readonly #takes = new Map<number, Take>();
  /** Parts that had a stretch, and why others had none. */
  readonly #shown = new Set<number>();
  readonly #failures = new Map<number, string>();
  #standing: Standing | null = null;
  #cut: ({ readonly at: number } & Ending) | null = null;
  #over = false;
  /** A file that is due is not here, or not decoded yet. */
  #waits = false;

  constructor(
    wall: Wall,
    occurrence: PlanOccurrence,
    fromMs: number,
    at: number,
    observer: PerformanceObserver,
  ) {
    this.#wall = wall;
    this.occurrence = occurrence;
    this.#at = at;
    // What is planned has whole milliseconds; hairs that decisions leave must not let a page stand for a hair.
    this.#zeroAt = Math.round(at - fromMs);
    this.#observer = observer;
  }

  cut(at: number, end: Ending['end'], reason?: string): void {
    if (this.#over || (this.#cut !== null && this.#cut.at <= at)) return;
    this.#cut = { at, end, reason };
    this.#wall.turn();
  }

  now(): Stretch | null {
    const take = this.#standing?.take ?? null;
    return take?.stands === true ? this.#asIfPowerWent(take) : null;
  }

  open(): Stretch[] {
    const touched = [...this.#takes.values()].filter((take) => take.touched || take.stands);
    for (const take of touched) take.touched = false;
    return touched.map((take) => this.#asIfPowerWent(take));
  }

  get over(): boolean {
    return this.#over;
  }

  /** Concludes what is past, and says what is due now; null for nothing that can be drawn. */
  due(now: number): Due | null {
    if (this.#over || now < this.#at) return null;
    const endAt = this.#endAt;
    if (now >= endAt) {
      this.#finish(endAt);
      return null;
    }
    const place = this.#place(now);
    const standing = this.#standing;
    if (standing !== null && (place.index !== standing.index || now >= standing.untilAt)) this.#leave(now);
    if (place.part === null || place.part.type !== SCENE_TYPE) {
      if (place.part !== null) this.#failures.set(place.index, 'unsupported-media');
      return null;
    }
    this.#standing ??= { index: place.index, sinceAt: place.sinceAt, untilAt: place.untilAt, take: null };
    return this.#opened(place.part, place.index, now - place.sinceAt);
  }

  /** What was due has been lit. */
  lit(due: Due, lit: Lit): void {
    const { index } = due;
    const standing = this.#standing;
    if (standing?.index !== index) return;
    const news = !this.#takes.has(index);
    const take =
      this.#takes.get(index) ?? this.#takeOf(index, Math.max(0, lit.at - standing.sinceAt), lit.at);
    if (standing.take === null) take.comes();
    standing.take = take;
    take.lit(lit);
    if (news) this.#observer.began?.(lit.at);
  }

  /** What is due is not to be seen, from this moment on: something stands over it, or nothing is drawn at all. */
  hidden(at: number, ending: Ending): void {
    for (const take of [...this.#takes.values()]) this.#conclude(take, at, ending);
    const standing = this.#standing;
    if (standing === null) return;
    standing.take = null;
    if (ending.reason !== undefined && !this.#shown.has(standing.index)) {
      this.#failures.set(standing.index, ending.reason);
    }
  }

  /** All of its pages are out of their time: nothing of it is lit. */
  empty(now: number): void {
    this.#standing?.take?.rests(now);
  }

  /** A picture was made of what stands. */
  pictured(id: string): void {
    const take = this.#standing?.take;
    if (take !== null && take !== undefined) take.evidence ??= id;
  }

  /** The next moment at which something else is due of it, epoch ms; infinity for never. */
  nextAt(now: number): number {
    if (this.#over) return Number.POSITIVE_INFINITY;
    if (now < this.#at) return Math.min(this.#at, this.#endAt);
    const next = Math.min(this.#endAt, this.#place(now).untilAt);
    return this.#waits ? Math.min(next, now + LOOK_AGAIN_MS) : next;
  }

  /** It ends at its own end, also where an interruption has moved it. */
  get #endAt(): number {
    return Math.min(this.occurrence.endAt, this.#cut?.at ?? Number.POSITIVE_INFINITY);
  }

  #place(now: number): { part: PlanPart | null; index: number; sinceAt: number; untilAt: number } {
    const { part, index, sinceMs, untilMs } = partAt(this.occurrence, now - this.#zeroAt);
    return { part, index, sinceAt: this.#zeroAt + sinceMs, untilAt: this.#zeroAt + untilMs };
  }

  #opened(part: PlanPart, index: number, tMs: number): Due | null {
    if (this.#observer.leavesOut?.(part) === true) return null;
    this.#waits = true;
    const reading = this.#wall.open(part.sha256);
    if ('reason' in reading) {
      this.#failures.set(index, reading.reason);
      return null;
    }
    const { opened } = reading;
    if (opened.show === null) {
      if (tMs < PICTURES_PATIENCE_MS && this.#wall.clock.now() < this.#at + PICTURES_PATIENCE_MS) return null;
      opened.force();
    }
    this.#waits = false;
    return { opened, part, index, tMs };
  }

  #takeOf(index: number, positionMs: number, at: number): Take {
    const take = new Take(this.occurrence, index, positionMs, at, this.#wall.clock);
    this.#takes.set(index, take);
    this.#shown.add(index);
    return take;
  }

  /** Its turn is over; of a part that goes round the stretch goes on when it comes again. */
  #leave(now: number): void {
    const standing = this.#standing;
    if (standing === null) return;
    this.#standing = null;
    const at = Math.min(now, standing.untilAt);
    standing.take?.rests(at);
    if (this.occurrence.loopMs !== undefined) return;
    if (standing.take !== null) this.#conclude(standing.take, at, this.#naturalEnd(standing.index, at));
    else this.#missed(standing.index, at);
  }

  /** What was moved by an interruption is cut by the end of its occurrence, and says so. */
  #naturalEnd(index: number, at: number): Ending {
    const { parts, startAt, endAt } = this.occurrence;
    const part = parts[index];
    const dueMs = part === undefined ? 0 : Math.min(part.offsetMs + part.durationMs, endAt - startAt);
    const wholeAt = this.#zeroAt + dueMs;
    return this.occurrence.loopMs !== undefined || at >= wholeAt - 1
      ? { end: 'completed' }
      : { end: 'expired', reason: 'window-over' };
  }

  #finish(at: number): void {
    const cut = this.#cut !== null && this.#cut.at <= at ? this.#cut : null;
    this.#standing = null;
    this.#over = true;
    for (const one of [...this.#takes.values()]) {
      this.#conclude(one, at, cut ?? this.#naturalEnd(one.index, at));
    }
    // What was cut may come back, or is told by whoever cut it.
    if (cut === null) for (const missed of this.#failures.keys()) this.#missed(missed, at);
    this.#observer.done();
  }

  #conclude(take: Take, at: number, ending: Ending): void {
    this.#takes.delete(take.index);
    take.rests(at);
    // A clock that was set back must not make it end before it began.
    this.#observer.stretch(take.stretch(Math.max(at, take.startedAt), ending, this.#wall.brightness()));
  }

  /** A part that could not be shown, and why; without a reason whoever settles the occurrence gives one. */
  #missed(index: number, at: number): void {
    const reason = this.#failures.get(index);
    if (reason === undefined || this.#shown.has(index)) return;
    this.#shown.add(index);
    const { errorMs: clockErrorMs, synced: clockSynced } = this.#wall.clock;
    this.#observer.stretch({
      ...{ partIndex: index, startedAt: null, endedAt: at, clockErrorMs, clockSynced },
      ...{ playedMs: 0, end: 'missed', reason },
    });
  }

  #asIfPowerWent(take: Take): Stretch {
    return take.stretch(this.#wall.clock.now(), { end: 'power' }, this.#wall.brightness());
  }
}

/** In how many ms another page stands, or none; and the page. */
export const pageOf = (due: Due, now: number): ReturnType<typeof pageAt> | null =>
  due.opened.show === null ? null : pageAt(due.opened.show, due.tMs, now);
