import { civilDate, dayNumber, daysInMonth, isoWeekday, parseDay, parseTime } from './calendar-day.ts';
import { cronPlaysOn, cronSecondsOfDay, parseCron } from './cron.ts';
import { lunarMonthOf } from './lunar.ts';
import type { Rule } from './rule.ts';
import type { Timetable } from './timetable.ts';

/** A timetable made ready for walking: days by number, times of day in seconds of the wall clock. */
export interface Recurrence {
  /** The first and last day by number, both included. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Whether it plays on a day between the two. */
  playsOn(day: number): boolean;
  /** Ascending, each once. */
  readonly secondsOfDay: readonly number[];
}

/** @throws RangeError on a cron expression that `parseCron` refuses; the edge has parsed it before. */
export function recurrenceOf(timetable: Timetable): Recurrence {
  const { rule, startDate, endDate } = timetable;
  let firstDay = startDate === null ? Number.NEGATIVE_INFINITY : parseDay(startDate);
  let lastDay = endDate === null ? Number.POSITIVE_INFINITY : parseDay(endDate);
  if (rule.kind === 'once') {
    const day = parseDay(rule.date);
    if (day < firstDay || day > lastDay) lastDay = Number.NEGATIVE_INFINITY;
    firstDay = day;
    lastDay = Math.min(lastDay, day);
  }
  const except = new Set(timetable.exceptDates.map(parseDay));
  const { plays, seconds } = readRule(rule, startDate === null ? 0 : parseDay(startDate));
  return {
    firstDay,
    lastDay,
    playsOn: except.size === 0 ? plays : (day) => plays(day) && !except.has(day),
    secondsOfDay: seconds,
  };
}

interface Reading {
  plays(day: number): boolean;
  readonly seconds: readonly number[];
}

/** `anchor` is the day from which `everyDays` counts. */
function readRule(rule: Rule, anchor: number): Reading {
  if (rule.kind === 'cron') {
    const fields = parseCron(rule.expression);
    if ('error' in fields) throw new RangeError(fields.error.message);
    return { plays: (day) => cronPlaysOn(fields, day), seconds: cronSecondsOfDay(fields) };
  }
  const seconds = [...new Set(rule.times.map(parseTime))].sort((a, b) => a - b);
  return { plays: dayTest(rule, anchor), seconds };
}

function dayTest(rule: Exclude<Rule, { kind: 'cron' }>, anchor: number): (day: number) => boolean {
  switch (rule.kind) {
    case 'once': {
      const date = parseDay(rule.date);
      return (day) => day === date;
    }
    case 'daily':
      return (day) => (day - anchor) % rule.everyDays === 0;
    case 'weekly': {
      const weekdays = new Set(rule.weekdays);
      return (day) => weekdays.has(isoWeekday(day));
    }
    case 'monthly':
      return monthlyTest(rule.days);
    case 'lunar':
      return lunarTest(rule);
  }
}

/** A day that a month lacks is left out in that month, never moved: the 31st is not the 1st. */
function monthlyTest(days: readonly number[]): (day: number) => boolean {
  const wanted = new Set(days);
  const fromEnd = days.some((day) => day < 0);
  return (day) => {
    const date = civilDate(day);
    if (wanted.has(date.day)) return true;
    return fromEnd && wanted.has(date.day - daysInMonth(date.year, date.month) - 1);
  };
}

function lunarTest(rule: Extract<Rule, { kind: 'lunar' }>): (day: number) => boolean {
  return (day) => {
    const month = lunarMonthOf(day);
    if (month.leap && !rule.leapMonths) return false;
    const ofMonth = day - month.start + 1;
    return rule.days.some(
      (wanted) =>
        (wanted.month === null || wanted.month === month.month) &&
        (wanted.day === -1 ? ofMonth === month.days : ofMonth === wanted.day),
    );
  };
}

/** The day number of the date of the wall clock reading `local` (ms, see `zone.ts`). */
export function dayOfLocal(local: number): number {
  const date = new Date(local);
  return dayNumber(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}
