import { Temporal } from 'temporal-polyfill';
import { toLunar } from '#schedules/lunar';
import type { Rule } from '#schedules/rule';
import type { Timetable } from '#schedules/timetable';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** No zone changed its offset at another instant than a multiple of this in the years that the tests look at. */
const OFFSET_STEP = 10 * MINUTE;

/**
 * Brute force, for comparison: walks over every minute of the window and looks at the wall clock. Knows nothing of
 * how `startsIn` works. What the clock skips (a gap) is due as much later as it would have been on the old offset;
 * what it shows twice is due the first time. Times of day with seconds and cron are beyond it.
 */
export function walk(timetable: Timetable, window: { from: number; to: number }): number[] {
  const due = new Set<number>();
  const seen = new Set<number>();
  const matches = minuteTest(timetable);
  let offset = offsetAt(timetable.zone, window.from - 3 * DAY);
  for (let at = window.from - 3 * DAY; at < window.to; at += MINUTE) {
    const before = offset;
    if (at % OFFSET_STEP === 0) offset = offsetAt(timetable.zone, at);
    for (let skipped = at + before; skipped < at + offset; skipped += MINUTE) {
      if (matches(skipped)) due.add(skipped - before);
    }
    const local = at + offset;
    if (matches(local) && !seen.has(local)) due.add(at);
    seen.add(local);
  }
  return [...due].filter((at) => at >= window.from && at < window.to).sort((a, b) => a - b);
}

function offsetAt(zone: string, at: number): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}

/** Whether something is due when the wall clock shows `local`. Days are judged once each. */
function minuteTest(timetable: Timetable): (local: number) => boolean {
  const { rule } = timetable;
  if (rule.kind === 'cron') throw new Error('compare cron with node-cron');
  const minutes = new Set(rule.times.map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))));
  const days = new Map<number, boolean>();
  return (local) => {
    const minute = Math.floor((local % DAY) / MINUTE);
    if (!minutes.has(minute)) return false;
    const day = Math.floor(local / DAY);
    let plays = days.get(day);
    if (plays === undefined) {
      plays = dayPlays(timetable, rule, new Date(day * DAY).toISOString().slice(0, 10));
      days.set(day, plays);
    }
    return plays;
  };
}

function dayPlays(timetable: Timetable, rule: Exclude<Rule, { kind: 'cron' }>, date: string): boolean {
  if (timetable.startDate !== null && date < timetable.startDate) return false;
  if (timetable.endDate !== null && date > timetable.endDate) return false;
  if (timetable.exceptDates.includes(date)) return false;
  const plain = Temporal.PlainDate.from(date);
  switch (rule.kind) {
    case 'once':
      return rule.date === date;
    case 'daily': {
      const anchor = Temporal.PlainDate.from(timetable.startDate ?? '1970-01-01');
      return anchor.until(plain, { largestUnit: 'days' }).days % rule.everyDays === 0;
    }
    case 'weekly':
      return rule.weekdays.includes(plain.dayOfWeek);
    case 'monthly':
      return rule.days.some((day) => (day > 0 ? day : plain.daysInMonth + 1 + day) === plain.day);
    case 'lunar': {
      const number = plain.since('1970-01-01', { largestUnit: 'days' }).days;
      const lunar = toLunar(number);
      if (lunar.leap && !rule.leapMonths) return false;
      return rule.days.some(({ month, day }) => {
        if (month !== null && month !== lunar.month) return false;
        return day === -1 ? toLunar(number + 1).day === 1 : day === lunar.day;
      });
    }
  }
}
