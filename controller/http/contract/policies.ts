import { z } from 'zod';
import { Percent } from '#devices/primitives';
import { AlertLevel } from './alerts.ts';
import { Id, Time } from './common.ts';
import type { Route } from './route.ts';
import { Target } from './schedules.ts';

/** A time of the site's wall clock. */
const Clock = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/);
const Day = z.iso.date();
export const AllowedHours = z.object({ from: Clock, until: Clock });
export type AllowedHours = z.infer<typeof AllowedHours>;

export const GuardsPolicy = z.object({
  /** When anything but an emergency may begin; what lies between is quiet. */
  allowed: z
    .array(AllowedHours)
    .max(12)
    .default([
      { from: '05:00', until: '11:30' },
      { from: '13:30', until: '21:00' },
    ]),
  /** Areas with hours of their own; the nearest area above a device counts. */
  areas: z
    .array(z.object({ areaId: Id, allowed: z.array(AllowedHours).max(12) }))
    .max(500)
    .default([]),
  mourning: z
    .array(z.object({ from: Day, until: Day, name: z.string().max(100) }))
    .max(16)
    .default([]),
  longestMinutes: z.number().int().min(1).max(1_440).default(180),
  loudest: Percent.default(100),
});
export type GuardsPolicy = z.infer<typeof GuardsPolicy>;

export const EmergencyPolicy = z.object({
  /** Whether a second person must confirm; `new-text`: unless it is a stored message as it stands. */
  secondPerson: z.enum(['never', 'new-text', 'always']).default('never'),
  /** Whether one person may send it alone where two are asked for. */
  breakGlass: z.boolean().default(true),
  sirenAssetId: Id.nullable().default(null),
  volume: Percent.default(100),
  /** Said before an audible drill, after it, and shown with it. */
  drillText: z.string().trim().max(300).default('Đây là diễn tập.'),
});
export type EmergencyPolicy = z.infer<typeof EmergencyPolicy>;

export const SpeechPolicy = z.object({
  engine: z.enum(['embedded', 'openai', 'piper']).default('embedded'),
  /** Of the HTTP engine: up to and without `/v1/audio/speech`, or the Piper server's root. */
  url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  model: z.string().max(100).nullable().default(null),
  voice: z.string().max(100).nullable().default(null),
  timeoutMs: z.number().int().min(1_000).max(120_000).default(15_000),
});
export type SpeechPolicy = z.infer<typeof SpeechPolicy>;

export const RelayPolicy = z.object({
  /** Hosts that may be opened, as `host` or `host:port`; `*.host` for all below one. */
  hosts: z.array(z.string().max(260)).max(200).default([]),
  /** Private and link-local hosts or addresses that may be opened all the same. */
  privateHosts: z.array(z.string().max(260)).max(50).default([]),
});
export type RelayPolicy = z.infer<typeof RelayPolicy>;

export const CapSender = z.object({
  /** The alert's `sender`. */
  sender: z.string().min(1).max(200),
  name: z.string().max(200),
  /** What becomes of its emergencies: played at once, or waiting for a person. */
  policy: z.enum(['play', 'wait']).default('wait'),
  /** PEM; with it, an alert that is not signed by it is refused. */
  certificate: z.string().max(20_000).nullable().default(null),
});
export const CapPolicy = z.object({
  senders: z.array(CapSender).max(100).default([]),
  feeds: z
    .array(
      z.object({
        url: z.url({ protocol: /^https?$/ }).max(1_000),
        everySeconds: z.number().int().min(15).max(3_600).default(60),
      }),
    )
    .max(20)
    .default([]),
  /** Whether alerts of status Exercise and Test may become drills now. */
  drill: z.boolean().default(false),
  /** The first row that fits decides; null fits anything. */
  levels: z
    .array(
      z.object({
        severity: z.enum(['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown']).nullable(),
        urgency: z.enum(['Immediate', 'Expected', 'Future', 'Past', 'Unknown']).nullable(),
        certainty: z.enum(['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown']).nullable(),
        level: AlertLevel,
      }),
    )
    .max(150)
    .default([
      { severity: null, urgency: 'Past', certainty: null, level: 'none' },
      { severity: null, urgency: null, certainty: 'Unlikely', level: 'none' },
      { severity: 'Extreme', urgency: 'Immediate', certainty: 'Observed', level: 'emergency' },
      { severity: 'Extreme', urgency: 'Immediate', certainty: 'Likely', level: 'emergency' },
      { severity: 'Extreme', urgency: 'Expected', certainty: 'Observed', level: 'emergency' },
      { severity: 'Severe', urgency: 'Immediate', certainty: 'Observed', level: 'emergency' },
      { severity: 'Severe', urgency: 'Immediate', certainty: 'Likely', level: 'emergency' },
      { severity: 'Extreme', urgency: null, certainty: null, level: 'priority' },
      { severity: 'Severe', urgency: null, certainty: null, level: 'priority' },
      { severity: null, urgency: null, certainty: null, level: 'normal' },
    ]),
  languages: z.array(z.string().max(35)).max(8).default(['vi', 'en']),
  /** Geocodes of areas here: `valueName` and value as the sender writes them. */
  geocodes: z
    .array(z.object({ valueName: z.string().max(100), value: z.string().max(100), target: Target }))
    .max(500)
    .default([]),
});
export type CapPolicy = z.infer<typeof CapPolicy>;

