import { z } from 'zod';
import { isRealDate } from './calendar-day.ts';
import { parseCron } from './cron.ts';

/** A date on the wall calendar of the site, `2026-11-24`. */
export const LocalDate = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/)
  .refine(isRealDate, 'no such day in the calendar');
/** A time on the wall clock of the site, `06:00` or `06:00:30`. */
export const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/);

const times = z.array(LocalTime).min(1).max(48);
/** ISO 8601: Monday is 1 and Sunday is 7. */
const weekday = z.number().int().min(1).max(7);
/** From the start of the month, or from its end: -1 is its last day. Never 0. */
const monthDay = z
  .number()
  .int()
  .refine((day) => (day >= 1 && day <= 31) || (day >= -31 && day <= -1), 'from 1 to 31, or from -1 to -31');

/**
 * Five or six fields in the syntax of node-cron: `[second] minute hour day-of-month month day-of-week`; day of month
 * AND day of week. Also its nicknames, `@daily` and the like.
 */
export const CronExpression = z
  .string()
  .min(5)
  .max(200)
  .superRefine((expression, context) => {
    const read = parseCron(expression);
    if ('error' in read)
      context.addIssue({ code: 'custom', message: read.error.message, params: read.error });
  });

/** When something is to be heard or seen, in the words of the person who decides it. */
export const Rule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once'), date: LocalDate, times }),
  z.object({ kind: z.literal('daily'), times, everyDays: z.number().int().min(1).max(366).default(1) }),
  z.object({ kind: z.literal('weekly'), times, weekdays: z.array(weekday).min(1).max(7) }),
  z.object({ kind: z.literal('monthly'), times, days: z.array(monthDay).min(1).max(31) }),
  /**
   * Vietnamese lunar dates, reckoned at UTC+7. `month` null means every lunar month (rằm: day 15; mồng một: day 1);
   * day -1 is the month's last (giao thừa: month 12, day -1). A leap month counts only if `leapMonths`.
   */
  z.object({
    kind: z.literal('lunar'),
    times,
    days: z
      .array(
        z.object({
          month: z.number().int().min(1).max(12).nullable(),
          day: z
            .number()
            .int()
            .refine((day) => (day >= 1 && day <= 30) || day === -1, 'from 1 to 30, or -1'),
        }),
      )
      .min(1)
      .max(31),
    leapMonths: z.boolean().default(false),
  }),
  z.object({ kind: z.literal('cron'), expression: CronExpression }),
]);
export type Rule = z.infer<typeof Rule>;
