import { z } from 'zod';
import { LocalDate, Rule } from './rule.ts';
import { isZone } from './zone.ts';

/** When a schedule recurs: a rule between two dates, without the exceptions, each start repeated. */
export const Timetable = z.object({
  rule: Rule,
  /** IANA name; the zone of the site. */
  zone: z.string().min(1).max(64).refine(isZone, 'not an IANA time zone, such as Asia/Ho_Chi_Minh'),
  /** First and last date, both included; null is open. */
  startDate: LocalDate.nullable(),
  endDate: LocalDate.nullable(),
  /** Dates on which nothing of it is played. */
  exceptDates: z.array(LocalDate).max(1000),
  /** The content is played `count` times, with `gapMs` of silence between, as ONE occurrence. */
  repeat: z.object({
    count: z.number().int().min(1).max(100),
    gapMs: z.number().int().min(0).max(86_400_000),
  }),
});
export type Timetable = z.infer<typeof Timetable>;
