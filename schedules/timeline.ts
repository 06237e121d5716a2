import {
  arbitrate,
  type Chosen,
  type Claim,
  LONGEST_INTERRUPTION_MS,
  type Refusal,
} from '#devices/arbitrate';
import type { GuardReason } from '#devices/guards';
import type { PriorityClass, ResumePolicy } from '#devices/plan';
import { type Encounter, whyWins } from './encounter.ts';

/** An occurrence as the plan has it, before anything became of it. */
export interface Asking {
  readonly id: string;
  readonly priority: PriorityClass;
  readonly resume: ResumePolicy;
  /** Epoch ms. */
  readonly startAt: number;
  readonly endAt: number;
  readonly notAfter: number;
  /** As what a board shows: see `Claim.stands`. */
  readonly stands?: boolean;
  /** Why it asks for nothing after all: a guard keeps it from being heard. */
  readonly withheld?: GuardReason | null;
}

/** One stretch on the air without a break, in epoch ms; `fromMs` is the place in the occurrence at which it begins. */
export interface Segment<O extends Asking> {
  readonly occurrence: O;
  readonly startAt: number;
  readonly endAt: number;
  readonly fromMs: number;
  readonly how: 'begin' | 'join' | 'resume' | 'restart';
}

/**
 * What will have become of one occurrence:
 * - `whole`: heard from its first to its last moment without a break.
 * - `pieces`: all of it was heard, with an interruption.
 * - `part`: the listener missed something; `reason` says why it did not come back, null where it began late only.
 * - `never`: nothing of it was heard.
 */
export interface Fate<O extends Asking> {
  readonly occurrence: O;
  readonly kind: 'whole' | 'pieces' | 'part' | 'never';
  readonly reason: Refusal | GuardReason | null;
  /** Who had the air when it was decided that this one would not come (back); null where nobody stood in the way. */
  readonly by: O | null;
  /** Milliseconds of its content that were heard, each counted once. */
  readonly heardMs: number;
  /** When nothing more of it is to be expected, epoch ms. */
  readonly overAt: number;
}

export interface Timeline<O extends Asking> {
  /** By time; no two overlap. */
  readonly segments: readonly Segment<O>[];
  /** One for each occurrence, by its start. */
  readonly fates: readonly Fate<O>[];
  /** Who met whom, by time. */
  readonly encounters: readonly Encounter<O>[];
}

/** What has come due, in the middle of its story. */
interface Actor<O extends Asking> extends Claim {
  readonly occurrence: O;
  progress?: Exclude<Claim['progress'], undefined>;
  how: Segment<O>['how'];
  heldBy: O | null;
  readonly heard: { from: number; to: number }[];
}

/**
 * What a device that holds these occurrences, is on and knows the time will play: `arbitrate`, the device's own rule, asked at
 * every instant at which its answer may change. Whatever stands outside of the list is not known to it: give it what
 * starts some hours before the window too.
 * @param from epoch ms; what was over before is left out of the answer, as is what starts at `to` or later.
 */
export function timeline<O extends Asking>(
  occurrences: readonly O[],
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): Timeline<O> {
  const stage = new Stage<O>();
  const coming = occurrences
    .filter(({ withheld = null }) => withheld === null)
    .sort((one, other) => one.startAt - other.startAt || (one.id < other.id ? -1 : 1));
  const silent = occurrences.flatMap((occurrence): Fate<O>[] => {
    const { withheld: reason = null, startAt: overAt } = occurrence;
    return reason === null ? [] : [{ occurrence, kind: 'never', reason, by: null, heardMs: 0, overAt }];
  });
  let next = 0;
  for (;;) {
    const at = Math.min(coming[next]?.startAt ?? Number.POSITIVE_INFINITY, stage.endsAt);
    if (at === Number.POSITIVE_INFINITY) break;
    const first = next;
    while ((coming[next]?.startAt ?? Number.POSITIVE_INFINITY) <= at) next += 1;
    stage.advance(at, coming.slice(first, next));
  }
  const shown = ({ startAt }: O, end: number) => startAt < to && end > from;
  return {
    segments: stage.segments.filter(({ startAt, endAt }) => startAt < to && endAt > from),
    fates: [...stage.fates, ...silent]
      .filter(({ occurrence, overAt }) => shown(occurrence, Math.max(overAt, occurrence.endAt)))
      .sort((one, other) => one.occurrence.startAt - other.occurrence.startAt),
    encounters: stage.encounters.filter(({ at }) => at >= from && at < to),
  };
}

type Effect = Encounter<unknown>['effect'];

class Stage<O extends Asking> {
  readonly segments: Segment<O>[] = [];
  readonly fates: Fate<O>[] = [];
  readonly encounters: Encounter<O>[] = [];
  #playing: Actor<O> | null = null;
  #waiting: Actor<O>[] = [];

  /** When what plays will have come to its end; endless while nothing plays. */
  get endsAt(): number {
    const actor = this.#playing;
    if (actor?.progress?.state !== 'playing') return Number.POSITIVE_INFINITY;
    if (actor.stands === true) return actor.endAt;
    return actor.progress.since - actor.progress.fromMs + actor.endAt - actor.startAt;
  }

