import { z } from 'zod';
import { ResumePolicy } from '#devices/plan';
import { Percent } from '#devices/primitives';
import { ById, changeOf, Id, Nothing, Time, Title } from './common.ts';
import type { Route } from './route.ts';
import { Target } from './schedules.ts';

/** A stream on the internet that may be relayed: Icecast or HTTP (MP3, AAC, Ogg), or HLS. */
export const RelaySource = z.object({
  id: Id,
  title: z.string(),
  url: z.string(),
  /** Played while the stream is lost or silent. */
  fallbackPlaylistId: Id.nullable(),
  /** Silence of so long counts as lost. */
  silenceMs: z.number().int(),
  createdAt: Time,
  updatedAt: Time,
});
export type RelaySource = z.infer<typeof RelaySource>;
const RelaySourceBody = z.object({
  title: Title,
  url: z.url({ protocol: /^https?$/ }).max(1_000),
  fallbackPlaylistId: Id.nullable().default(null),
  silenceMs: z.number().int().min(3_000).max(600_000).default(15_000),
});

/** What devices hear of a relay now. */
export const RelayHears = z.enum(['connecting', 'stream', 'fallback', 'silence']);
export type RelayHears = z.infer<typeof RelayHears>;
export const RelaySwitch = z.object({
  at: Time,
  to: RelayHears,
  /** `silent`, `lost`, `refused`, `back`, `started`, `no-fallback`. */
  reason: z.string(),
  detail: z.string().nullable(),
});
export type RelaySwitch = z.infer<typeof RelaySwitch>;
export const RelayRun = z.object({
  /** The broadcast's. */
  id: Id,
  sourceId: Id,
  title: z.string(),
  scheduleId: Id.nullable(),
  targets: z.array(Target.extend({ name: z.string() })),
  state: z.enum(['starting', 'on-air', 'ended']),
  end: z.enum(['window-over', 'by-operator', 'stopped', 'controller-stopped']).nullable(),
  hears: RelayHears,
  startedAt: Time.nullable(),
  endAt: Time,
  endedAt: Time.nullable(),
  listening: z.number().int(),
  asked: z.number().int(),
  levelDbfs: z.number().nullable(),
  switches: z.array(RelaySwitch),
});
export type RelayRun = z.infer<typeof RelayRun>;

const play = ['operator'] as const;
export const relayRoutes = {
  'GET /relay-sources': { summary: 'Streams that may be relayed', allow: [], response: z.array(RelaySource) },
  'POST /relay-sources': {
    summary: 'Adds a stream. Its address must be one that an administrator allowed (policy `relay`)',
    allow: play,
    body: RelaySourceBody,
    response: RelaySource,
    status: 201,
  },
  'POST /relay-sources/check': {
    summary: 'Listens to an address for some seconds: whether it may be opened, what it is, how loud',
    allow: play,
    body: z.object({ url: RelaySourceBody.shape.url }),
    response: z.object({
      ok: z.boolean(),
      reason: z.string().nullable(),
      format: z.string().nullable(),
      levelDbfs: z.number().nullable(),
    }),
  },
  'PATCH /relay-sources/{id}': {
    summary: 'Changes a stream',
    allow: play,
    params: ById,
    body: changeOf(RelaySourceBody),
    response: RelaySource,
  },
  'DELETE /relay-sources/{id}': {
    summary: 'Removes a stream that no schedule names',
    allow: play,
    params: ById,
    response: Nothing,
  },
  'GET /relays': {
    summary: 'Relays under way and lately over, newest first',
    allow: [],
    response: z.array(RelayRun),
  },
  'GET /relays/{id}': { summary: 'One relay with its switches', allow: [], params: ById, response: RelayRun },
  'POST /relays': {
    summary: 'Relays a stream now, for so long',
    allow: play,
    body: z.object({
      sourceId: Id,
      targets: z.array(Target).min(1).max(200),
      minutes: z.number().int().min(1).max(720).default(30),
      resume: ResumePolicy.default('join'),
      volume: Percent.nullable().default(null),
    }),
    response: RelayRun,
    status: 201,
  },
  'POST /relays/{id}/stop': { summary: 'Ends a relay', allow: play, params: ById, response: RelayRun },
} as const satisfies Record<string, Route>;
