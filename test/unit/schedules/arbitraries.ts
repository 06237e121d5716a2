import fc from 'fast-check';
import type { Rule } from '#schedules/rule';
import type { Timetable } from '#schedules/timetable';

const pad = (value: number) => String(value).padStart(2, '0');

/** Places and days at which calendars are known to break. */
export const HARD_DAYS: readonly (readonly [zone: string, date: string])[] = [
  ['Asia/Ho_Chi_Minh', '2026-11-29'],
  ['Asia/Ho_Chi_Minh', '2026-12-31'],
  ['Asia/Ho_Chi_Minh', '2024-02-29'],
  ['Asia/Ho_Chi_Minh', '2025-07-25'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['America/Sao_Paulo', '2018-02-18'],
  ['Pacific/Apia', '2011-12-30'],
];

const DAY = 86_400_000;
const dateNear = (date: string) =>
  fc
    .integer({ min: -4, max: 4 })
    .map((days) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10));

/** Early hours twice as often: that is when clocks change. */
const time = fc
  .oneof(
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 59 })),
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 15, 30, 59)),
    fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 30, 59)),
  )
  .map(([hour, minute]) => `${pad(hour)}:${pad(minute)}`);
const times = fc.array(time, { minLength: 1, maxLength: 4 });

function ruleNear(date: string): fc.Arbitrary<Rule> {
  const lunarDay = fc.record({
    month: fc.option(fc.integer({ min: 1, max: 12 })),
    day: fc.oneof(fc.constant(-1), fc.integer({ min: 1, max: 30 })),
  });
  const monthDay = fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: -31, max: -1 }));
  return fc.oneof(
    fc.record({ kind: fc.constant('once' as const), date: dateNear(date), times }),
    fc.record({ kind: fc.constant('daily' as const), times, everyDays: fc.integer({ min: 1, max: 3 }) }),
    fc.record({
      kind: fc.constant('weekly' as const),
      times,
      weekdays: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
    }),
    fc.record({
      kind: fc.constant('monthly' as const),
      times,
      days: fc.array(monthDay, { minLength: 1, maxLength: 12 }),
    }),
    fc.record({
      kind: fc.constant('lunar' as const),
      times,
      days: fc.array(lunarDay, { minLength: 1, maxLength: 12 }),
      leapMonths: fc.boolean(),
    }),
  );
}

/** A timetable and a window of up to four days beside a hard day. */
export const hardCase: fc.Arbitrary<{ timetable: Timetable; window: { from: number; to: number } }> = fc
  .constantFrom(...HARD_DAYS)
  .chain(([zone, date]) =>
    fc.record({
      timetable: fc.record({
        rule: ruleNear(date),
        zone: fc.constant(zone),
        startDate: fc.option(dateNear(date)),
        endDate: fc.option(dateNear(date)),
        exceptDates: fc.array(dateNear(date), { maxLength: 2 }),
        repeat: fc.constant({ count: 1, gapMs: 0 }),
      }),
      window: fc
        .tuple(fc.integer({ min: -3 * 1440, max: 1440 }), fc.integer({ min: 1, max: 4 * 1440 }))
        .map(([first, minutes]) => {
          const from = Date.parse(date) + first * 60_000;
          return { from, to: from + minutes * 60_000 };
        }),
    }),
  );
