import type { Claim, Progress } from '#devices/arbitrate';
import type { PlanOccurrence } from '#devices/plan';
import type { Performance } from './performance.ts';

/** One occurrence of the plan that has come near: its claim to the air, and what became of it so far. */
export class Cue implements Claim {
  occurrence: PlanOccurrence;
  progress?: Progress;
  /** Something else had the air when it was its turn. */
  heldBack = false;
  armed = false;
  /** It took part in a decision since it came near. */
  decided = false;
  /** Set when it is over for good; what is still on its way out may drain. */
  closing: string | null = null;
  readonly performances = new Set<Performance>();
  /** The one that is to be heard; an earlier one may still drain. */
  current: Performance | null = null;

  constructor(occurrence: PlanOccurrence) {
    this.occurrence = occurrence;
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
    return this.occurrence.endAt;
  }
  get notAfter(): number {
    return this.occurrence.notAfter;
  }

  get begun(): boolean {
    return this.progress !== undefined;
  }

  /** The instant at which it will have played to its end, if nothing comes between; null when it does not play. */
  get expectedEnd(): number | null {
    const { progress } = this;
    if (progress?.state !== 'playing') return null;
    // A hair later, so that at that instant rounding cannot say that it still plays.
    return progress.since - progress.fromMs + this.endAt - this.startAt + 0.01;
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

  /** The reason code for its parts that never began, when it is refused for good. */
  missedReason(readyAt: number, adoptedAt: number): string {
    if (this.begun) return 'preempted';
    if (this.heldBack) return 'preempted-before-start';
    if (this.startAt < readyAt) return 'powered-off';
    // Its plan was not held whole yet when it was due.
    return this.startAt < adoptedAt ? 'blob-missing' : 'too-late';
  }
}
