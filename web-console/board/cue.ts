import type { Claim, Progress } from '#devices/arbitrate';
import type { PlanOccurrence } from '#devices/plan';
import type { Run } from './run.ts';

/** Who brought something to the board and wants to know what becomes of it. */
export interface Watch {
  /** Its first frame is lit, at this moment, epoch ms; also after an interruption. */
  began(at: number): void;
  /** Nothing more comes of it. @param reason why what was not shown of it was not. */
  finished(reason: string): void;
}

/** One occurrence that has come near: its claim to the board, and what became of it so far. */
export class Cue implements Claim {
  occurrence: PlanOccurrence;
  /** Since when this board could have shown it, of the monotonic clock, ms. */
  readonly knownAt: number;
  /** Of what is in no plan; null for what is. */
  readonly watch: Watch | null;
  /** Until its end, whatever comes between. */
  readonly stands = true;
  progress?: Progress;
  /** Something else had the board when it was its turn. */
  heldBack = false;
  /** Why a part of it could not be shown. */
  readonly failures = new Map<number, string>();
  /** Why something else stands over it: off on purpose, a link that is lost. */
  covered: string | null = null;
  /** That it began was told. */
  told = false;
  run: Run | null = null;

  constructor(occurrence: PlanOccurrence, knownAt: number, watch: Watch | null = null) {
    this.occurrence = occurrence;
    this.knownAt = knownAt;
    this.watch = watch;
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
    return this.occurrence.endAt;
  }

  get begun(): boolean {
    return this.progress !== undefined;
  }

  plays(run: Run, since: number): void {
    this.run = run;
    this.progress = { state: 'playing', since, fromMs: since - run.zeroAt };
  }

  /** Takes it off the board, by its policy to come back or not: at the very place where it was. */
  interrupt(at: number): void {
    const { run } = this;
    if (run === null) return;
    this.progress = { state: 'interrupted', since: at, positionMs: at - run.zeroAt };
    run.cut(at, 'preempted');
    this.run = null;
  }
}
