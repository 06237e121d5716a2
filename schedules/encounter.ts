import { RANK } from '#devices/arbitrate';
import type { PriorityClass } from '#devices/plan';

/**
 * Why one has the air and not the other:
 * - `higher`: it is of a higher class.
 * - `latest`: of two emergencies the later one counts.
 * - `kept`: of its class, it was being heard already.
 * - `first`: of its class, it was due earlier.
 * - `drawn`: due at the same moment, so that only the order of their names is left, the same on every device.
 */
export type Why = 'higher' | 'latest' | 'kept' | 'first' | 'drawn';

/** Two that wanted the air at the same moment, epoch ms. */
export interface Encounter<O> {
  readonly at: number;
  readonly winner: O;
  readonly loser: O;
  readonly why: Why;
  /** The loser was heard until then, or did not come on. */
  readonly effect: 'interrupted' | 'held-back';
}

interface Met {
  readonly priority: PriorityClass;
  readonly startAt: number;
}

/** @param playing whether the winner was being heard when the loser came. */
export function whyWins(winner: Met, loser: Met, playing: boolean): Why {
  if (RANK[winner.priority] > RANK[loser.priority]) return 'higher';
  if (winner.startAt !== loser.startAt && winner.priority === 'emergency') return 'latest';
  if (winner.priority !== 'emergency' && playing) return 'kept';
  return winner.startAt === loser.startAt ? 'drawn' : 'first';
}
