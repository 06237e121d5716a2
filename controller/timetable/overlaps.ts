import { nextStarts } from '#schedules/occurrences';
import { type Overlap as Found, findOverlaps } from '#schedules/overlaps';
import type { TargetedSchedule } from '#schedules/schedule';
import type { Store } from '../database/open.ts';
import type { Overlap } from '../http/contract/schedules.ts';
import { reachOfSchedules, schedulesOfDevices } from './reach.ts';
import { loadPlanned } from './schedule-rows.ts';

/** Five weeks show everything that comes back daily, weekly or monthly. */
const WINDOW_MS = 35 * 86_400_000;
/** What is told by name; the rest is a number. */
const NAMED_DEVICES = 20;
/** The id of a schedule that has none yet. */
export const UNSAVED = 'unsaved';

/**
 * Every overlap that a schedule would have with the others on its devices, explained with data, soonest first.
 * The window begins now and reaches five weeks beyond the first occurrence, however far away that is.
 */
export function explainOverlaps(store: Store, candidate: TargetedSchedule, now: number): Overlap[] {
  const [first] = nextStarts(candidate.timetable, now, 1);
  if (first === undefined || candidate.devices.size === 0) return [];
  const ids = new Set<string>();
  for (const schedules of schedulesOfDevices(store, candidate.devices).values()) {
    for (const id of schedules) if (id !== candidate.id) ids.add(id);
  }
  const reach = reachOfSchedules(store, ids, candidate.devices);
  const others = loadPlanned(store, ids).map((schedule) => ({
    ...schedule,
    devices: reach.get(schedule.id) ?? new Set<string>(),
  }));
  const found = findOverlaps(candidate, others, { from: now, to: first + WINDOW_MS }, now);
  const names = namesOf(store, found);
  return found.map((overlap) => explained(overlap, names));
}

function explained(found: Found, names: ReadonlyMap<string, string>): Overlap {
  const { earlier, later, first, effect } = found;
  const party = (side: Found['earlier'], startAt: number, endAt: number): Overlap['first'] => ({
    scheduleId: side.id === UNSAVED ? null : side.id,
    title: side.title,
    startAt,
    endAt,
  });
  return {
    first: party(earlier, first.earlierStartAt, first.earlierEndAt),
    second: party(later, first.laterStartAt, first.laterEndAt),
    overlapMs: first.overlapMs,
    times: found.count,
    devices: found.devices.slice(0, NAMED_DEVICES).map((id) => ({ id, name: names.get(id) ?? id })),
    deviceCount: found.devices.length,
    outcome: OUTCOME[effect],
  };
}

const OUTCOME: Record<Found['effect'], Overlap['outcome']> = {
  interrupted: 'second-interrupts',
  delayed: 'second-waits',
  refused: 'first-keeps',
};

function namesOf({ sqlite }: Store, found: readonly Found[]): Map<string, string> {
  const ids = new Set(found.flatMap(({ devices }) => devices.slice(0, NAMED_DEVICES)));
  const rows = sqlite
    .prepare<[string], { id: string; name: string }>(
      'SELECT d.id, d.name FROM json_each(?) j JOIN device d ON d.id = j.value',
    )
    .all(JSON.stringify([...ids]));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
