import { arbitrate } from '#devices/arbitrate';
import { startsFor } from './duties.ts';
import type { Window } from './occurrences.ts';
import { occurrenceId, type TargetedSchedule } from './schedule.ts';

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
      compare(a.earlier.id, b.earlier.id) ||
      compare(a.later.id, b.later.id),
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
  return groups.told([...candidate.devices].sort(compare));
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
      const other_ = airing(other, theirs[index]!);
      if (startsBefore(ours, other_)) groups.add(ours, other_);
      else groups.add(other_, ours);
    }
  }
  if (groups.empty) return [];
  // Last, since comparing two sets of thousands costs more than comparing two days of occurrences.
  const devices = shared(candidate.devices, other.devices);
  return devices.length === 0 ? [] : groups.told(devices);
}

function startsBefore(a: Airing, b: Airing): boolean {
  return a.startAt === b.startAt ? a.schedule.id < b.schedule.id : a.startAt < b.startAt;
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  return [...few].filter((device) => many.has(device)).sort(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Who wins, and how, asked of the devices' own rule at the moment when the later one starts. */
function foretell(earlier: Airing, later: Airing): { winner: Airing; loser: Airing; effect: Effect } {
  const claim = ({ schedule, startAt, endAt }: Airing) => ({
    id: occurrenceId(schedule.id, startAt),
    priority: schedule.priority,
    resume: schedule.resume,
    startAt,
    endAt,
    notAfter: startAt + schedule.maxLatenessMs,
  });
  const together = earlier.startAt === later.startAt;
  const running = together
    ? claim(earlier)
    : { ...claim(earlier), progress: { state: 'playing' as const, since: earlier.startAt, fromMs: 0 } };
  const rival = claim(later);
  const { playing } = arbitrate([running, rival], later.startAt);
  const laterWins = playing?.claim.id === rival.id;
  const winner = laterWins ? later : earlier;
  const loser = laterWins ? earlier : later;
  if (laterWins && !together) return { winner, loser, effect: 'interrupted' };
  const mayBegin = winner.endAt < loser.endAt && winner.endAt <= loser.startAt + loser.schedule.maxLatenessMs;
  return { winner, loser, effect: mayBegin ? 'delayed' : 'refused' };
}

type Group = Omit<Overlap, 'devices'>;

/** Collisions that differ in nothing but the day are one finding. */
class Groups {
  readonly #groups = new Map<string, Group>();

  get empty(): boolean {
    return this.#groups.size === 0;
  }

  add(earlier: Airing, later: Airing): void {
    const overlapMs = Math.min(earlier.endAt, later.endAt) - later.startAt;
    if (overlapMs <= 0) return;
    const { winner, loser, effect } = foretell(earlier, later);
    const collision: Collision = {
      earlierStartAt: earlier.startAt,
      earlierEndAt: earlier.endAt,
      laterStartAt: later.startAt,
      laterEndAt: later.endAt,
      overlapMs,
    };
    const key = JSON.stringify([earlier.schedule.id, winner === earlier, effect]);
    const group = this.#groups.get(key);
    this.#groups.set(key, {
      earlier: group?.earlier ?? party(earlier.schedule),
      later: group?.later ?? party(later.schedule),
      winner: winner.schedule.id,
      loser: loser.schedule.id,
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
