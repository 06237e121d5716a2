import { z } from 'zod';
import { AlertState } from './alerts.ts';
import { BulletinLevel, BulletinState } from './bulletins.ts';
import { Id, Time } from './common.ts';
import type { Route } from './route.ts';

/** Names that the sender gives: letters, digits and `._:-`, so that they stand in a path as they are. */
const ExternalId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/);

/**
 * A bulletin as the province sends it. The province's own interface is not public; until it is, this is ours, and one
 * adapter (`controller/province/adapter.ts`) is all that knows it.
 *
 * Every call carries `X-Loa-Signature: t={Unix time in seconds},v1={HMAC-SHA256, hex}`, made with the secret
 * `province-hmac` over `{t}.{body}`, the body byte by byte as it is sent; of a GET, which has none, over `{t}.{path}`, as
 * in `1732420800./api/v1/province/bulletins/TTN-2026-1187`. A time more than 5 minutes off is refused (401), and so is
 * a POST that comes a second time: sign it anew to send it again.
 *
 * The same `externalId` is the same bulletin. A higher `revision` replaces what came before; the same one again, or a
 * lower one that comes late, changes nothing and is answered with the state that stands. So calls may come twice and
 * in any order.
 */
export const ProvinceBulletin = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('publish'),
    externalId: ExternalId,
    revision: z.number().int().min(1).max(1_000_000),
    /** `emergency` khẩn cấp: plays at once. `priority` ưu tiên, `normal` thông thường: wait in the inbox. */
    level: BulletinLevel,
    title: z.string().trim().min(1).max(200),
    /** Spoken when there is no sound, and shown on boards; an emergency is always spoken from it. */
    text: z.string().trim().min(1).max(20_000).nullable().default(null),
    /** BCP 47. */
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
      .default('vi'),
    /** Fetched once it has come, from a host that an administrator allowed (policy `relay`). */
    audioUrl: z
      .url({ protocol: /^https?$/ })
      .max(1_000)
      .nullable()
      .default(null),
    /** When it is wished to be played; epoch milliseconds. */
    wantedAt: Time.nullable().default(null),
    /** After that it is played no more. */
    expiresAt: Time.nullable().default(null),
    /** Where an emergency is for; as an administrator named them in the policy `cap`. Without any: everywhere. */
    geocodes: z
      .array(z.object({ valueName: z.string().max(100), value: z.string().max(100) }))
      .max(100)
      .default([]),
  }),
  z.object({
    action: z.literal('withdraw'),
    externalId: ExternalId,
    revision: z.number().int().min(1).max(1_000_000),
    reason: z.string().trim().max(500).nullable().default(null),
  }),
]);
export type ProvinceBulletin = z.infer<typeof ProvinceBulletin>;

/** R4: received → accepted → scheduled → played, or refused with the reason. */
export const ProvinceStatus = z.object({
  externalId: z.string(),
  revision: z.number().int(),
  state: BulletinState,
  reason: z.string().nullable(),
  /** When it will be, or was to be, played. */
  scheduledAt: Time.nullable(),
  updatedAt: Time,
  history: z.array(z.object({ at: Time, state: BulletinState, reason: z.string().nullable() })),
});
export type ProvinceStatus = z.infer<typeof ProvinceStatus>;

export const CapReceipt = z.object({
  id: Id,
  state: AlertState,
  reason: z.string().nullable(),
  incidentId: Id.nullable(),
  /** It had come before: nothing was done. */
  duplicate: z.boolean(),
});
export type CapReceipt = z.infer<typeof CapReceipt>;

/**
 * What other systems call. They have no account: each call proves by itself who it is from, so these routes stand
 * beside those of `routes`, which need a session.
 */
export const upstreamRoutes = {
  'POST /cap': {
    summary:
      'Takes in an alert by CAP 1.2 (application/cap+xml, application/xml or text/xml, at most 256 kB). With `Authorization: Bearer` and the secret `cap-token`, or signed by the certificate of its sender',
    allow: [],
    stream: 'application/cap+xml',
    response: CapReceipt,
  },
  'POST /province/bulletins': {
    summary: 'Takes in a bulletin of the province, or takes one back. Signed by `X-Loa-Signature`',
    allow: [],
    body: ProvinceBulletin,
    response: ProvinceStatus,
  },
  'GET /province/bulletins/{externalId}': {
    summary: 'What became of a bulletin. Signed by `X-Loa-Signature`',
    allow: [],
    params: z.object({ externalId: ExternalId }),
    response: ProvinceStatus,
  },
} as const satisfies Record<string, Route>;
