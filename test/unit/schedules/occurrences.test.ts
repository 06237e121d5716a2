import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextStarts, startsIn } from '#schedules/occurrences';
import type { Rule } from '#schedules/rule';
import { Timetable } from '#schedules/timetable';
import { hardCase } from './arbitraries.ts';
import { walk } from './walk.ts';

const HANOI = 'Asia/Ho_Chi_Minh';

function timetable(rule: Rule, more: Partial<Timetable> = {}): Timetable {
  return Timetable.parse({
    rule,
    zone: HANOI,
    startDate: null,
    endDate: null,
    exceptDates: [],
    repeat: { count: 1, gapMs: 0 },
    ...more,
  });
}

/** Starts in the UTC days from `from` to `to` (not included), as ISO text without milliseconds. */
function starts(table: Timetable, from: string, to: string): string[] {
  return startsIn(table, { from: Date.parse(from), to: Date.parse(to) }).map((at) =>
    new Date(at).toISOString().replace(':00.000Z', 'Z'),
  );
}

describe('what the calendar promises is what is played', () => {
  it('agrees with a walk over every minute, in zones and on days at which clocks and calendars jump', () => {
    fc.assert(
      fc.property(hardCase, ({ timetable: table, window }) => {
        expect(startsIn(table, window)).toEqual(walk(table, window));
      }),
      { numRuns: 250 },
    );
  }, 60_000);

  it('plays a window in one piece as it plays it in two', () => {
    fc.assert(
      fc.property(
        hardCase,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ timetable: table, window }, share) => {
          const middle = Math.round(window.from + (window.to - window.from) * share);
          expect([
            ...startsIn(table, { from: window.from, to: middle }),
            ...startsIn(table, { from: middle, to: window.to }),
          ]).toEqual(startsIn(table, window));
        },
      ),
    );
  });

  it('finds the first few without the rest', () => {
    fc.assert(
      fc.property(hardCase, fc.integer({ min: 0, max: 5 }), ({ timetable: table, window }, limit) => {
        expect(startsIn(table, window, limit)).toEqual(startsIn(table, window).slice(0, limit));
      }),
      { numRuns: 500 },
    );
  });

  it('plays the Sunday programme on Sundays', () => {
    const sundays = timetable({ kind: 'weekly', times: ['06:00'], weekdays: [7] });
    expect(starts(sundays, '2026-11-20T00:00Z', '2026-12-07T00:00Z')).toEqual([
      '2026-11-21T23:00Z',
      '2026-11-28T23:00Z',
      '2026-12-05T23:00Z',
    ]);
  });

  it('plays on the first and on the last day of its range, and leaves out its exceptions', () => {
    const range = timetable(
      { kind: 'daily', times: ['00:00', '23:59'], everyDays: 1 },
      { startDate: '2026-11-24', endDate: '2026-11-26', exceptDates: ['2026-11-25'] },
    );
    expect(starts(range, '2026-11-01T00:00Z', '2026-12-31T00:00Z')).toEqual([
      '2026-11-23T17:00Z',
      '2026-11-24T16:59Z',
      '2026-11-25T17:00Z',
      '2026-11-26T16:59Z',
    ]);
  });

  it('includes the start of the window and not its end, so that two windows never play one thing twice', () => {
    const daily = timetable({ kind: 'daily', times: ['06:00'], everyDays: 1 });
    expect(starts(daily, '2026-11-23T23:00Z', '2026-11-24T23:00Z')).toEqual(['2026-11-23T23:00Z']);
  });

  it('counts every third day from its start date, across months', () => {
    const third = timetable({ kind: 'daily', times: ['07:00'], everyDays: 3 }, { startDate: '2026-11-29' });
    expect(starts(third, '2026-11-01T00:00Z', '2026-12-08T00:00Z')).toEqual([
      '2026-11-29T00:00Z',
      '2026-12-02T00:00Z',
      '2026-12-05T00:00Z',
    ]);
  });

  it('leaves the 31st out where there is none and finds the last day of every month, leap years too', () => {
    const ends = timetable({ kind: 'monthly', times: ['12:00'], days: [31, -1] });
    expect(starts(ends, '2024-01-01T00:00Z', '2024-06-01T00:00Z').map((at) => at.slice(0, 10))).toEqual([
      '2024-01-31',
      '2024-02-29',
      '2024-03-31',
      '2024-04-30',
      '2024-05-31',
    ]);
  });

  it('plays a time that daylight saving skips as much later as the clock jumped', () => {
    const berlin = timetable({ kind: 'daily', times: ['02:30'], everyDays: 1 }, { zone: 'Europe/Berlin' });
    expect(starts(berlin, '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-28T01:30Z',
      '2026-03-29T01:30Z',
      '2026-03-30T00:30Z',
    ]);
  });

  it('plays a time that comes twice once, the first time', () => {
    const newYork = timetable(
      { kind: 'daily', times: ['01:30'], everyDays: 1 },
      { zone: 'America/New_York' },
    );
    expect(starts(newYork, '2026-11-01T00:00Z', '2026-11-03T00:00Z')).toEqual([
      '2026-11-01T05:30Z',
      '2026-11-02T06:30Z',
    ]);
  });

  it('plays once what a jump brings onto another time of the same schedule', () => {
    const berlin = timetable(
      { kind: 'once', date: '2026-03-29', times: ['02:30', '03:30', '03:00'] },
      { zone: 'Europe/Berlin' },
    );
    expect(starts(berlin, '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-29T01:30Z',
    ]);
  });

  it('keeps later Sundays at their hour after the clocks have changed', () => {
    const table = timetable({ kind: 'weekly', times: ['09:00'], weekdays: [7] }, { zone: 'Europe/Berlin' });
    expect(starts(table, '2026-10-18T00:00Z', '2026-11-02T00:00Z')).toEqual([
      '2026-10-18T07:00Z',
      '2026-10-25T08:00Z',
      '2026-11-01T08:00Z',
    ]);
  });

  it('plays at midnight on a day that begins at one o’clock', () => {
    const saoPaulo = timetable(
      { kind: 'daily', times: ['00:00'], everyDays: 1 },
      { zone: 'America/Sao_Paulo' },
    );
    expect(starts(saoPaulo, '2018-11-03T00:00Z', '2018-11-06T00:00Z')).toEqual([
      '2018-11-03T03:00Z',
      '2018-11-04T03:00Z',
      '2018-11-05T02:00Z',
    ]);
  });
});

