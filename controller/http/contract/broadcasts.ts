import { z } from 'zod';
import { PriorityClass, ResumePolicy } from '#devices/plan';
import { Percent } from '#devices/primitives';
import { ById, Id, Nothing, page, Time, TimeQuery } from './common.ts';
import type { Route } from './route.ts';
import { Target } from './schedules.ts';

/** preparing → started → ended, or stopped by a person; `failed`: nobody was ready by the deadline. */
export const BroadcastState = z.enum(['preparing', 'started', 'ended', 'stopped', 'failed']);
export type BroadcastState = z.infer<typeof BroadcastState>;

/** How far one device came. `absent`: it had no connection when it was asked. */
export const ShareState = z.enum([
  'asked',
  'received',
  'ready',
  'started',
  'ended',
  'stopped',
  'rejected',
  'absent',
]);
export type ShareState = z.infer<typeof ShareState>;

export const BroadcastSummary = z.object({
  id: Id,
  title: z.string(),
  priority: PriorityClass,
  resume: ResumePolicy,
  state: BroadcastState,
  /** Why it failed: `nobody-ready`, `no-link`, `controller-stopped`; else null. */
  reason: z.string().nullable(),
  content: z.object({ kind: z.enum(['programme', 'playlist', 'live', 'relay', 'incident']), id: Id }),
  targets: z.array(Target.extend({ name: z.string() })),
  durationMs: z.number(),
  volume: Percent.nullable(),
  createdAt: Time,
  createdBy: z.string().nullable(),
  /** When position 0 is heard everywhere. */
  t0: Time.nullable(),
  endedAt: Time.nullable(),
  /** How many devices are in each state; every targeted device counts once. */
  counts: z.record(ShareState, z.number().int()),
});
export type BroadcastSummary = z.infer<typeof BroadcastSummary>;

export const BroadcastShare = z.object({
  deviceId: Id,
  name: z.string(),
  areaName: z.string().nullable(),
  state: ShareState,
  /** Why it is not ready, or no more: a reason code. */
  reason: z.string().nullable(),
  /** When its first sample was heard. */
  startedAt: Time.nullable(),
  updatedAt: Time,
});
export type BroadcastShare = z.infer<typeof BroadcastShare>;

export const BroadcastDetail = BroadcastSummary.extend({ devices: z.array(BroadcastShare) });
export type BroadcastDetail = z.infer<typeof BroadcastDetail>;

/** How many devices targets reach. */
export const Reach = z.object({
  devices: z.number().int(),
  /** Of them, boards; the others are loudspeakers. */
  boards: z.number().int(),
  /** Of them, those that have a connection now. */
  connected: z.number().int(),
  /** Of them, those that can play live sound, and those that can and have a connection. */
  live: z.number().int(),
  liveConnected: z.number().int(),
});
export type Reach = z.infer<typeof Reach>;

const play = ['operator'] as const;
export const broadcastRoutes = {
  'GET /broadcasts': {
    summary: 'Broadcasts that were started by hand, newest first',
    allow: [],
    query: z.object({
      state: BroadcastState.optional(),
      from: TimeQuery.optional(),
      to: TimeQuery.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
      cursor: z.string().optional(),
    }),
    response: page(BroadcastSummary),
  },
  'GET /reach': {
    summary: 'How many devices targets reach, before anything is sent; removed targets reach none',
    allow: [],
    query: z.object({
      targets: z
        .string()
        .max(12_000)
        .meta({ description: '`kind:id` of each, by commas; `all:` for every device' }),
    }),
    response: Reach,
  },
  'GET /broadcasts/{id}': {
    summary: 'One broadcast, with how far each device came',
    allow: [],
    params: ById,
    response: BroadcastDetail,
  },
  'POST /broadcasts': {
    summary:
      'Plays a programme or playlist now: devices get ready, then start together; who is late joins in step',
    allow: play,
    body: z.object({
      content: z.object({ kind: z.enum(['programme', 'playlist']), id: Id }),
      targets: z.array(Target).min(1).max(200),
      priority: PriorityClass.exclude(['live']).default('priority'),
      resume: ResumePolicy.default('skip'),
      volume: Percent.nullable().default(null),
      /** How long the village may wait for its slowest speaker before it starts without it, ms; nobody can be ready at once. */
      patienceMs: z.number().int().min(500).max(60_000).default(8_000),
    }),
    response: BroadcastSummary,
    status: 201,
  },
  'POST /broadcasts/{id}/stop': {
    summary: 'Stops this broadcast on every device',
    allow: play,
    params: ById,
    response: BroadcastSummary,
  },
  'POST /broadcasts/{id}/volume': {
    summary: 'Sets the volume of this broadcast alone',
    allow: play,
    params: ById,
    body: z.object({ volume: Percent }),
    response: BroadcastSummary,
  },
  'POST /stop-all': {
    summary: 'Silences every device of the site, or of some areas and groups, at once',
    allow: play,
    body: z.object({
      targets: z
        .array(Target)
        .max(200)
        .default([{ kind: 'all', id: '' }]),
    }),
    response: z.object({ devices: z.number().int() }),
    status: 202,
  },
  'DELETE /broadcasts/{id}': {
    summary: 'Calls off a broadcast that has not started',
    allow: play,
    params: ById,
    response: Nothing,
  },
} as const satisfies Record<string, Route>;
