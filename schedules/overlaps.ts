import { arbitrate, type Claim } from '#devices/arbitrate';
import { startsFor } from './duties.ts';
import type { Window } from './occurrences.ts';
import { occurrenceId, type TargetedSchedule } from './schedule.ts';
import { byText } from './text-order.ts';

/**
 * What becomes of the one that loses:
 * - `interrupted`: it was playing and stops; its `resume` policy says what follows.
 * - `delayed`: it begins when the winner has ended, joining in progress; its first `overlapMs` are lost.
 * - `refused`: it never begins, since the winner ends after it may still begin.
 */
export type Effect = 'interrupted' | 'delayed' | 'refused';

export interface OverlapParty {
  readonly id: string;
  readonly title: string;
}

/** One collision of two occurrences. Epoch ms. */
export interface Collision {
  /** When the earlier one started, and when it would still be playing until. */
  readonly earlierStartAt: number;
  readonly earlierEndAt: number;
  readonly laterStartAt: number;
  readonly laterEndAt: number;
  /** How long both would be playing. */
  readonly overlapMs: number;
}

/** All collisions of the candidate with one other schedule (or itself) that end alike, told once. */
export interface Overlap {
  /** "*earlier* would still be playing for 4 min when *later* starts". */
  readonly earlier: OverlapParty;
  readonly later: OverlapParty;
  /** Id of the schedule that is heard, by the rule that the devices themselves apply; and of the one that yields. */
  readonly winner: string;
  readonly loser: string;
  readonly effect: Effect;
  /** The candidate repeats itself before it has ended. */
  readonly self: boolean;
  /** Devices that both are meant for, sorted. */
  readonly devices: readonly string[];
  readonly first: Collision;
  readonly last: Collision;
  readonly count: number;
  readonly longestMs: number;
}

/**
 * Every overlap of a schedule with the others (and with itself) in a window, in order of its first instant.
 * One that ends when the other starts does not overlap. Others with the candidate's id are older versions of it and
 * are left out. Two walks side by side per pair of schedules, never every occurrence with every other.
 *
 * @param now what has ended by then is not told.
 */
export function findOverlaps(
  candidate: TargetedSchedule,
  others: readonly TargetedSchedule[],
  window: Window,
  now: number = window.from,
): Overlap[] {
  const ahead = { from: Math.max(window.from, now), to: window.to };
  const starts = startsFor(candidate, ahead);
  const found = selfOverlaps(candidate, starts);
  for (const other of others) {
    if (other.id === candidate.id || starts.length === 0) continue;
    found.push(...between(candidate, starts, other, ahead));
  }
  return found.sort(
    (a, b) =>
      a.first.laterStartAt - b.first.laterStartAt ||
      byText(a.earlier.id, b.earlier.id) ||
      byText(a.later.id, b.later.id),
  );
}

interface Airing {
  readonly schedule: TargetedSchedule;
  readonly startAt: number;
  readonly endAt: number;
}

function airing(schedule: TargetedSchedule, startAt: number): Airing {
  return { schedule, startAt, endAt: startAt + schedule.content.durationMs };
}

function selfOverlaps(candidate: TargetedSchedule, starts: readonly number[]): Overlap[] {
  const groups = new Groups();
  for (let index = 1; index < starts.length; index += 1) {
    groups.add(airing(candidate, starts[index - 1]!), airing(candidate, starts[index]!));
  }
  return groups.told([...candidate.devices].sort(byText));
}

function between(
  candidate: TargetedSchedule,
  starts: readonly number[],
  other: TargetedSchedule,
  window: Window,
): Overlap[] {
  // The other's occurrences may begin after the window's end only where ours reach beyond it.
  const theirs = startsFor(other, { from: window.from, to: window.to + candidate.content.durationMs });
  const groups = new Groups();
  let first = 0;
  for (const startAt of starts) {
    const ours = airing(candidate, startAt);
    while (first < theirs.length && airing(other, theirs[first]!).endAt <= startAt) first += 1;
    for (let index = first; index < theirs.length && theirs[index]! < ours.endAt; index += 1) {
      groups.add(ours, airing(other, theirs[index]!));
    }
  }
  if (groups.empty) return [];
  // Last, since comparing two sets of thousands costs more than comparing two days of occurrences.
  const devices = shared(candidate.devices, other.devices);
  return devices.length === 0 ? [] : groups.told(devices);
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  return [...few].filter((device) => many.has(device)).sort(byText);
}

interface Outcome {
  readonly earlier: Airing;
  readonly later: Airing;
  readonly winner: Airing;
  readonly effect: Effect;
}

/**
 * Who wins, and how, asked of the devices' own rule at the moment when the later one starts. Of two that start
 * together the winner is the earlier one: the other finds it playing.
 */
function foretell(one: Airing, two: Airing): Outcome {
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

type Group = Omit<Overlap, 'devices'>;

/** Collisions that differ in nothing but the day are one finding. */
class Groups {
  readonly #groups = new Map<string, Group>();

  get empty(): boolean {
    return this.#groups.size === 0;
  }

  add(one: Airing, two: Airing): void {
    const overlapMs = Math.min(one.endAt, two.endAt) - Math.max(one.startAt, two.startAt);
    if (overlapMs <= 0) return;
    const { earlier, later, winner, effect } = foretell(one, two);
    const collision: Collision = {
      earlierStartAt: earlier.startAt,
      earlierEndAt: earlier.endAt,
      laterStartAt: later.startAt,
      laterEndAt: later.endAt,
      overlapMs,
    };
    const key = `${effect} ${earlier.schedule.id}`;
    const group = this.#groups.get(key);
    this.#groups.set(key, {
      earlier: group?.earlier ?? party(earlier.schedule),
      later: group?.later ?? party(later.schedule),
      winner: winner.schedule.id,
      loser: (winner === later ? earlier : later).schedule.id,
      effect,
      self: earlier.schedule === later.schedule,
      first: group?.first ?? collision,
      last: collision,
      count: (group?.count ?? 0) + 1,
      longestMs: Math.max(group?.longestMs ?? 0, overlapMs),
    });
  }

  told(devices: readonly string[]): Overlap[] {
    return [...this.#groups.values()].map((group) => ({ ...group, devices }));
  }
}

function party({ id, title }: TargetedSchedule): OverlapParty {
  return { id, title };
}
