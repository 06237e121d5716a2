import { arbitrate, type Claim } from '#devices/arbitrate';
import { occurrenceId, type Schedule } from './schedule.ts';

/**
 * What becomes of the one that loses:
 * - `interrupted`: it was playing and stops; its `resume` policy says what follows.
 * - `delayed`: it begins when the winner has ended, joining in progress; its first `overlapMs` are lost.
 * - `refused`: it never begins, since the winner ends after it may still begin.
 */
export type Effect = 'interrupted' | 'delayed' | 'refused';

/** One occurrence on the air. Epoch ms. */
export interface Airing {
  readonly schedule: Schedule;
  readonly startAt: number;
  readonly endAt: number;
}

export function airing(schedule: Schedule, startAt: number): Airing {
  return { schedule, startAt, endAt: startAt + schedule.content.durationMs };
}

export interface Outcome {
  readonly earlier: Airing;
  readonly later: Airing;
  readonly winner: Airing;
  readonly effect: Effect;
}

/**
 * Who wins, and how, asked of the devices' own rule at the moment when the later one starts. Of two that start
 * together the winner is the earlier one: the other finds it playing.
 */
export function foretell(one: Airing, two: Airing): Outcome {
  const [earlier, later] = one.startAt <= two.startAt ? [one, two] : [two, one];
  if (earlier.startAt === later.startAt) {
    const { playing } = arbitrate([claimOf(earlier), claimOf(later)], later.startAt);
    const winner = playing?.claim.id === claimOf(later).id ? later : earlier;
    const loser = winner === later ? earlier : later;
    return { earlier: winner, later: loser, winner, effect: heldBack(winner, loser) };
  }
  const running = {
    ...claimOf(earlier),
    progress: { state: 'playing' as const, since: earlier.startAt, fromMs: 0 },
  };
  const rival = claimOf(later);
  const { playing } = arbitrate([running, rival], later.startAt);
  if (playing?.claim.id === rival.id) return { earlier, later, winner: later, effect: 'interrupted' };
  return { earlier, later, winner: earlier, effect: heldBack(earlier, later) };
}

function heldBack(winner: Airing, loser: Airing): Effect {
  const latest = Math.min(loser.endAt - 1, loser.startAt + loser.schedule.maxLatenessMs);
  return winner.endAt <= latest ? 'delayed' : 'refused';
}

function claimOf({ schedule, startAt, endAt }: Airing): Claim {
  const { id, priority, resume, maxLatenessMs } = schedule;
  return {
    id: occurrenceId(id, startAt),
    priority,
    resume,
    startAt,
    endAt,
    notAfter: startAt + maxLatenessMs,
  };
}
