import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startsIn } from '#schedules/occurrences';
import { plainRule } from '#schedules/plain-rule';
import { Rule } from '#schedules/rule';
import { DAY } from './made.ts';

const cron = (expression: string): Rule => ({ kind: 'cron', expression });

describe('a cron expression is shown in plain words where there are some', () => {
  it.each([
    ['0 6 * * *', { kind: 'daily', times: ['06:00'], everyDays: 1 }],
    ['30 6,17 * * mon-fri', { kind: 'weekly', times: ['06:30', '17:30'], weekdays: [1, 2, 3, 4, 5] }],
    ['15 0 9 * * sun', { kind: 'weekly', times: ['09:00:15'], weekdays: [7] }],
    ['0 7 1,15 * ?', { kind: 'monthly', times: ['07:00'], days: [1, 15] }],
    ['0 18 L-3,L * *', { kind: 'monthly', times: ['18:00'], days: [-4, -1] }],
  ])('%s', (expression, plain) => {
    expect(plainRule(cron(expression))).toEqual(plain);
  });

  it.each(['0 6 13 * 5', '*/5 * * * *', '0 6 * 12 *', '0 6 * * 1#1', '0 6 15W * *', '0 6 * *'])(
    '%s has none and stays',
    (expression) => {
      expect(plainRule(cron(expression))).toEqual(cron(expression));
    },
  );

  it('seven days a week are every day', () => {
    expect(plainRule({ kind: 'weekly', times: ['06:00'], weekdays: [7, 1, 2, 3, 4, 5, 6] })).toEqual({
      kind: 'daily',
      times: ['06:00'],
      everyDays: 1,
    });
  });

  it('and the words mean the same as the expression', () => {
    const list = (values: string[]) =>
      fc.subarray(values, { minLength: 1, maxLength: 3 }).map((some) => some.join());
    const expression = fc
      .tuple(
        list(['0', '10', '59']),
        list(['0', '6', '17-18', '23']),
        fc.oneof(fc.constant('*'), list(['1', '15', '31', 'L', 'L-1', '1W', '28-30'])),
        fc.constantFrom('*', '*', '1-12', '2,11'),
        fc.oneof(fc.constant('*'), list(['0', '7', 'mon-wed', '6', '5L', '2#2', '0-6'])),
      )
      .map((fields) => fields.join(' '));
    const from = Date.parse('2027-12-31T00:00Z');
    const table = (rule: Rule) => ({
      rule,
      zone: 'Asia/Ho_Chi_Minh',
      startDate: null,
      endDate: null,
      exceptDates: [],
      repeat: { count: 1, gapMs: 0 },
    });
    fc.assert(
      fc.property(
        expression.filter((text) => Rule.safeParse(cron(text)).success),
        (text) => {
          const plain = plainRule(cron(text));
          expect(Rule.safeParse(plain).success).toBe(true);
          const window = { from, to: from + 62 * DAY };
          expect(startsIn(table(plain), window)).toEqual(startsIn(table(cron(text)), window));
        },
      ),
      { numRuns: 300 },
    );
  });
});
