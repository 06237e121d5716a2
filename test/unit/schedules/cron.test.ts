import fc from 'fast-check';
import cron from 'node-cron';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cronPlaysOn, cronSecondsOfDay, parseCron } from '#schedules/cron';
import { nextStarts, startsIn } from '#schedules/occurrences';
import type { Timetable } from '#schedules/timetable';

const DAY = 86_400_000;
const ZONE = 'Asia/Ho_Chi_Minh';

function table(expression: string, zone = ZONE): Timetable {
  return {
    rule: { kind: 'cron', expression },
    zone,
    startDate: null,
    endDate: null,
    exceptDates: [],
    repeat: { count: 1, gapMs: 0 },
  };
}

function matches(expression: string, at: number): boolean {
  const fields = parseCron(expression);
  if ('error' in fields) throw new Error(fields.error.message);
  const second = Math.floor((((at % DAY) + DAY) % DAY) / 1000);
  return cronPlaysOn(fields, Math.floor(at / DAY)) && cronSecondsOfDay(fields).includes(second);
}

const number = (min: number, max: number) => fc.integer({ min, max }).map(String);
/** Any field of any expression that node-cron's guide shows, for values between two bounds. */
function field(min: number, max: number, ...words: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const range = fc.tuple(number(min, max), number(min, max)).map(([first, last]) => `${first}-${last}`);
  const step = fc.tuple(fc.oneof(fc.constant('*'), range), number(1, 20)).map(([all, by]) => `${all}/${by}`);
  const one = fc.oneof(number(min, max), range, step, ...words);
  return fc.oneof(
    fc.constant('*'),
    fc.array(one, { minLength: 1, maxLength: 3 }).map((list) => list.join(',')),
  );
}
const dayWord = fc.oneof(
  fc.constantFrom('L', 'LW', 'lw', 'l', '1W', '31w'),
  number(1, 31).map((day) => `${day}W`),
  number(1, 30).map((day) => `L-${day}`),
);
const weekdayWord = fc.oneof(
  fc.constantFrom('mon', 'SUN', 'friday', 'sat-sun', 'fri-mon', 'monL', 'sun#1'),
  fc.tuple(number(0, 7), number(1, 5)).map(([day, nth]) => `${day}#${nth}`),
  number(0, 7).map((day) => `${day}L`),
);
const monthWord = fc.constantFrom('jan', 'December', 'feb-apr', 'nov-feb', 'MAY');
const expression = fc
  .tuple(
    fc.option(field(0, 59), { nil: null, freq: 2 }),
    field(0, 59),
    field(0, 23),
    fc.oneof(field(1, 31, dayWord), fc.constant('?'), fc.constant('*')),
    field(1, 12, monthWord),
    fc.oneof(field(0, 7, weekdayWord), fc.constant('?'), fc.constant('*')),
  )
  .map((fields) => fields.filter((each) => each !== null).join(' '));

