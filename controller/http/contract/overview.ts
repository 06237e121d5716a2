import { z } from 'zod';
import { Id, Time } from './common.ts';
import { DeviceStatus } from './devices.ts';
import { Verdict } from './plays.ts';
import type { Route } from './route.ts';
import { ROLES } from './route.ts';

export const Overview = z.object({
  at: Time,
  /** What devices said they are playing, per occurrence. */
  onAir: z.array(
    z.object({
      occurrence: z.string(),
      title: z.string(),
      startAt: Time,
      endAt: Time,
      devices: z.object({ due: z.number().int(), playing: z.number().int() }),
      levelDbfs: z.number().nullable(),
      areas: z.array(z.string()),
    }),
  ),
  next: z.array(
    z.object({
      occurrence: z.string(),
      scheduleId: Id,
      title: z.string(),
      startAt: Time,
      endAt: Time,
      devices: z.number().int(),
    }),
  ),
  /** Sorted by what they cost: missed plays, then devices, then warnings. `code` and `params` make the sentence. */
  problems: z.array(
    z.object({
      code: z.enum([
        'plays-missed',
        'plays-unknown',
        'device-offline',
        'device-stale',
        'device-fault',
        'board-differs',
        'board-frozen',
        'board-unpowered',
        'board-dead-pixels',
        'plan-not-held',
        'records-lost',
        'pairing-waiting',
        'asset-refused',
        'refusals',
      ]),
      severity: z.enum(['serious', 'warning', 'notice']),
      since: Time,
      deviceId: Id.nullable(),
      scheduleId: Id.nullable(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
  devices: z.record(DeviceStatus, z.number().int()),
  today: z.record(Verdict, z.number().int()),
});
export type Overview = z.infer<typeof Overview>;

export const Session = z.object({
  user: z.object({
    id: Id,
    name: z.string(),
    username: z.string(),
    role: z.enum(ROLES),
    mustChangePassword: z.boolean(),
  }),
  site: z.object({ name: z.string(), zone: z.string(), version: z.string() }),
});
export type Session = z.infer<typeof Session>;

export const overviewRoutes = {
  'GET /overview': {
    summary: 'What is on air, what comes next, what is wrong',
    allow: [],
    response: Overview,
  },
  'GET /session': { summary: 'Who is signed in, and where', allow: [], response: Session },
  'POST /session/password': {
    summary: 'Changes the own password; the first sign-in asks for it',
    allow: [],
    body: z.object({ currentPassword: z.string().min(1).max(200), newPassword: z.string().min(12).max(200) }),
    response: Session,
  },
} as const satisfies Record<string, Route>;