  advance(at: number, due: readonly O[]): void {
    const ended = this.#playing;
    if (ended !== null && this.endsAt <= at) {
      this.#leave(ended, at);
      this.#close(ended, at, null);
      this.#playing = null;
    }
    const arrived = due.map(actorOf);
    // Whoever waits has lost to what plays, and goes on losing to it: only who is new can take the air from it.
    const rivals = this.#playing === null ? [...this.#waiting.splice(0), ...arrived] : arrived;
    const before = this.#playing;
    const { playing, suspended, refused } = arbitrate(before === null ? rivals : [before, ...rivals], at);
    if (playing !== null && playing.claim !== before) {
      if (before !== null) this.#interrupt(before, playing.claim, at);
      for (const waiting of this.#waiting) this.#meet(waiting, playing.claim, at, 'held-back', false);
      this.#begin(playing, at);
    }
    for (const actor of suspended) this.#keepWaiting(actor, before, at);
    for (const { claim: actor, reason } of refused) {
      if (reason === 'outranked' || reason === 'busy' || reason === 'superseded')
        this.#keepWaiting(actor, before, at);
      else this.#close(actor, at, reason);
    }
  }

  #begin({ claim: actor, how, fromMs }: Chosen<Actor<O>>, at: number): void {
    if (how !== 'continue') actor.how = how;
    actor.progress = { state: 'playing', since: at, fromMs };
    this.#playing = actor;
  }

  #interrupt(actor: Actor<O>, winner: Actor<O>, at: number): void {
    this.#leave(actor, at);
    this.#meet(actor, winner, at, 'interrupted', false);
  }

  #keepWaiting(actor: Actor<O>, before: Actor<O> | null, at: number): void {
    const winner = this.#playing;
    // What was just interrupted has met its winner already.
    if (winner !== null && actor !== before) this.#meet(actor, winner, at, 'held-back', winner === before);
    this.#waiting.push(actor);
  }

  #meet(
    actor: Actor<O>,
    { occurrence: winner }: Actor<O>,
    at: number,
    effect: Effect,
    playing: boolean,
  ): void {
    const loser = actor.occurrence;
    // It goes on waiting behind the same one, which was interrupted and came back meanwhile.
    if (effect === 'held-back' && actor.heldBy === winner) return;
    actor.heldBy = winner;
    this.encounters.push({ at, winner, loser, why: whyWins(winner, loser, playing), effect });
  }

  /** Takes what plays off the air. */
  #leave(actor: Actor<O>, at: number): void {
    const { progress, occurrence, how } = actor;
    if (progress?.state !== 'playing') return;
    const positionMs = progress.fromMs + at - progress.since;
    if (at > progress.since) {
      this.segments.push({ occurrence, startAt: progress.since, endAt: at, fromMs: progress.fromMs, how });
      actor.heard.push({ from: progress.fromMs, to: positionMs });
    }
    actor.progress = { state: 'interrupted', since: at, positionMs };
  }

  /** Over for good. It is found out when the air is free again; what counts is when and why it could wait no longer. */
  #close(actor: Actor<O>, at: number, found: Refusal | null): void {
    const late =
      found === 'window-over' &&
      actor.progress === undefined &&
      actor.notAfter < actor.endAt &&
      actor.stands !== true;
    const reason = late ? 'too-late' : found;
    const { occurrence, heard } = actor;
    const heardMs = covered(heard);
    const all = heardMs >= occurrence.endAt - occurrence.startAt;
    const kind = heardMs === 0 ? 'never' : !all ? 'part' : heard.length > 1 ? 'pieces' : 'whole';
    const by = reason === null ? null : actor.heldBy;
    this.fates.push({ occurrence, kind, reason, by, heardMs, overAt: Math.min(at, givesUpAt(actor)) });
  }
}

/** The last moment at which it might still have come (back), once it does not play. */
function givesUpAt({ progress, resume, startAt, endAt, notAfter, stands }: Actor<Asking>): number {
  if (stands === true) return progress !== undefined && resume === 'skip' ? progress.since : endAt;
  if (progress === undefined) return Math.max(startAt, Math.min(endAt, notAfter));
  if (resume === 'join') return Math.max(progress.since, endAt);
  return progress.since + (resume === 'skip' ? 0 : LONGEST_INTERRUPTION_MS);
}

function actorOf<O extends Asking>(occurrence: O): Actor<O> {
  const { id, priority, resume, startAt, endAt, notAfter, stands = false } = occurrence;
  return {
    id,
    priority,
    resume,
    startAt,
    endAt,
    notAfter,
    stands,
    occurrence,
    how: 'begin',
    heldBy: null,
    heard: [],
  };
}

function covered(stretches: readonly { from: number; to: number }[]): number {
  let sum = 0;
  let reached = 0;
  for (const { from, to } of stretches.toSorted((one, other) => one.from - other.from)) {
    sum += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return sum;
}