describe('the next occurrences that the console shows', () => {
  it('are the first of the days to come, also years ahead', () => {
    const leapDay = timetable({ kind: 'cron', expression: '0 8 29 2 *' });
    expect(
      nextStarts(leapDay, Date.parse('2026-11-24T00:00Z'), 2).map((at) => new Date(at).toISOString()),
    ).toEqual(['2028-02-29T01:00:00.000Z', '2032-02-29T01:00:00.000Z']);
  });

  it('are fewer when the schedule ends, and none when it is over', () => {
    const short = timetable(
      { kind: 'daily', times: ['06:00'], everyDays: 1 },
      { startDate: '2026-11-24', endDate: '2026-11-25' },
    );
    expect(nextStarts(short, Date.parse('2026-11-24T12:00Z'), 5)).toEqual([Date.parse('2026-11-24T23:00Z')]);
    expect(nextStarts(short, Date.parse('2026-12-24T12:00Z'), 5)).toEqual([]);
  });

  it('agree with the planner', () => {
    fc.assert(
      fc.property(hardCase, ({ timetable: table, window }) => {
        const planned = startsIn(table, window);
        expect(nextStarts(table, window.from, planned.length)).toEqual(planned);
      }),
    );
  });
});

describe('a timetable that cannot be kept is refused where it is entered', () => {
  const good = timetable({ kind: 'daily', times: ['06:00'], everyDays: 1 });
  it.each([
    ['a zone that does not exist', { ...good, zone: 'Asia/Hanoi' }],
    ['an offset instead of a zone', { ...good, zone: '+07:00' }],
    ['30 February', { ...good, exceptDates: ['2026-02-30'] }],
    ['24 o’clock', { ...good, rule: { kind: 'daily', times: ['24:00'] } }],
    ['weekday 0', { ...good, rule: { kind: 'weekly', times: ['06:00'], weekdays: [0] } }],
    ['day 0 of a month', { ...good, rule: { kind: 'monthly', times: ['06:00'], days: [0] } }],
    ['31 April by cron', { ...good, rule: { kind: 'cron', expression: '0 6 31 4 *' } }],
  ])('%s', (_what, bad) => {
    expect(Timetable.safeParse(good).success).toBe(true);
    expect(Timetable.safeParse(bad).success).toBe(false);
  });
});
