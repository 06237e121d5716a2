import type { CronFields } from './cron.ts';
import { cronSecondsOfDay, parseCron } from './cron.ts';
import type { CronToken } from './cron-syntax.ts';
import type { Rule } from './rule.ts';

/** As many times as `Rule` has room for; more than that no sentence can name. */
const MOST_TIMES = 48;

/**
 * The same recurrence in a plainer kind of rule where there is one, so that a person reads "Monday to Friday, 06:00"
 * instead of `0 6 * * 1-5`. What has no plainer form comes back as it is.
 */
export function plainRule(rule: Rule): Rule {
  if (rule.kind === 'weekly' && new Set(rule.weekdays).size === 7) {
    return { kind: 'daily', times: rule.times, everyDays: 1 };
  }
  if (rule.kind !== 'cron') return rule;
  const fields = parseCron(rule.expression);
  return 'error' in fields ? rule : (plainCron(fields) ?? rule);
}

function plainCron(fields: CronFields): Rule | null {
  const seconds = cronSecondsOfDay(fields);
  if (seconds.length > MOST_TIMES || fields.month.length < 12) return null;
  const times = seconds.map(formatTime);
  const everyWeekday = isWhole(fields.dayOfWeek, 7);
  if (isWhole(fields.dayOfMonth, 31)) {
    if (everyWeekday) return { kind: 'daily', times, everyDays: 1 };
    const weekdays = fields.dayOfWeek.map((token) => (token === 0 ? 7 : token));
    return areNumbers(weekdays) ? { kind: 'weekly', times, weekdays: weekdays.sort((a, b) => a - b) } : null;
  }
  if (!everyWeekday) return null;
  const days = fields.dayOfMonth.map(fromMonthsEnd);
  return areNumbers(days) ? { kind: 'monthly', times, days } : null;
}

/** `L` is the last day, -1; `L-3` the fourth to last, -4. */
function fromMonthsEnd(token: CronToken): CronToken {
  if (token === 'L') return -1;
  const offset = typeof token === 'string' ? /^L-(\d+)$/.exec(token) : null;
  return offset === null ? token : -1 - Number(offset[1]);
}

function isWhole(tokens: readonly CronToken[], size: number): boolean {
  return tokens.filter((token) => typeof token === 'number').length === size;
}

function areNumbers(tokens: readonly CronToken[]): tokens is number[] {
  return tokens.every((token) => typeof token === 'number');
}

/** `06:00`, and `06:00:30` only where the seconds matter. */
function formatTime(seconds: number): string {
  const text = new Date(seconds * 1000).toISOString();
  return seconds % 60 === 0 ? text.slice(11, 16) : text.slice(11, 19);
}
