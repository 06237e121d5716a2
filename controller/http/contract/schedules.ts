import { z } from 'zod';
import { GuardReason } from '#devices/guards';
import { PriorityClass, ResumePolicy } from '#devices/plan';
import { Timetable } from '#schedules/timetable';
import { ById, changeOf, Id, Nothing, Time, TimeQuery, Title } from './common.ts';
import { Verdict } from './plays.ts';
import type { Route } from './route.ts';

export const Target = z.object({ kind: z.enum(['device', 'group', 'area', 'all']), id: z.string().max(96) });
export type Target = z.infer<typeof Target>;

/** Emergency and live are not scheduled; they have doors of their own. */
export const SchedulablePriority = PriorityClass.extract(['priority', 'scheduled', 'background']);

export const ScheduleBody = z.object({
  title: Title,
  content: z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['programme', 'playlist']), id: Id }),
    /** A stream, for so long from each start; a device cannot play it without the controller. */
    z.object({ kind: z.literal('relay'), id: Id, minutes: z.number().int().min(1).max(720) }),
  ]),
  timetable: Timetable.omit({ zone: true }),
  targets: z.array(Target).min(1).max(1_000),
  priority: SchedulablePriority.default('scheduled'),
  resume: ResumePolicy.default('resume'),
  maxLatenessMs: z.number().int().min(0).max(3_600_000).default(300_000),
  gainDb: z.number().min(-40).max(12).default(0),
  /** How long boards go on showing it from each start, its parts going round; null: once through, as loudspeakers do. */
  boardMinutes: z.number().int().min(1).max(10_080).nullable().default(null),
  enabled: z.boolean().default(true),
});
export type ScheduleBody = z.infer<typeof ScheduleBody>;

export const Schedule = z.object({
  id: Id,
  title: z.string(),
  content: z.object({
    kind: z.enum(['programme', 'playlist', 'relay']),
    id: Id,
    title: z.string(),
    /** Of a relay. */
    minutes: z.number().int().optional(),
    durationMs: z.number().nullable(),
  }),
  timetable: Timetable,
  targets: z.array(Target.extend({ name: z.string() })),
  priority: PriorityClass,
  resume: ResumePolicy,
  maxLatenessMs: z.number(),
  gainDb: z.number(),
  boardMinutes: z.number().int().nullable(),
  enabled: z.boolean(),
  /** Devices that it reaches now. */
  devices: z.number().int(),
  /** What goes out in one occurrence, repeats and gaps included; null while the sound is not ready. */
  durationMs: z.number().nullable(),
  next: z.array(Time),
  createdAt: Time,
  updatedAt: Time,
});
export type Schedule = z.infer<typeof Schedule>;

/** Two schedules that want the same devices at the same time, once, however often it comes back. */
export const Overlap = z.object({
  first: z.object({ scheduleId: Id.nullable(), title: z.string(), startAt: Time, endAt: Time }),
  second: z.object({ scheduleId: Id.nullable(), title: z.string(), startAt: Time, endAt: Time }),
  overlapMs: z.number(),
  /** How often it happens in the window that was looked at. */
  times: z.number().int(),
  devices: z.array(z.object({ id: Id, name: z.string() })).max(20),
  deviceCount: z.number().int(),
  /** What the devices will do: the second waits or is refused, or it interrupts the first. */
  outcome: z.enum(['second-waits', 'second-interrupts', 'first-keeps']),
});
export type Overlap = z.infer<typeof Overlap>;

/** What of a schedule the guards of the site forbid, with the first occurrence that they meet. */
export const GuardFinding = z.object({
  reason: GuardReason,
  /** It cannot be saved so; else some devices, or some days, stay silent. */
  refused: z.boolean(),
  at: Time,
  /** Of the site's wall clock: when it is due, the same time in the other half of the day, and the next that is allowed. */
  time: z.string(),
  otherHalf: z.string().nullable(),
  nextAllowed: z.string().nullable(),
  /** How often in the five weeks that were looked at. */
  times: z.number().int(),
  devices: z.number().int(),
  /** Areas with hours of their own. */
  areas: z.array(z.string()),
  longestMinutes: z.number().int(),
});
export type GuardFinding = z.infer<typeof GuardFinding>;

export const OccurrenceView = z.object({
  id: z.string(),
  scheduleId: Id,
  title: z.string(),
  priority: PriorityClass,
  startAt: Time,
  /** When the last device is through with it. */
  endAt: Time,
  /** When loudspeakers are through, where boards go on for longer or stop sooner; null where all end together. */
  heardUntil: Time.nullable(),
  devices: z.number().int(),
  /** What became of it, per verdict; empty while it is to come. */
  verdicts: z.partialRecord(Verdict, z.number().int()),
  /** Why it will be heard nowhere, though it is scheduled: a guard of the site. */
  withheld: GuardReason.nullable(),
});
export type OccurrenceView = z.infer<typeof OccurrenceView>;

const make = ['operator'] as const;
export const scheduleRoutes = {
  'GET /schedules': {
    summary: 'Schedules, the next to come first',
    allow: [],
    query: z.object({ search: z.string().max(100).optional() }),
    response: z.array(Schedule),
  },
  'POST /schedules': {
    summary:
      'Makes a schedule. Overlaps are refused with 409 `overlaps` unless `acceptOverlaps` is true; what the guards forbid, with 422',
    allow: make,
    body: ScheduleBody.extend({ acceptOverlaps: z.boolean().default(false) }),
    response: Schedule,
    status: 201,
  },
  'POST /schedules/preview': {
    summary:
      'What a schedule would do, before it is saved: next occurrences and overlaps. `id` when one is edited',
    allow: [],
    body: ScheduleBody.extend({ id: Id.optional() }),
    response: z.object({
      next: z.array(Time),
      durationMs: z.number().nullable(),
      devices: z.number().int(),
      overlaps: z.array(Overlap),
      guards: z.array(GuardFinding),
    }),
  },
  'GET /schedules/{id}': { summary: 'One schedule', allow: [], params: ById, response: Schedule },
  'PATCH /schedules/{id}': {
    summary: 'Changes a schedule',
    allow: make,
    params: ById,
    body: changeOf(ScheduleBody).extend({ acceptOverlaps: z.boolean().default(false) }),
    response: Schedule,
  },
  'DELETE /schedules/{id}': {
    summary: 'Removes a schedule; its log stays',
    allow: make,
    params: ById,
    response: Nothing,
  },
  'POST /schedules/{id}/restore': {
    summary: 'Undoes a removal',
    allow: make,
    params: ById,
    response: Schedule,
  },
  'GET /occurrences': {
    summary:
      'All occurrences of a window of at most 62 days: the past as it went, the future as it is planned',
    allow: [],
    query: z.object({ from: TimeQuery, to: TimeQuery, device: Id.optional() }),
    response: z.array(OccurrenceView),
  },
} as const satisfies Record<string, Route>;
