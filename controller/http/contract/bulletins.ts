import { z } from 'zod';
import { ById, Id, page, Time } from './common.ts';
import type { Route } from './route.ts';
import { Target } from './schedules.ts';

/** R1: khẩn cấp, ưu tiên, thông thường. */
export const BulletinLevel = z.enum(['emergency', 'priority', 'normal']);
/** R4: received → accepted → scheduled → played, or refused with a reason; `choose`: it collides with an own priority item. */
export const BulletinState = z.enum([
  'received',
  'choose',
  'accepted',
  'scheduled',
  'playing',
  'played',
  'refused',
  'withdrawn',
]);
export type BulletinState = z.infer<typeof BulletinState>;

export const Bulletin = z.object({
  id: Id,
  /** As the sender named it; the same id again is the same bulletin. */
  externalId: z.string(),
  revision: z.number().int(),
  sender: z.string(),
  level: BulletinLevel,
  title: z.string(),
  text: z.string().nullable(),
  language: z.string(),
  /** When the sender wishes it played; null: as the ward sees fit. */
  wantedAt: Time.nullable(),
  expiresAt: Time.nullable(),
  assetId: Id.nullable(),
  programmeId: Id.nullable(),
  scheduleId: Id.nullable(),
  incidentId: Id.nullable(),
  state: BulletinState,
  reason: z.string().nullable(),
  /** Own priority items at the same time, while a choice is waited for. */
  collisions: z.array(z.object({ scheduleId: Id, title: z.string(), startAt: Time, endAt: Time })),
  receivedAt: Time,
  updatedAt: Time,
  history: z.array(
    z.object({ at: Time, state: BulletinState, by: z.string().nullable(), reason: z.string().nullable() }),
  ),
});
export type Bulletin = z.infer<typeof Bulletin>;

const decide = ['operator'] as const;
export const bulletinRoutes = {
  'GET /bulletins': {
    summary: "The province's bulletins, newest first",
    allow: [],
    query: z.object({
      state: BulletinState.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().optional(),
    }),
    response: page(Bulletin),
  },
  'GET /bulletins/{id}': { summary: 'One bulletin', allow: [], params: ById, response: Bulletin },
  'POST /bulletins/{id}/accept': {
    summary: 'Takes it on; its sound is made of its text when it brought none',
    allow: decide,
    params: ById,
    response: Bulletin,
  },
  'POST /bulletins/{id}/schedule': {
    summary: 'Puts it on the air at a moment. `choice` settles a collision with an own priority item',
    allow: decide,
    params: ById,
    body: z.object({
      at: Time,
      targets: z.array(Target).min(1).max(200),
      choice: z.enum(['theirs', 'ours', 'both']).nullable().default(null),
    }),
    response: Bulletin,
  },
  'POST /bulletins/{id}/refuse': {
    summary: 'Refuses it, with the reason that the sender is told',
    allow: decide,
    params: ById,
    body: z.object({ reason: z.string().trim().min(3).max(500) }),
    response: Bulletin,
  },
} as const satisfies Record<string, Route>;
