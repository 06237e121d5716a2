import { z } from 'zod';
import { AsRunRecord } from '#devices/as-run';
import { PriorityClass } from '#devices/plan';
import { Id, page, Time, TimeQuery } from './common.ts';
import type { Route } from './route.ts';

export const Verdict = z.enum(['pending', 'played', 'late', 'partial', 'preempted', 'missed', 'unknown']);
export type Verdict = z.infer<typeof Verdict>;

/** One occurrence on one device, and what became of it. */
export const Play = z.object({
  occurrence: z.string(),
  deviceId: Id,
  deviceName: z.string(),
  areaName: z.string().nullable(),
  scheduleId: Id,
  title: z.string(),
  priority: PriorityClass,
  startAt: Time,
  endAt: Time,
  verdict: Verdict,
  reason: z.string().nullable(),
  /** First sample or first frame, by the device's own word. */
  firstSampleAt: Time.nullable(),
  latenessMs: z.number().nullable(),
  playedMs: z.number(),
  dueMs: z.number(),
});
export type Play = z.infer<typeof Play>;

export const PlayDetail = Play.extend({
  planSha256: z.string(),
  parts: z.array(
    z.object({ index: z.number(), title: z.string(), sha256: z.string(), durationMs: z.number() }),
  ),
  records: z.array(AsRunRecord.extend({ boot: z.number(), receivedAt: Time })),
});
export type PlayDetail = z.infer<typeof PlayDetail>;

const PlayFilter = z.object({
  from: TimeQuery,
  to: TimeQuery,
  device: Id.optional(),
  area: Id.optional(),
  schedule: Id.optional(),
  verdict: Verdict.optional(),
  search: z.string().max(100).optional(),
});

export const playRoutes = {
  'GET /plays': {
    summary: 'The playback log, newest first',
    allow: [],
    query: PlayFilter.extend({
      limit: z.coerce.number().int().min(1).max(500).default(100),
      cursor: z.string().optional(),
    }),
    response: page(Play).extend({ counts: z.record(Verdict, z.number().int()) }),
  },
  'GET /plays/{occurrence}/{device}': {
    summary: "One line of the log with the device's own records",
    allow: [],
    params: z.object({ occurrence: z.string().max(96), device: Id }),
    response: PlayDetail,
  },
  'GET /plays.csv': {
    summary:
      'The same rows as CSV (RFC 4180, UTF-8 with BOM), in the words of `language`; separated by semicolons in `vi`, as a spreadsheet with a decimal comma expects, by commas in `en`',
    allow: [],
    query: PlayFilter.extend({ language: z.enum(['vi', 'en']).default('vi') }),
    response: 'text/csv',
  },
} as const satisfies Record<string, Route>;
