import type { Claim, Progress } from '#devices/arbitrate';
import type { PlanOccurrence } from '#devices/plan';
import type { Hindrance } from './hindrance.ts';
import type { Performance } from './performance.ts';

/** Who brought something to the air and wants to know what becomes of it. */
export interface Watch {
  /** Its first sample is heard, or its first frame lit, at this moment, epoch ms; also after an interruption. */
  began(at: number): void;
  /** Nothing more comes of it. @param reason why what was not heard of it was not. */
  finished(reason: string): void;
}

/** One occurrence that has come near: its claim to the air, and what became of it so far. */
export class Cue implements Claim {
  occurrence: PlanOccurrence;
  /** Since when this device could have played it, of the monotonic clock, ms. */
  readonly knownAt: number;
  /** Of what is in no plan; null for what is. */
  readonly watch: Watch | null;
  progress?: Progress;
  /** The progress before the last decision to play, while that lies ahead. */
  #before: Progress | undefined;
  /** Something else had the air when it was its turn. */
  heldBack = false;
  /** Why a part of it could not be played at all. */
  failure: string | undefined;
  /** When it is cut off by a guard, epoch ms, as if it had begun in time; null when it may come to its own end. */
  cutAt: number | null = null;
  armed = false;
  /** It took part in a decision since it came near. */
  decided = false;
  /** Set when it is over for good; what is still on its way out may drain. */
  closing: string | null = null;
  readonly performances = new Set<Performance>();
  /** The one that is to be heard; an earlier one may still drain. */
  current: Performance | null = null;

  readonly stands: boolean;

  constructor(occurrence: PlanOccurrence, knownAt: number, watch: Watch | null = null, stands = false) {
    this.occurrence = occurrence;
    this.knownAt = knownAt;
    this.watch = watch;
    this.stands = stands;
  }

  get id(): string {
    return this.occurrence.id;
  }
  get priority(): Claim['priority'] {
    return this.occurrence.priority;
  }
  get resume(): Claim['resume'] {
    return this.occurrence.resume;
  }
  get startAt(): number {
    return this.occurrence.startAt;
  }
  get endAt(): number {
    return this.cutAt ?? this.occurrence.endAt;
  }
  get notAfter(): number {
    return this.stands ? this.occurrence.endAt : this.occurrence.notAfter;
  }

  get begun(): boolean {
    return this.progress !== undefined;
  }

  /** The instant at which it will have played to its end, if nothing comes between; null when it does not play. */
  get expectedEnd(): number | null {
    const { progress } = this;
    if (progress?.state !== 'playing') return null;
    if (this.stands) return this.endAt + 0.01;
    // A hair later, so that at that instant rounding cannot say that it still plays.
    return progress.since - progress.fromMs + this.endAt - this.startAt + 0.01;
  }

  plays(performance: Performance, since: number, fromMs: number): void {
    this.#before = this.progress;
    this.progress = { state: 'playing', since, fromMs };
    this.performances.add(performance);
    this.current = performance;
  }

  /** Cuts off what a guard finds too long. @param zeroAt when its position 0 would come out, epoch ms. */
  limit(performance: Performance, zeroAt: number): void {
    if (this.cutAt !== null) performance.cut(zeroAt + this.cutAt - this.startAt, 'stopped', 'too-long');
  }

  /** Takes it off the air at an instant, by its policy to come back or not. */
  interrupt(at: number): void {
    const { progress } = this;
    if (progress?.state !== 'playing') return;
    const positionMs = progress.fromMs + Math.max(0, at - progress.since);
    this.progress = { state: 'interrupted', since: at, positionMs };
    this.current?.cut(at, 'preempted');
    this.current = null;
  }

  /** Undoes what was decided for moments after `at`, because something else is to be heard from `at` on. */
  takeBack(at: number): void {
    const { progress } = this;
    if (this.closing !== null) {
      for (const performance of this.performances) performance.cut(at, 'preempted', 'preempted');
    } else if (progress?.state === 'playing' && progress.since > at) {
      this.current?.cut(at, 'preempted');
      this.current = null;
      if (this.#before === undefined) delete this.progress;
      else this.progress = this.#before;
    } else if (progress?.state === 'interrupted' && progress.since > at) {
      for (const performance of this.performances) performance.cut(at, 'preempted');
      const positionMs = Math.max(0, progress.positionMs - (progress.since - at));
      this.progress = { state: 'interrupted', since: at, positionMs };
    }
  }

  /** As if it had never been decided over: the clock was wrong, and every decision with it. */
  forget(at: number): void {
    for (const performance of this.performances) performance.cut(at, 'fault', 'clock-stepped');
    this.current = null;
    this.decided = false;
    delete this.progress;
  }

  /** The reason code when it has had its time: a guard's, or another one. */
  overFor(reason: string): string {
    return this.cutAt === null ? reason : 'too-long';
  }

  /** The reason code for its parts that never began, when it is refused for good. */
  missedReason(hindrance: Hindrance): string {
    if (this.begun) return 'preempted';
    if (this.heldBack) return 'preempted-before-start';
    const hindered = hindrance.at(this.startAt);
    if (hindered !== null) return hindered;
    // Its files were not held whole yet when it was due.
    return hindrance.before(this.startAt, this.knownAt) ? 'blob-missing' : 'too-late';
  }
}
