import type { ShareState } from '../http/contract/broadcasts.ts';

/**
 * When a broadcast starts, decided from what was measured. It starts
 *
 * - as soon as nobody who was asked is still waited for;
 * - {@link STRAGGLERS_MS} after all but a tenth (or all but one, of three and more) have answered: one dead speaker
 *   that still looks connected cannot hold the village, and a speaker that is a little slower is waited for;
 * - at the latest when the operator's patience is at its end, with whoever is ready.
 *
 * It fails when nobody is ready by then: a device that could not fetch its files goes on trying. Who is absent is not
 * waited for.
 */
export function decide(counts: Record<ShareState, number>, times: Times): Decision {
  const { now, deadlineAt, quorumAt } = times;
  const waiting = counts.asked + counts.received;
  const answered = counts.ready + counts.rejected;
  if (waiting === 0 && counts.ready > 0) return { act: 'start' };
  if (now >= deadlineAt) return { act: counts.ready > 0 ? 'start' : 'fail' };
  if (counts.ready === 0 || waiting > tolerated(waiting + answered)) {
    return { act: 'wait', until: deadlineAt, quorumAt: null };
  }
  const since = quorumAt ?? now;
  const until = Math.min(deadlineAt, since + STRAGGLERS_MS);
  return now >= until ? { act: 'start' } : { act: 'wait', until, quorumAt: since };
}

export interface Times {
  readonly now: number;
  /** The end of the operator's patience. */
  readonly deadlineAt: number;
  /** Since when enough have answered; null while they have not. */
  readonly quorumAt: number | null;
}

export type Decision =
  | { readonly act: 'start' }
  | { readonly act: 'fail' }
  | { readonly act: 'wait'; readonly until: number; readonly quorumAt: number | null };

export const STRAGGLERS_MS = 1_000;
const TOLERATED_SHARE = 0.1;

const tolerated = (asked: number): number =>
  asked < 3 ? 0 : Math.max(1, Math.floor(asked * TOLERATED_SHARE));

/** What is said is heard by then on a good link; what the measured paths need comes on top. */
export const LEAST_LEAD_MS = 400;
/** Nobody waits longer than that for one slow path: who is behind it joins in progress. */
export const MOST_LEAD_MS = 5_000;

/**
 * How far ahead the common start is to lie, so that the command is there before it on all but the slowest hundredth
 * of the paths. @param roundTrips from asking to the first acknowledgement, ms, in any order.
 */
export function leadFor(roundTrips: readonly number[]): number {
  const sorted = [...roundTrips].sort((a, b) => a - b);
  const slow = sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
  return Math.min(MOST_LEAD_MS, LEAST_LEAD_MS + Math.max(0, slow));
}
