import type { PriorityClass, ResumePolicy } from './plan.ts';

/**
 * One rule for who plays, run by the device to play and by the controller to foretell. It looks at what is
 * true now ("now is within the window"), never at an edge that just passed, so that a device that was off,
 * busy or late ends in the same place as one that was not.
 */
export interface Claim {
  readonly id: string;
  readonly priority: PriorityClass;
  readonly resume: ResumePolicy;
  /** Epoch ms. The claim is due in `[startAt, endAt)` and may begin until `notAfter`, inclusive; see `stands`. */
  readonly startAt: number;
  readonly endAt: number;
  readonly notAfter: number;
  /** A live claim is a lease: it ends when it is not renewed. */
  readonly leaseUntil?: number;
  /**
   * It stands until `endAt` whatever comes between, as what a board shows does: it may begin and come back as long as that
   * is not over, at the very place where it was interrupted, and goes no further than `endAt` for it.
   */
  readonly stands?: boolean;
  /** Absent when it never began. */
  readonly progress?: Progress;
}

/** `fromMs` and `positionMs` count from the start of what is played, `since` is in epoch ms. */
export type Progress =
  | { readonly state: 'playing'; readonly since: number; readonly fromMs: number }
  | { readonly state: 'interrupted'; readonly since: number; readonly positionMs: number };

export type Refusal =
  /** Before its window. */
  | 'not-due'
  /** Something of a higher class plays. */
  | 'outranked'
  /** Something of its own class came first. */
  | 'busy'
  /** A later emergency took its place. */
  | 'superseded'
  | 'window-over'
  | 'too-late'
  /** It was interrupted, and its policy is not to come back. */
  | 'skipped'
  | 'interrupted-too-long'
  | 'lease-over';

/** After one of these a claim never plays again, whatever happens around it. */
export const FINAL_REFUSALS: ReadonlySet<Refusal> = new Set<Refusal>([
  'window-over',
  'too-late',
  'skipped',
  'interrupted-too-long',
  'lease-over',
]);

/** How the chosen claim plays on: `fromMs` is the position in it that sounds at `now`. */
export interface Chosen<C extends Claim> {
  readonly claim: C;
  readonly how: 'begin' | 'join' | 'continue' | 'resume' | 'restart';
  readonly fromMs: number;
}

export interface Arbitration<C extends Claim> {
  readonly playing: Chosen<C> | null;
  /** Interrupted, and coming back by its own policy. */
  readonly suspended: readonly C[];
  readonly refused: readonly { readonly claim: C; readonly reason: Refusal }[];
}

/** Later than this a claim that begins joins in progress, in step with its neighbours, instead of from its first sample. */
export const JOIN_AFTER_MS = 500;
/** What could not come back for this long would be heard at an hour that nobody chose. */
export const LONGEST_INTERRUPTION_MS = 30 * 60_000;

/** The order of the classes: higher interrupts lower. */
export const RANK: Record<PriorityClass, number> = {
  emergency: 4,
  live: 3,
  priority: 2,
  scheduled: 1,
  background: 0,
};

/** @param now epoch ms. Every claim comes back in exactly one place; at most one plays. */
export function arbitrate<C extends Claim>(claims: readonly C[], now: number): Arbitration<C> {
  const refused: { claim: C; reason: Refusal }[] = [];
  const able: C[] = [];
  for (const claim of claims) {
    const reason = unable(claim, now);
    if (reason === null) able.push(claim);
    else refused.push({ claim, reason });
  }
  const winner = able.reduce<C | null>(
    (best, claim) => (best === null || beats(claim, best) ? claim : best),
    null,
  );
  const suspended: C[] = [];
  for (const claim of able) {
    if (claim === winner || winner === null) continue;
    if (claim.progress === undefined) refused.push({ claim, reason: heldBackBy(claim, winner) });
    else if (claim.resume === 'skip') refused.push({ claim, reason: 'skipped' });
    else suspended.push(claim);
  }
  return { playing: winner === null ? null : choose(winner, now), suspended, refused };
}

/** Why a claim could not play even alone. */
function unable(claim: Claim, now: number): Refusal | null {
  const { progress } = claim;
  if (now < claim.startAt) return 'not-due';
  if (claim.leaseUntil !== undefined && now >= claim.leaseUntil) return 'lease-over';
  if (progress === undefined) {
    if (now >= claim.endAt) return 'window-over';
    return now > claim.notAfter && claim.stands !== true ? 'too-late' : null;
  }
  if (claim.stands === true) {
    if (now >= claim.endAt) return 'window-over';
    return progress.state === 'interrupted' && claim.resume === 'skip' ? 'skipped' : null;
  }
  const lengthMs = claim.endAt - claim.startAt;
  if (progress.state === 'playing') {
    return now - progress.since + progress.fromMs >= lengthMs ? 'window-over' : null;
  }
  if (claim.resume === 'skip') return 'skipped';
  if (claim.resume === 'join') return now >= claim.endAt ? 'window-over' : null;
  if (claim.resume === 'resume' && progress.positionMs >= lengthMs) return 'window-over';
  return now - progress.since > LONGEST_INTERRUPTION_MS ? 'interrupted-too-long' : null;
}

/**
 * Higher class first. Within a class what plays keeps, then what came first; among emergencies the latest, so
 * that a microphone left open cannot block the next one. The id settles what is left, the same on every device.
 */
function beats(one: Claim, other: Claim): boolean {
  const byRank = RANK[one.priority] - RANK[other.priority];
  if (byRank !== 0) return byRank > 0;
  if (one.priority === 'emergency') {
    return one.startAt === other.startAt ? one.id < other.id : one.startAt > other.startAt;
  }
  const onePlays = one.progress?.state === 'playing';
  if (onePlays !== (other.progress?.state === 'playing')) return onePlays;
  return one.startAt === other.startAt ? one.id < other.id : one.startAt < other.startAt;
}

function heldBackBy(claim: Claim, winner: Claim): Refusal {
  if (RANK[winner.priority] > RANK[claim.priority]) return 'outranked';
  return claim.priority === 'emergency' ? 'superseded' : 'busy';
}

function choose<C extends Claim>(claim: C, now: number): Chosen<C> {
  const { progress } = claim;
  const elapsed = now - claim.startAt;
  if (progress === undefined) {
    return elapsed > JOIN_AFTER_MS
      ? { claim, how: 'join', fromMs: elapsed }
      : { claim, how: 'begin', fromMs: 0 };
  }
  if (progress.state === 'playing') {
    return { claim, how: 'continue', fromMs: progress.fromMs + Math.max(0, now - progress.since) };
  }
  switch (claim.stands === true && claim.resume === 'join' ? 'resume' : claim.resume) {
    case 'resume':
      return { claim, how: 'resume', fromMs: progress.positionMs };
    case 'restart':
      return { claim, how: 'restart', fromMs: 0 };
    case 'join':
    case 'skip':
      return { claim, how: 'join', fromMs: elapsed };
  }
}
