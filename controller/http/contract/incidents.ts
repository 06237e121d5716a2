import { z } from 'zod';
import { ById, changeOf, Id, Nothing, page, Time, Title } from './common.ts';
import type { Role, Route } from './route.ts';
import { Target } from './schedules.ts';

/** A text that is spoken and stored on every device before it is needed, and shown on the boards with it. */
export const StoredMessage = z.object({
  id: Id,
  title: z.string(),
  heading: z.string().nullable(),
  text: z.string(),
  language: z.string(),
  /** Its sound: spoken of the text, or a file of the library. */
  assetId: Id,
  ready: z.boolean(),
  durationMs: z.number().nullable(),
  /** Of the targeted devices, those that say that they hold it. */
  heldBy: z.number().int(),
  devices: z.number().int(),
  updatedAt: Time,
});
export type StoredMessage = z.infer<typeof StoredMessage>;
const StoredMessageBody = z.object({
  title: Title,
  heading: z.string().trim().max(200).nullable().default(null),
  text: z.string().trim().min(1).max(2_000),
  language: z.string().max(35).default('vi'),
  /** Null: the text is spoken. */
  assetId: Id.nullable().default(null),
});

/** draft → waiting (for a second person) → active → cleared, expired or cancelled. */
export const IncidentState = z.enum(['draft', 'waiting', 'active', 'cleared', 'expired', 'cancelled']);
export type IncidentState = z.infer<typeof IncidentState>;

/**
 * One message of an incident: `alert` begins it, `update` and `all-clear` follow. One broadcast drives the loudspeakers,
 * one the boards.
 */
export const IncidentMessage = z.object({
  id: Id,
  kind: z.enum(['alert', 'update', 'all-clear']),
  heading: z.string().nullable(),
  text: z.string(),
  /** `preparing`: its speech is being made; `ready`: it may be sent, all of it, at once. */
  state: z.enum(['preparing', 'ready', 'sent', 'failed']),
  reason: z.string().nullable(),
  sentAt: Time.nullable(),
  by: z.string().nullable(),
  soundBroadcastId: Id.nullable(),
  boardBroadcastId: Id.nullable(),
});
export type IncidentMessage = z.infer<typeof IncidentMessage>;

/**
 * How far the devices came with the newest message (of an all-clear: with what went before it). `asked` is everybody it
 * is for; the others add up to it, each device in one of them. Of a silent drill nobody sounds: `ready` is its result.
 */
export const IncidentCounts = z.object({
  asked: z.number().int(),
  ready: z.number().int(),
  sounding: z.number().int(),
  done: z.number().int(),
  silent: z.number().int(),
});
export type IncidentCounts = z.infer<typeof IncidentCounts>;

export const Incident = z.object({
  id: Id,
  /** A drill is an incident in all but its being one; a silent one sounds nowhere. */
  drill: z.enum(['silent', 'audible']).nullable(),
  source: z.enum(['person', 'cap', 'province']),
  title: z.string(),
  language: z.string(),
  state: IncidentState,
  targets: z.array(Target.extend({ name: z.string() })),
  sirenAssetId: Id.nullable(),
  repeats: z.number().int(),
  storedMessageId: Id.nullable(),
  createdAt: Time,
  createdBy: z.string().nullable(),
  /** The first person who confirmed, and the second where the policy asks for one. */
  confirmedBy: z.string().nullable(),
  secondBy: z.string().nullable(),
  /** Sent by one person where two were asked for, because nobody else was there; to be reviewed afterwards. */
  breakGlass: z
    .object({
      reason: z.string(),
      by: z.string(),
      at: Time,
      reviewedBy: z.string().nullable(),
      reviewedAt: Time.nullable(),
      verdict: z.enum(['justified', 'not-justified']).nullable(),
      note: z.string().nullable(),
    })
    .nullable(),
  activatedAt: Time.nullable(),
  expiresAt: Time.nullable(),
  endedAt: Time.nullable(),
  endedBy: z.string().nullable(),
  /** When somebody stopped its sound or its boards beside it (stop-all), while it was active. */
  stoppedAt: Time.nullable(),
  counts: IncidentCounts,
  messages: z.array(IncidentMessage),
});
export type Incident = z.infer<typeof Incident>;

