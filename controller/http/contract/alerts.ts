import { z } from 'zod';
import { ById, Id, page, Time } from './common.ts';
import { Incident } from './incidents.ts';
import type { Route } from './route.ts';

/** What became of an alert that came in by CAP 1.2. */
export const AlertState = z.enum([
  'waiting',
  'playing',
  'played',
  'noted',
  'dismissed',
  'superseded',
  'cancelled',
  'expired',
  'refused',
]);
export type AlertState = z.infer<typeof AlertState>;
/** What the site does with it, from severity × urgency × certainty by the administrator's table. */
export const AlertLevel = z.enum(['emergency', 'priority', 'normal', 'none']);
export type AlertLevel = z.infer<typeof AlertLevel>;

export const Alert = z.object({
  id: Id,
  identifier: z.string(),
  sender: z.string(),
  sent: Time,
  status: z.enum(['Actual', 'Exercise', 'System', 'Test', 'Draft']),
  msgType: z.enum(['Alert', 'Update', 'Cancel', 'Ack', 'Error']),
  /** By webhook, or the address of the feed that was polled. */
  via: z.string(),
  language: z.string(),
  event: z.string(),
  headline: z.string().nullable(),
  description: z.string().nullable(),
  instruction: z.string().nullable(),
  severity: z.string(),
  urgency: z.string(),
  certainty: z.string(),
  level: AlertLevel,
  areaText: z.string(),
  /** Devices in the alert's areas. */
  devices: z.number().int(),
  expires: Time.nullable(),
  /** `verified`: signed by the sender's certificate. `unsigned`: no certificate is set for the sender. */
  signature: z.enum(['verified', 'unsigned']),
  state: AlertState,
  /**
   * Why it is where it is. Waiting: `policy-wait`, `area-unknown`, `not-yet`, `downgraded`, `accepted` (an incident is
   * drawn up), `starting`, `restarted`, `incident-cancelled`, or why it could not be sounded: a code of the incident's.
   * Noted: `test`, `exercise`, `draft`, `system`, `restricted`, `private`, `ack`, `error`, `no-devices`, `below-level`,
   * `bulletin` (it is in the inbox), `done` (a cancellation), `unknown-reference`. Superseded or cancelled before it came:
   * `overtaken`. Expired: `expired`, `too-old`. Refused: as in the answer, without `cap-`. Dismissed: the person's words.
   */
  reason: z.string().nullable(),
  incidentId: Id.nullable(),
  receivedAt: Time,
});
export type Alert = z.infer<typeof Alert>;

/** A feed that is polled for alerts, and how that went. */
export const AlertFeed = z.object({
  url: z.string(),
  checkedAt: Time.nullable(),
  /** When it could be read last. */
  goodAt: Time.nullable(),
  /** What went wrong the last time, in English; null when nothing did. */
  trouble: z.string().nullable(),
});
export type AlertFeed = z.infer<typeof AlertFeed>;

const decide = ['operator', 'approver'] as const;
export const alertRoutes = {
  'GET /alerts': {
    summary: 'Alerts that came in by CAP, newest first',
    allow: [],
    query: z.object({
      state: AlertState.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().optional(),
    }),
    response: page(Alert),
  },
  'GET /alert-feeds': { summary: 'The feeds that are polled', allow: [], response: z.array(AlertFeed) },
  'GET /alerts/{id}': { summary: 'One alert', allow: [], params: ById, response: Alert },
  'GET /alerts/{id}/xml': {
    summary: 'The alert as it came',
    allow: [],
    params: ById,
    response: 'application/cap+xml',
  },
  'POST /alerts/{id}/accept': {
    summary: 'Draws up an incident of a waiting alert, to be confirmed',
    allow: decide,
    params: ById,
    response: Incident,
  },
  'POST /alerts/{id}/dismiss': {
    summary: 'Leaves a waiting alert unplayed, with the reason',
    allow: decide,
    params: ById,
    body: z.object({ reason: z.string().trim().min(3).max(500) }),
    response: Alert,
  },
} as const satisfies Record<string, Route>;
