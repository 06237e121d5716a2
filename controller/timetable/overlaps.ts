import { DeviceKind } from '#devices/kind';
import { nextStarts } from '#schedules/occurrences';
import { type Overlap as Found, findOverlaps } from '#schedules/overlaps';
import type { TargetedSchedule } from '#schedules/schedule';
import type { Store } from '../database/open.ts';
import type { Overlap } from '../http/contract/schedules.ts';
import { schedulesAmong } from './following.ts';
import { reachOfSchedules } from './reach.ts';
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
  const window = { from: now, to: first + WINDOW_MS };
  const others = loadPlanned(store, schedulesAmong(store, candidate.devices));
  // First by the clock alone, for each of them shares some device: which ones is asked only for those that collide.
  const suspects = others.map((schedule) => ({ ...schedule, devices: candidate.devices }));
  const colliding = new Set(
    findOverlaps(candidate, suspects, window, now).flatMap(({ earlier, later }) => [earlier.id, later.id]),
  );
  if (colliding.size === 0) return [];
  const reach = reachOfSchedules(store, colliding, candidate.devices);
  const rivals = suspects.flatMap((schedule) => {
    const devices = reach.get(schedule.id);
    return devices === undefined || schedule.id === candidate.id ? [] : { ...schedule, devices };
  });
  // A notice for a board is not held against a song for a speaker where both are meant for both.
  const kinds = kindsOfDevices(store, candidate.devices);
  const found = findOverlaps(candidate, rivals, window, now, (device) => kinds.get(device));
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

function kindsOfDevices({ sqlite }: Store, devices: ReadonlySet<string>): Map<string, DeviceKind> {
  const rows = sqlite
    .prepare<[string], { id: string; kind: string }>(
      'SELECT d.id, d.kind FROM json_each(?) j JOIN device d ON d.id = j.value',
    )
    .all(JSON.stringify([...devices]));
  return new Map(rows.map(({ id, kind }) => [id, DeviceKind.parse(kind)]));
}

function namesOf({ sqlite }: Store, found: readonly Found[]): Map<string, string> {
  const ids = new Set(found.flatMap(({ devices }) => devices.slice(0, NAMED_DEVICES)));
  const rows = sqlite
    .prepare<[string], { id: string; name: string }>(
      'SELECT d.id, d.name FROM json_each(?) j JOIN device d ON d.id = j.value',
    )
    .all(JSON.stringify([...ids]));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
