import { MS_PER_DAY } from './calendar-day.ts';
import { recurrenceOf } from './recurrence.ts';
import type { Timetable } from './timetable.ts';
import { zoneOf } from './zone.ts';

/** Epoch milliseconds; `from` is in it, `to` is not. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * No wall clock is further from UTC than this, and no gap moves a time further: the days to look at around a window.
 */
const REACH_DAYS = 2;

/**
 * When a timetable starts in a window: epoch ms, ascending, `from ≤ t < to`, each instant once.
 *
 * Dates are those of the wall clock in the timetable's zone, before any daylight-saving gap moved a time. A time in a
 * gap plays after it, later by the gap's length (Temporal's `compatible`); a time that comes twice plays once, the
 * earlier one. This holds for cron expressions too; node-cron itself would leave out a time in a gap, and a
 * broadcast that is due every day must not be lost on one day in March.
 *
 * @param limit the most starts that are wanted, the first ones: `* * * * * *` has 2.6 million in a month.
 * @throws RangeError on an unknown zone or a cron expression that cannot be read; `Timetable` refuses both.
 */
export function startsIn(
  timetable: Timetable,
  window: Window,
  limit: number = Number.POSITIVE_INFINITY,
): number[] {
  const { from, to } = window;
  if (!(from < to)) return [];
  const zone = zoneOf(timetable.zone);
  const { firstDay, lastDay, playsOn, secondsOfDay } = recurrenceOf(timetable);
  const begin = Math.max(firstDay, Math.floor(from / MS_PER_DAY) - REACH_DAYS);
  const end = Math.min(lastDay, Math.floor(to / MS_PER_DAY) + REACH_DAYS);
  const starts: number[] = [];
  let sorted = true;
  let last = Number.NEGATIVE_INFINITY;
  let enoughOn = Number.POSITIVE_INFINITY;
  for (let day = begin; day <= Math.min(end, enoughOn + REACH_DAYS); day += 1) {
    if (!playsOn(day)) continue;
    for (const second of secondsOfDay) {
      const start = zone.toUtc(day * MS_PER_DAY + second * 1000);
      if (start < from || start >= to) continue;
      // Two times of day become one instant where a gap moves the first onto the second; then order may break too.
      if (start <= last) sorted = false;
      last = start;
      starts.push(start);
    }
    // Days may still follow whose starts are no later than the last one, where the calendar skipped a day.
    if (starts.length >= limit) enoughOn = Math.min(enoughOn, day);
  }
  const ordered = sorted ? starts : [...new Set(starts)].sort((a, b) => a - b);
  return ordered.length > limit ? ordered.slice(0, limit) : ordered;
}

/** Ten years: a schedule for 29 February or for Tết answers, and one that never comes again ends the search. */
export const SEARCH_HORIZON_MS = 3653 * MS_PER_DAY;

/** The next `count` starts at or after `from`, fewer when the timetable or the horizon ends before. */
export function nextStarts(
  timetable: Timetable,
  from: number,
  count: number,
  horizonMs: number = SEARCH_HORIZON_MS,
): number[] {
  const found: number[] = [];
  const end = from + horizonMs;
  let span = MS_PER_DAY;
  for (
    let at = from;
    at < end && found.length < count;
    at += span, span = Math.min(span * 2, 366 * MS_PER_DAY)
  ) {
    found.push(...startsIn(timetable, { from: at, to: Math.min(end, at + span) }, count - found.length));
  }
  return found;
}
