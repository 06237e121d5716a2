import { z } from 'zod';
import { EndReason } from '#devices/as-run';
import { GuardReason } from '#devices/guards';
import { PriorityClass, ResumePolicy } from '#devices/plan';
import { ById, Id, Time, TimeQuery } from './common.ts';
import { Play } from './plays.ts';
import type { Route } from './route.ts';

/** One occurrence that asks for the air of a device, and what became of it there. */
export const DayItem = z.object({
  id: z.string(),
  title: z.string(),
  /** What stands behind it: a schedule, or a broadcast that was started by hand. */
  source: z.enum(['schedule', 'broadcast']),
  sourceId: Id,
  priority: PriorityClass,
  resume: ResumePolicy,
  startAt: Time,
  endAt: Time,
  notAfter: Time,
  /** As what a board shows: whatever comes between, it comes back until `endAt` (`Claim.stands`). */
  stands: z.boolean(),
  /** Why it is not to be heard, though it was scheduled: a guard of the site. */
  withheld: GuardReason.nullable(),
  /** Whether the plan that the device holds has it; null for what is no longer to come. */
  held: z.boolean().nullable(),
  /** Null until shortly before its time. */
  play: Play.pick({
    verdict: true,
    reason: true,
    firstSampleAt: true,
    latenessMs: true,
    playedMs: true,
    dueMs: true,
  }).nullable(),
  /** The stretches that came out, by the device's own records; `silent`: why nobody could perceive it. */
  heard: z.array(
    z.object({
      from: Time,
      to: Time,
      end: EndReason,
      silent: z.enum(['muted', 'dark', 'amplifier-dead']).nullable(),
    }),
  ),
});
export type DayItem = z.infer<typeof DayItem>;

export const dayRoutes = {
  'GET /devices/{id}/day': {
    summary:
      'What is on one device in a window of at most two days: the past as it was told and as it went, the future as it is planned',
    allow: [],
    params: ById,
    query: z
      .object({ from: TimeQuery, to: TimeQuery })
      .refine(({ from, to }) => to - from <= 2 * 86_400_000, { error: 'spans more than two days' }),
    response: z.object({
      items: z.array(DayItem),
      /** To where the plan reaches; null: no plan. */
      validUntil: Time.nullable(),
    }),
  },
} as const satisfies Record<string, Route>;