export const ProvincePolicy = z.object({
  enabled: z.boolean().default(false),
  sender: z.string().max(200).default(''),
});
export type ProvincePolicy = z.infer<typeof ProvincePolicy>;

/** What an administrator decides for the site, each one document. Secrets go in and never come out. */
export const POLICIES = {
  guards: GuardsPolicy,
  emergency: EmergencyPolicy,
  speech: SpeechPolicy,
  relay: RelayPolicy,
  cap: CapPolicy,
  province: ProvincePolicy,
} as const;
export type PolicyName = keyof typeof POLICIES;
export type Policy<N extends PolicyName> = z.output<(typeof POLICIES)[N]>;

/** Keys and passwords that belong to a policy. */
export const SECRETS = ['speech-api-key', 'province-hmac', 'cap-token'] as const;
export type SecretName = (typeof SECRETS)[number];

const changed = { updatedAt: Time.nullable(), updatedBy: z.string().nullable() };
const view = <T extends z.ZodType>(policy: T) => z.object({ value: policy, ...changed });
const set = <T extends z.ZodType>(policy: T, summary: string) =>
  ({ summary, allow: ['administrator'], body: policy, response: view(policy) }) as const;
const get = <T extends z.ZodType>(policy: T, summary: string) =>
  ({ summary, allow: [], response: view(policy) }) as const;

export const policyRoutes = {
  'GET /policies/guards': get(GuardsPolicy, 'Quiet hours, mourning days and limits'),
  'PUT /policies/guards': set(GuardsPolicy, 'Sets quiet hours, mourning days and limits'),
  'GET /policies/emergency': get(EmergencyPolicy, 'Who confirms an emergency, and how it sounds'),
  'PUT /policies/emergency': set(EmergencyPolicy, 'Sets who confirms an emergency, and how it sounds'),
  'GET /policies/speech': get(SpeechPolicy, 'Which engine speaks'),
  'PUT /policies/speech': set(SpeechPolicy, 'Sets which engine speaks'),
  'GET /policies/relay': get(RelayPolicy, 'Which addresses may be relayed'),
  'PUT /policies/relay': set(RelayPolicy, 'Sets which addresses may be relayed'),
  'GET /policies/cap': get(CapPolicy, 'Senders, feeds and levels of CAP alerts'),
  'PUT /policies/cap': set(CapPolicy, 'Sets senders, feeds and levels of CAP alerts'),
  'GET /policies/province': get(ProvincePolicy, "The province's bulletins"),
  'PUT /policies/province': set(ProvincePolicy, "Sets how the province's bulletins come in"),
  'GET /secrets': {
    summary: 'Which keys and passwords are set; never what they are',
    allow: ['administrator'],
    response: z.array(z.object({ name: z.enum(SECRETS), set: z.boolean(), ...changed })),
  },
  'PUT /secrets/{name}': {
    summary: 'Sets or, with null, forgets a key or password',
    allow: ['administrator'],
    params: z.object({ name: z.enum(SECRETS) }),
    body: z.object({ value: z.string().min(16).max(1_000).nullable() }),
    response: z.object({ name: z.enum(SECRETS), set: z.boolean(), ...changed }),
  },
} as const satisfies Record<string, Route>;
