import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDay, parseDay } from '#schedules/calendar-day';
import { fromLunar, lunarMonthOf, toLunar } from '#schedules/lunar';
import { nextStarts, startsIn } from '#schedules/occurrences';
import type { Rule } from '#schedules/rule';

const HOUR = 3_600_000;
const common = {
  zone: 'Asia/Ho_Chi_Minh',
  startDate: null,
  endDate: null,
  exceptDates: [],
  repeat: { count: 1, gapMs: 0 },
};
const lunar = (
  days: { month: number | null; day: number }[],
  leapMonths = false,
): Rule & { kind: 'lunar' } => ({ kind: 'lunar', times: ['06:00'], days, leapMonths });

function datesIn(rule: Rule, from: string, to: string): string[] {
  return startsIn({ ...common, rule }, { from: Date.parse(from), to: Date.parse(to) }).map((at) =>
    new Date(at + 7 * HOUR).toISOString().slice(0, 10),
  );
}

describe('the lunar calendar is the Vietnamese one', () => {
  it.each([
    ['1968-01-29', 1968, 'a day before China'],
    ['1985-01-21', 1985, 'a month before China'],
    ['2007-02-17', 2007, 'a day before China'],
    ['2030-02-02', 2030, 'a day before China'],
    ['2023-01-22', 2023, ''],
    ['2024-02-10', 2024, ''],
    ['2025-01-29', 2025, ''],
    ['2026-02-17', 2026, ''],
    ['2027-02-06', 2027, ''],
  ])('Tết is on %s', (date, year) => {
    expect(toLunar(parseDay(date))).toEqual({ year, month: 1, day: 1, leap: false });
    expect(formatDay(fromLunar({ year, month: 1, day: 1, leap: false }) ?? Number.NaN)).toBe(date);
  });

  it.each([
    [2004, 2],
    [2006, 7],
    [2009, 5],
    [2012, 4],
    [2014, 9],
    [2017, 6],
    [2020, 4],
    [2023, 2],
    [2025, 6],
    [2028, 5],
    [2031, 3],
    [2033, 11],
  ])('%d has a leap month %d and no other', (year, month) => {
    const leaps = Array.from({ length: 12 }, (_, index) => index + 1).filter(
      (each) => fromLunar({ year, month: each, day: 1, leap: true }) !== null,
    );
    expect(leaps).toEqual([month]);
  });

  it('names every day from 1900 to 2100 once, in months of 29 or 30 days that follow on each other', () => {
    const last = parseDay('2100-12-31');
    const lengths = new Set<number>();
    for (let day = parseDay('1900-01-01'); day <= last; day += 1) {
      const date = toLunar(day);
      // Plain comparison: 73,000 of expect() would take longer than the calendar.
      if (fromLunar(date) !== day) expect([formatDay(day), fromLunar(date)]).toEqual([formatDay(day), day]);
      const month = lunarMonthOf(day);
      lengths.add(month.days);
      const tomorrow = toLunar(day + 1);
      const follows = date.day === month.days ? tomorrow.day === 1 : tomorrow.day === date.day + 1;
      if (!follows) expect([formatDay(day), date, tomorrow]).toBe('consecutive');
    }
    expect([...lengths].sort((a, b) => a - b)).toEqual([29, 30]);
  });

  it('differs from the Chinese calendar only where the meridian makes it', () => {
    const chinese = new Intl.DateTimeFormat('en-u-ca-chinese', { day: 'numeric', timeZone: 'UTC' });
    let same = 0;
    let months = 0;
    for (let day = parseDay('1990-01-01'); day < parseDay('2050-01-01'); day += 1) {
      if (toLunar(day).day !== 1) continue;
      months += 1;
      if (chinese.format(new Date(day * 86_400_000)) === '1') same += 1;
    }
    // A new moon falls between 23 and 24 o'clock at UTC+7 one time in 24: those months begin a day earlier here.
    expect(months).toBeGreaterThan(740);
    expect(same / months).toBeGreaterThan(0.93);
    expect(same / months).toBeLessThan(0.98);
  });

  it('has no thirtieth day in a month of 29, and no leap month where none is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -25_000, max: 47_000 }), (day) => {
        const { year, month, leap, days } = lunarMonthOf(day);
        expect(fromLunar({ year, month, leap, day: days + 1 })).toBeNull();
        expect(fromLunar({ year, month, leap, day: 0 })).toBeNull();
      }),
    );
    expect(fromLunar({ year: 2024, month: 2, day: 1, leap: true })).toBeNull();
  });
});

describe('what is scheduled by the moon', () => {
  it('plays at mồng một and rằm of every month, and in a leap month only on demand', () => {
    const days = [
      { month: null, day: 1 },
      { month: null, day: 15 },
    ];
    const [from, to] = ['2025-06-20T00:00Z', '2025-09-01T00:00Z'];
    expect(datesIn(lunar(days), from, to)).toEqual(['2025-06-25', '2025-07-09', '2025-08-23']);
    expect(datesIn(lunar(days, true), from, to)).toEqual([
      '2025-06-25',
      '2025-07-09',
      '2025-07-25',
      '2025-08-08',
      '2025-08-23',
    ]);
  });

  it('plays at giao thừa on the 29th or the 30th, whichever is the last', () => {
    const eve = { ...common, rule: lunar([{ month: 12, day: -1 }]) };
    const found = nextStarts(eve, Date.parse('2024-01-01T00:00Z'), 4);
    expect(found.map((at) => new Date(at + 7 * HOUR).toISOString().slice(0, 10))).toEqual([
      '2024-02-09',
      '2025-01-28',
      '2026-02-16',
      '2027-02-05',
    ]);
  });
});
