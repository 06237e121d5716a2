import { startsIn } from '#schedules/occurrences';
import { zoneOf } from '#schedules/zone';
import { Failure } from '../failure.ts';
import type { Schedule } from '../http/contract/schedules.ts';
import type { Schedules } from '../timetable/schedules.ts';

const DAY_MS = 86_400_000;

/** A moment on the wall clock of a zone: `2026-11-24` and `06:00:30`. */
export function wallClock(at: number, zone: string): { date: string; time: string } {
  const [date = '', time = ''] = new Date(zoneOf(zone).toLocal(at)).toISOString().split('T');
  return { date, time: time.slice(0, 8) };
}

/**
 * Takes one occurrence out of a schedule, and leaves all others: a schedule knows exceptions by the day, so what else it
 * plays on that day goes into a schedule of its own.
 * @throws what the schedules throw.
 */
export function giveWay(schedules: Schedules, id: string, startAt: number, by: string): void {
  const schedule = schedules.get(id);
  const { rule, zone, exceptDates } = schedule.timetable;
  const { date } = wallClock(startAt, zone);
  const clock = zoneOf(zone);
  const midnight = Math.floor(clock.toLocal(startAt) / DAY_MS) * DAY_MS;
  const day = { from: clock.toUtc(midnight), to: clock.toUtc(midnight + DAY_MS) };
  const others = startsIn(schedule.timetable, day)
    .filter((start) => start !== startAt)
    .map((start) => wallClock(start, zone).time);
  const { zone: _, ...timetable } = schedule.timetable;
  const [first, ...rest] = others;
  if (rule.kind === 'once' && first !== undefined) {
    schedules.change(id, { timetable: { ...timetable, rule: { ...rule, times: [first, ...rest] } } }, true);
    return;
  }
  without(schedules, id, { ...timetable, exceptDates: [...exceptDates, date] });
  if (first === undefined) return;
  const once = { kind: 'once' as const, date, times: [first, ...rest] };
  schedules.create(
    { ...bodyOf(schedule), timetable: { ...timetable, rule: once, startDate: null, endDate: null } },
    true,
    by,
  );
}

/** One that would never play again is switched off, so that a person still finds it. */
function without(schedules: Schedules, id: string, timetable: Omit<Schedule['timetable'], 'zone'>): void {
  try {
    schedules.change(id, { timetable }, true);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'never-occurs') throw error;
    schedules.change(id, { enabled: false }, true);
  }
}

type Body = Parameters<Schedules['create']>[0];

function bodyOf(schedule: Schedule): Omit<Body, 'timetable'> {
  const { title, content, targets, priority, resume, maxLatenessMs, gainDb, boardMinutes, enabled } =
    schedule;
  return {
    ...{ title, resume, maxLatenessMs, gainDb, boardMinutes, enabled },
    content: content as Body['content'],
    targets: targets.map(({ kind, id }) => ({ kind, id })),
    // Only what a person may choose is ever stored.
    priority: priority as Body['priority'],
  };
}
