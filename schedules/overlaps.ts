import type { DeviceKind } from '#devices/kind';
import { kindsOf, startsFor } from './duties.ts';
import { type Airing, airing, type Effect, foretell } from './foretell.ts';
import type { Window } from './occurrences.ts';
import { asSeenBy, type Schedule, type TargetedSchedule } from './schedule.ts';
import { byText } from './text-order.ts';

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
 * @param kindOf tells speakers from boards, so that a notice for a board is not held against a song for a speaker where
 *   both schedules are meant for both. Without it such a device is told too if either schedule suits both kinds.
 */
export function findOverlaps(
  candidate: TargetedSchedule,
  others: readonly TargetedSchedule[],
  window: Window,
  now: number = window.from,
  kindOf?: (device: string) => DeviceKind | undefined,
): Overlap[] {
  const ahead = { from: Math.max(window.from, now), to: window.to };
  const found: Overlap[] = [];
  for (const { kinds, ours } of sights(candidate)) {
    const starts = startsFor(ours, ahead, kinds[0]);
    if (starts.length === 0) continue;
    const among = (devices: readonly string[], contested: readonly DeviceKind[]) =>
      devices.filter((device) => {
        const kind = kindOf?.(device);
        return kind === undefined || contested.includes(kind);
      });
    found.push(...selfOverlaps(ours, starts, among([...ours.devices].sort(byText), kinds)));
    for (const other of others) {
      if (other.id === candidate.id) continue;
      for (const { kinds: theirKinds, ours: theirs } of sights(other)) {
        const contested = theirKinds.filter((kind) => kinds.includes(kind));
        if (contested.length === 0) continue;
        const groups = collisions(ours, starts, theirs, ahead, contested[0]);
        if (groups.empty) continue;
        // Last, since comparing two sets of thousands costs more than comparing a month of occurrences.
        const devices = among(shared(candidate.devices, other.devices), contested);
        if (devices.length > 0) found.push(...groups.told(devices));
      }
    }
  }
  return found.sort(
    (a, b) =>
      a.first.laterStartAt - b.first.laterStartAt ||
      byText(a.earlier.id, b.earlier.id) ||
      byText(a.later.id, b.later.id),
  );
}

/** A schedule as each kind of device has it; once where all have the same. */
function sights<S extends Schedule>(schedule: S): { kinds: DeviceKind[]; ours: S }[] {
  const kinds = kindsOf(schedule);
  if (schedule.content.boards === undefined) return [{ kinds, ours: schedule }];
  return kinds.map((kind) => ({ kinds: [kind], ours: asSeenBy(schedule, kind) }));
}

function selfOverlaps(
  candidate: TargetedSchedule,
  starts: readonly number[],
  devices: readonly string[],
): Overlap[] {
  const groups = new Groups();
  for (let index = 1; index < starts.length; index += 1) {
    groups.add(airing(candidate, starts[index - 1]!), airing(candidate, starts[index]!));
  }
  return groups.empty || devices.length === 0 ? [] : groups.told(devices);
}

function collisions(
  candidate: Schedule,
  starts: readonly number[],
  other: Schedule,
  window: Window,
  kind: DeviceKind | undefined,
): Groups {
  // The other's occurrences may begin after the window's end only where ours reach beyond it.
  const ahead = { from: window.from, to: window.to + candidate.content.durationMs };
  const theirs = startsFor(other, ahead, kind);
  const groups = new Groups();
  let first = 0;
  for (const startAt of starts) {
    const ours = airing(candidate, startAt);
    while (first < theirs.length && airing(other, theirs[first]!).endAt <= startAt) first += 1;
    for (let index = first; index < theirs.length && theirs[index]! < ours.endAt; index += 1) {
      groups.add(ours, airing(other, theirs[index]!));
    }
  }
  return groups;
}

function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  return [...few].filter((device) => many.has(device)).sort(byText);
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

function party({ id, title }: Schedule): OverlapParty {
  return { id, title };
}