describe('a cron expression means what node-cron says it means', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('on the days and at the times of day that it names', () => {
    fc.assert(
      fc.property(
        expression.filter((text) => cron.validate(text)),
        fc.array(
          fc.integer({ min: Date.parse('2023-12-01') / 60_000, max: Date.parse('2028-03-31') / 60_000 }),
          {
            minLength: 4,
            maxLength: 4,
          },
        ),
        (text, minutes) => {
          const task = cron.createTask(text, () => undefined, { timezone: 'UTC' });
          const { fields } = cron.validateDetailed(text);
          for (const minute of minutes) {
            // Move the instant onto a time that the expression names, so that the day fields decide.
            const day = Math.floor((minute * 60_000) / DAY) * DAY;
            const [hour = 0, min = 0, second = 0] = [fields?.hour, fields?.minute, fields?.second].map(
              (values) => values?.[minute % values.length],
            );
            const at = day + ((hour * 60 + min) * 60 + second) * 1000;
            expect([new Date(at), matches(text, at)]).toEqual([new Date(at), task.match(new Date(at))]);
            expect(matches(text, minute * 60_000)).toBe(task.match(new Date(minute * 60_000)));
          }
        },
      ),
      { numRuns: 120 },
    );
  }, 60_000);

  it('and what it refuses is refused, whatever is typed', () => {
    const typed = fc
      .array(
        fc.constantFrom(...'0123456789*/-,#?LWlw  '.split(''), 'mon', 'jan', '*/5', ' * ', '1-5', 'x', '@'),
        {
          maxLength: 14,
        },
      )
      .map((pieces) => pieces.join(''));
    const nearly = fc
      .tuple(
        expression,
        fc.nat({ max: 40 }),
        fc.constantFrom('', '9', '-', '/', ',', 'L', '#', 'W', '*', ' ', '0'),
      )
      .map(([text, at, extra]) => text.slice(0, at) + extra + text.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(expression, typed, nearly), (text) => {
        expect([text, 'error' in parseCron(text)]).toEqual([text, !cron.validate(text)]);
      }),
      { numRuns: 2500 },
    );
  }, 60_000);

  it.each([
    '*/15 6-8 * * mon-fri',
    '0 6 L * *',
    '30 17 15W * *',
    '0 9 * * 1#1',
    '0 22-2 * * sat-sun',
    '0 5 1-7 * 7',
    '15 30 6 * dec,jan ?',
    '@monthly',
    '0 7 L-3 * *',
    '0 7 * * 5L',
  ])('%s: the next runs are the ones that node-cron would make', (text) => {
    vi.useFakeTimers({ now: Date.parse('2026-11-24T03:21:07Z'), toFake: ['Date'] });
    const runs = cron.createTask(text, () => undefined, { timezone: ZONE }).getNextRuns(12);
    expect(nextStarts(table(text), Date.now(), 12)).toEqual(runs.map((run) => run.getTime()));
  });

  it('day of month and day of week must both hold: Friday the 13th', () => {
    const runs = nextStarts(table('0 6 13 * 5'), Date.parse('2026-01-01T00:00Z'), 3);
    expect(runs.map((at) => new Date(at + 7 * 3_600_000).toISOString().slice(0, 10))).toEqual([
      '2026-02-13',
      '2026-03-13',
      '2026-11-13',
    ]);
  });

  it('except that a broadcast in a daylight-saving gap is played after it, where node-cron would lose it', () => {
    const window = { from: Date.parse('2026-03-29T00:00Z'), to: Date.parse('2026-03-30T00:00Z') };
    expect(startsIn(table('30 2 * * *', 'Europe/Berlin'), window)).toEqual([Date.parse('2026-03-29T01:30Z')]);
  });
});

describe('an expression with a mistake tells where it is', () => {
  it.each([
    ['61 * * * *', 'minute', '61'],
    ['0 24 * * *', 'hour', '24'],
    ['0 6 32 * *', 'dayOfMonth', '32'],
    ['0 6 * 13 *', 'month', '13'],
    ['0 6 * * 8', 'dayOfWeek', '8'],
    ['0 6 * * mo', 'dayOfWeek', 'mo'],
    ['99 0 6 * * *', 'second', '99'],
    ['0 6 31 4,6 *', 'dayOfMonth', '31'],
    ['* * *', 'expression', '* * *'],
    ['0 6 * * * * *', 'expression', '0 6 * * * * *'],
    ['0 6 * * $', 'expression', '0 6 * * $'],
  ])('%s', (text, field, value) => {
    const read = parseCron(text);
    expect(read).toMatchObject({ error: { field, value } });
    expect('error' in read && read.error.message).toContain(value);
  });

  it('a range as long as the digits allow is refused at once', () => {
    expect(parseCron('1-99999999999999 * * * *')).toMatchObject({ error: { field: 'minute' } });
    expect(parseCron(`${'9'.repeat(90)}-${'9'.repeat(90)} * * * *`)).toMatchObject({
      error: { field: 'minute' },
    });
  });
});
