import { civilDate, daysInMonth, isoWeekday } from './calendar-day.ts';
import { CRON_FIELDS, type CronField, type CronToken, readField, splitCron } from './cron-syntax.ts';

/** A cron expression, read. Lists are in the order of the expression; `parseCron` has proven every value. */
export type CronFields = Readonly<Record<CronField, readonly CronToken[]>>;

/** What is wrong with an expression: which field, its text, and a sentence for a person. */
export interface CronFault {
  readonly field: CronField | 'expression';
  readonly value: string;
  readonly message: string;
}

const LABEL: Record<CronField, string> = {
  second: 'second (0–59)',
  minute: 'minute (0–59)',
  hour: 'hour (0–23)',
  dayOfMonth: 'day of the month (1–31, L, L-3, 15W, LW)',
  month: 'month (1–12, jan–dec)',
  dayOfWeek: 'day of the week (0–7, sun–sat, 2#3, 5L; 0 and 7 are Sunday)',
};

const LONGEST_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads five or six fields (`[second] minute hour day-of-month month day-of-week`) in node-cron 4's syntax.
 * What node-cron refuses is refused, with the field that is at fault.
 */
export function parseCron(expression: string): CronFields | { readonly error: CronFault } {
  const texts = splitCron(expression);
  if (!Array.isArray(texts)) {
    return {
      error: {
        field: 'expression',
        value: expression,
        message: `Cannot read the cron expression "${expression}": ${texts.message}; write [second] minute hour day-of-month month day-of-week`,
      },
    };
  }
  const fields: Record<CronField, CronToken[]> = {
    second: [],
    minute: [],
    hour: [],
    dayOfMonth: [],
    month: [],
    dayOfWeek: [],
  };
  for (const [index, field] of CRON_FIELDS.entries()) {
    const value = texts[index] ?? '';
    const tokens = readField(field, value);
    if (tokens === null) {
      return { error: { field, value, message: `"${value}" is not a ${LABEL[field]}` } };
    }
    fields[field] = tokens;
  }
  return impossibleDay(fields, texts) ?? fields;
}

/** 31 April never comes: an expression that could never play is a mistake, not a schedule. */
function impossibleDay(fields: CronFields, texts: readonly string[]): { error: CronFault } | null {
  const { dayOfMonth, month } = fields;
  const possible = dayOfMonth.some(
    (day) => typeof day !== 'number' || month.some((each) => day <= LONGEST_MONTH[Number(each) - 1]!),
  );
  if (possible) return null;
  const value = texts[3] ?? '';
  return {
    error: { field: 'dayOfMonth', value, message: `Day ${value} does not exist in month ${texts[4]}` },
  };
}

/** Whether the day fields hold on a day. Day of month AND day of week, as in node-cron (not crontab's OR). */
export function cronPlaysOn(fields: CronFields, day: number): boolean {
  const { year, month, day: dayOfMonth } = civilDate(day);
  if (!fields.month.includes(month)) return false;
  const last = daysInMonth(year, month);
  const weekday = isoWeekday(day) % 7;
  return (
    fields.dayOfMonth.some((token) => matchesDay(token, dayOfMonth, last, weekday)) &&
    fields.dayOfWeek.some((token) => matchesWeekday(token, dayOfMonth, last, weekday))
  );
}

/** Seconds since midnight, on the wall clock, at which it fires on a day on which it fires at all; ascending. */
export function cronSecondsOfDay(fields: CronFields): number[] {
  const ascending = (tokens: readonly CronToken[]) => tokens.map(Number).sort((a, b) => a - b);
  const minutes = ascending(fields.minute);
  const seconds = ascending(fields.second);
  return ascending(fields.hour).flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => hour * 3600 + minute * 60 + second)),
  );
}

function matchesDay(token: CronToken, day: number, last: number, weekday: number): boolean {
  if (typeof token === 'number') return token === day;
  if (token === 'L') return day === last;
  if (token.startsWith('L-')) return day === last - Number(token.slice(2));
  const target = token === 'LW' ? last : Number.parseInt(token, 10);
  return target <= last && day === nearestWeekday(target, last, weekday - day);
}

/** The Monday-to-Friday nearest to a day without leaving its month. `shift` is weekday minus day, of any day of it. */
function nearestWeekday(target: number, last: number, shift: number): number {
  const weekday = (((target + shift) % 7) + 7) % 7;
  if (weekday === 6) return target === 1 ? 3 : target - 1;
  if (weekday === 0) return target === last ? target - 2 : target + 1;
  return target;
}

function matchesWeekday(token: CronToken, day: number, last: number, weekday: number): boolean {
  if (typeof token === 'number') return token === weekday;
  if (Number(token[0]) !== weekday) return false;
  return token.endsWith('L') ? day + 7 > last : Math.ceil(day / 7) === Number(token[2]);
}
