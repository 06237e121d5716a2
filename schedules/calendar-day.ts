/**
 * Dates as whole numbers: the days since 1970-01-01 in the proleptic Gregorian calendar. A timetable walks over
 * thousands of days; numbers make that cheap, and no zone can creep in. Zones come in at one place, `zone.ts`.
 */
export const MS_PER_DAY = 86_400_000;

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** The number of a date; days beyond the month's end run on into the next month, as `Date.UTC` has it. */
export function dayNumber(year: number, month: number, day: number): number {
  return Math.floor(Date.UTC(year, month - 1, day) / MS_PER_DAY);
}

export function civilDate(day: number): CivilDate {
  const date = new Date(day * MS_PER_DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** ISO 8601: Monday is 1 and Sunday is 7. 1970-01-01 was a Thursday. */
export function isoWeekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** `2026-11-24` → its number. The text has passed `LocalDate`. */
export function parseDay(text: string): number {
  return Math.floor(Date.parse(`${text}T00:00:00Z`) / MS_PER_DAY);
}

/** The number → `2026-11-24`. */
export function formatDay(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** Whether the text names a day that exists: `2026-02-30` does not. */
export function isRealDate(text: string): boolean {
  const day = parseDay(text);
  return Number.isFinite(day) && formatDay(day) === text;
}

/** `06:00` or `06:00:30` → seconds of the wall clock since midnight. The text has passed `LocalTime`. */
export function parseTime(text: string): number {
  const [hour = '0', minute = '0', second = '0'] = text.split(':');
  return Number(hour) * 3600 + Number(minute) * 60 + Number(second);
}