export const SilentDevice = z.object({
  deviceId: Id,
  name: z.string(),
  areaName: z.string().nullable(),
  kind: z.enum(['speaker', 'board']),
  /**
   * `absent`, `no-word` (not even that it heard), `not-started` (heard, and did not begin), `muted`, `stopped` (before
   * it began), or what the device said: a reason code.
   */
  reason: z.string(),
  since: Time.nullable(),
});
export type SilentDevice = z.infer<typeof SilentDevice>;

const IncidentBody = z.object({
  title: Title,
  heading: z.string().trim().max(200).nullable().default(null),
  text: z.string().trim().min(1).max(2_000),
  language: z.string().max(35).default('vi'),
  targets: z.array(Target).min(1).max(200),
  /** Whether a siren sounds before the words. */
  siren: z.boolean().default(true),
  /** Which; null: the one of the policy, else the built-in one. */
  sirenAssetId: Id.nullable().default(null),
  repeats: z.number().int().min(1).max(10).default(3),
  /** Its sound is on the devices already; `text` must be the stored one, or it is spoken anew. */
  storedMessageId: Id.nullable().default(null),
  minutes: z.number().int().min(1).max(1_440).default(60),
  drill: z.enum(['silent', 'audible']).nullable().default(null),
});

/** Who may sound an alarm, and who may be the second person. */
const alarm = ['operator', 'approver'] as const satisfies readonly Role[];
export const incidentRoutes = {
  'GET /incidents': {
    summary: 'Incidents and drills, newest first',
    allow: [],
    query: z.object({
      state: IncidentState.optional(),
      drill: z.enum(['only', 'none']).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().optional(),
    }),
    response: page(Incident),
  },
  'GET /incidents/{id}': { summary: 'One incident', allow: [], params: ById, response: Incident },
  'GET /incidents/{id}/silent': {
    summary: 'Who has not sounded or shown the newest message, and why',
    allow: [],
    params: ById,
    response: z.array(SilentDevice),
  },
  'POST /incidents': {
    summary: 'Draws up an incident; nothing is sent. Speech of a new text is made meanwhile',
    allow: alarm,
    body: IncidentBody,
    response: Incident,
    status: 201,
  },
  'POST /incidents/{id}/confirm': {
    summary:
      'Confirms: sends it, or waits for a second person where the policy asks for one. `breakGlass` sends it alone',
    allow: alarm,
    params: ById,
    body: z.object({
      breakGlass: z
        .object({ reason: z.string().trim().min(3).max(500) })
        .nullable()
        .default(null),
    }),
    response: Incident,
  },
  'POST /incidents/{id}/update': {
    summary: 'Sends a further message of an active incident to the same devices',
    allow: alarm,
    params: ById,
    body: z.object({
      heading: z.string().trim().max(200).nullable().default(null),
      text: z.string().trim().min(1).max(2_000),
      siren: z.boolean().default(false),
      repeats: z.number().int().min(1).max(10).default(2),
    }),
    response: Incident,
  },
  'POST /incidents/{id}/all-clear': {
    summary: 'Ends an active incident everywhere; with a text, that is said once',
    allow: alarm,
    params: ById,
    body: z.object({ text: z.string().trim().min(1).max(2_000).nullable().default(null) }),
    response: Incident,
  },
  'POST /incidents/{id}/cancel': {
    summary: 'Withdraws one that was not sent',
    allow: alarm,
    params: ById,
    response: Incident,
  },
  'POST /incidents/{id}/review': {
    summary: 'Reviews a break-glass; never by the person who did it',
    allow: ['approver'],
    params: ById,
    body: z.object({
      verdict: z.enum(['justified', 'not-justified']),
      note: z.string().trim().max(2_000).nullable().default(null),
    }),
    response: Incident,
  },
  'GET /incidents/{id}/report': {
    summary: 'The report of a drill or an incident, as a signed PDF',
    allow: [],
    params: ById,
    response: 'application/pdf',
  },
  'GET /stored-messages': {
    summary: 'Messages that devices hold',
    allow: [],
    response: z.array(StoredMessage),
  },
  'POST /stored-messages': {
    summary: 'Stores a message on every device',
    allow: alarm,
    body: StoredMessageBody,
    response: StoredMessage,
    status: 201,
  },
  'PATCH /stored-messages/{id}': {
    summary: 'Changes a stored message',
    allow: alarm,
    params: ById,
    body: changeOf(StoredMessageBody),
    response: StoredMessage,
  },
  'DELETE /stored-messages/{id}': {
    summary: 'Removes a stored message from every device',
    allow: alarm,
    params: ById,
    response: Nothing,
  },
} as const satisfies Record<string, Route>;
