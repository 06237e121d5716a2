import { z } from 'zod';
import { Capabilities, DeviceKind, Quirks, Settings } from '#devices/kind';
import { SelfTest } from '#devices/messages/ack';
import { Command } from '#devices/messages/command';
import { Heartbeat } from '#devices/messages/heartbeat';
import { PlanOccurrence } from '#devices/plan';
import { BoardChoice, BoardPlace } from './board-choice.ts';
import { ById, Id, Nothing, page, Time, TimeQuery, Title } from './common.ts';
import type { Route } from './route.ts';
import { Target } from './schedules.ts';

export const DeviceStatus = z.enum(['unseen', 'online', 'stale', 'offline', 'fault']);
export type DeviceStatus = z.infer<typeof DeviceStatus>;

/** From this time of the site's wall clock on the volume is this, until the next step; the last holds over midnight. */
export const TimedVolume = z.object({
  from: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .meta({ description: 'HH:MM on the wall clock of the site' }),
  volume: Settings.shape.volume,
});
export type TimedVolume = z.infer<typeof TimedVolume>;

/** Something that a device does otherwise than it is asked to, by what it said last. */
export const SettingDifference = z.object({
  /** `revision`: it does not know yet what is asked; `plan`: it still holds another one, or none. */
  field: z.enum(['revision', 'volume', 'muted', 'brightness', 'outputDelayMs', 'plan']),
  desired: z.union([z.number(), z.boolean()]),
  reported: z.union([z.number(), z.boolean()]).nullable(),
  since: Time,
});
export type SettingDifference = z.infer<typeof SettingDifference>;

/** One line of the device list. */
export const DeviceSummary = z.object({
  id: Id,
  kind: DeviceKind,
  name: z.string(),
  model: z.string(),
  serial: z.string(),
  areaId: Id.nullable(),
  areaName: z.string().nullable(),
  address: z.string().nullable(),
  status: DeviceStatus,
  statusSince: Time,
  lastHeardAt: Time.nullable(),
  playing: z
    .object({ occurrence: z.string(), title: z.string(), levelDbfs: z.number().optional() })
    .nullable(),
  volume: z.number(),
  muted: z.boolean(),
  brightness: z.number(),
  /** Four steps of truth about settings and plan: asked, acknowledged, reported. */
  desiredRevision: z.number(),
  acknowledgedRevision: z.number(),
  reportedRevision: z.number(),
  /** Empty when the device does as it is asked, or was never heard. */
  settingsDiffer: z.array(SettingDifference),
  plan: z.object({
    desired: z.object({ revision: z.number(), sha256: z.string(), issuedAt: Time }).nullable(),
    held: z.object({ revision: z.number(), sha256: z.string(), since: Time }).nullable(),
    /** Blobs still to be fetched for the desired plan, from the last heartbeat. */
    fetching: z.object({ blobs: z.number(), bytes: z.number() }).nullable(),
  }),
  faults: z.array(z.string()),
  refusals: z.number().int(),
});
export type DeviceSummary = z.infer<typeof DeviceSummary>;

/** What a self-test measured, and when it was over. */
export const SelfTestOutcome = SelfTest.extend({ at: Time });
export type SelfTestOutcome = z.infer<typeof SelfTestOutcome>;

export const DeviceDetail = DeviceSummary.extend({
  firmware: z.string().nullable(),
  capabilities: Capabilities,
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  owner: z.string().nullable(),
  warrantyEnd: z.string().nullable(),
  /** In the site's time, ascending; empty: `volume` all day. */
  volumeByTime: z.array(TimedVolume),
  /** What it is to be now, by time of day. */
  volumeNow: z.number(),
  /** The delay of the model, or else what the device says, and the trim together: what the device is told. */
  outputDelayMs: z.number(),
  outputDelayTrimMs: z.number(),
  /** Of the model. */
  quirks: Quirks,
  groups: z.array(z.object({ id: Id, name: z.string() })),
  /** When the last revision was asked for, acknowledged, and told by the device as the one that governs it. */
  desiredAt: Time.nullable(),
  acknowledgedAt: Time.nullable(),
  reportedAt: Time.nullable(),
  heartbeat: Heartbeat.nullable(),
  heartbeatAt: Time.nullable(),
  statusChanges: z.array(z.object({ at: Time, status: DeviceStatus, reason: z.string().nullable() })),
  /** When it was taken, and when it arrived. */
  picture: z.object({ id: Id, at: Time, receivedAt: Time, type: z.string() }).nullable(),
  /** Of a board: what it is asked to be; null for a loudspeaker. */
  board: BoardChoice.nullable(),
  /** Of a board: where the sun is reckoned for. */
  boardPlace: BoardPlace.nullable(),
  /** The last self-test that came back. */
  selfTest: SelfTestOutcome.nullable(),
  /** Ranges of as-run records that the device lost. */
  gaps: z.array(z.object({ boot: z.number(), first: z.number(), last: z.number(), noticedAt: Time })),
  createdAt: Time,
});
export type DeviceDetail = z.infer<typeof DeviceDetail>;

export const Refusal = z.object({
  source: z.enum(['controller', 'device', 'broker']),
  reason: z.string(),
  topic: z.string(),
  count: z.number().int(),
  firstAt: Time,
  lastAt: Time,
  detail: z.string().nullable(),
});
export type Refusal = z.infer<typeof Refusal>;

/** Columns of equal length for a chart; times ascending; null where a device does not measure. */
export const HeartbeatSeries = z.object({
  resolution: z.enum(['beat', 'quarter-hour']),
  at: z.array(Time),
  clockErrorMs: z.array(z.number().nullable()),
  temperatureC: z.array(z.number().nullable()),
  mainsV: z.array(z.number().nullable()),
  signalDbm: z.array(z.number().nullable()),
  storageFreeBytes: z.array(z.number().nullable()),
  outbox: z.array(z.number().nullable()),
  /** Beats received in the interval; 1 at full rate. */
  beats: z.array(z.number()),
});
export type HeartbeatSeries = z.infer<typeof HeartbeatSeries>;

export const CommandState = z.object({
  id: Id,
  body: Command,
  state: z.enum(['issued', 'received', 'rejected', 'ready', 'started', 'ended', 'expired']),
  reason: z.string().nullable(),
  issuedAt: Time,
  expiresAt: Time,
  updatedAt: Time,
  /** What a `self-test` measured, once it is over. */
  selfTest: SelfTest.nullable(),
});
export type CommandState = z.infer<typeof CommandState>;

export const Pairing = z.object({
  id: Id,
  code: z.string(),
  kind: DeviceKind,
  model: z.string(),
  serial: z.string(),
  firmware: z.string(),
  capabilities: Capabilities,
  remoteAddress: z.string().nullable(),
  requestedAt: Time,
  lastAskedAt: Time,
  expiresAt: Time,
  /** A device of this model and serial is known: approving gives it a new credential and keeps its history. */
  replaces: z.object({ id: Id, name: z.string() }).nullable(),
});
export type Pairing = z.infer<typeof Pairing>;

const DeviceSettings = z.object({
  ...Settings.pick({ volume: true, muted: true, brightness: true }).shape,
  volumeByTime: z
    .array(TimedVolume)
    .max(24)
    .refine((steps) => new Set(steps.map(({ from }) => from)).size === steps.length, {
      error: 'names the same time twice',
    }),
  /** Added to the delay of the model: this one hangs behind a longer cable, or its amplifier is another. */
  outputDelayTrimMs: z.number().min(-500).max(2_000),
});

const DeviceChange = z
  .object({
    name: Title,
    areaId: Id.nullable(),
    address: z.string().max(300).nullable(),
    latitude: z.number().min(-90).max(90).nullable(),
    longitude: z.number().min(-180).max(180).nullable(),
    owner: z.string().max(200).nullable(),
    warrantyEnd: z.iso.date().nullable(),
    groups: z.array(Id).max(64),
    /** Of a board; fields that are left out stay as they are. */
    board: BoardChoice.partial(),
    ...DeviceSettings.shape,
  })
  .partial();

/** What makes sense for many devices at once. */
const ManyChange = z.object({
  targets: z.array(Target).min(1).max(10_000),
  change: DeviceSettings.omit({ outputDelayTrimMs: true })
    .extend({
      /** Of the boards among them. */
      board: BoardChoice.pick({ off: true, brightness: true, pictureEveryMinutes: true }).partial(),
    })
    .partial()
    .refine((change) => Object.keys(change).length > 0, { error: 'changes nothing' }),
});

const tag = ['technician'] as const;
export const deviceRoutes = {
  'GET /devices': {
    summary: 'Devices, by name; `search` looks in name, id, serial, model and address',
    allow: [],
    query: z.object({
      search: z.string().max(100).optional(),
      kind: DeviceKind.optional(),
      status: DeviceStatus.optional(),
      area: Id.optional(),
      group: Id.optional(),
      limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
      cursor: z.string().optional(),
    }),
    response: page(DeviceSummary).extend({ counts: z.record(DeviceStatus, z.number().int()) }),
  },
  'GET /devices/{id}': { summary: 'One device', allow: [], params: ById, response: DeviceDetail },
  'PATCH /devices/{id}': {
    summary: 'Changes the inventory entry, the groups or the settings of a device',
    allow: tag,
    params: ById,
    body: DeviceChange,
    response: DeviceDetail,
  },
  'PATCH /devices': {
    summary: 'Changes settings of many devices at once: devices, groups, areas or all',
    allow: tag,
    body: ManyChange,
    response: z.object({ devices: z.array(Id) }),
  },
  'DELETE /devices/{id}': {
    summary: 'Retires a device: its credential stops working at once, its history stays',
    allow: tag,
    params: ById,
    response: Nothing,
  },
  'POST /devices/{id}/restore': {
    summary: 'Undoes a retirement',
    allow: tag,
    params: ById,
    response: DeviceDetail,
  },
  'GET /devices/{id}/heartbeats': {
    summary:
      'Heartbeats: every beat for windows in the last two days of at most 12 hours, else by the quarter-hour',
    allow: [],
    params: ById,
    query: z.object({ from: TimeQuery, to: TimeQuery }),
    response: HeartbeatSeries,
  },
  'GET /devices/{id}/refusals': {
    summary: 'Messages refused by, for or from the device, counted by reason',
    allow: [],
    params: ById,
    response: z.array(Refusal),
  },
  'GET /devices/{id}/plan': {
    summary: 'What the plan that the device holds, or is to hold, has in a window',
    allow: [],
    params: ById,
    query: z.object({
      which: z.enum(['held', 'desired']).default('desired'),
      from: TimeQuery,
      to: TimeQuery,
    }),
    response: z.object({
      revision: z.number().nullable(),
      sha256: z.string().nullable(),
      validUntil: Time.nullable(),
      occurrences: z.array(PlanOccurrence),
    }),
  },
  'GET /devices/{id}/commands': {
    summary: 'The last commands and how far each came',
    allow: [],
    params: ById,
    response: z.array(CommandState),
  },
  'POST /devices/{id}/commands': {
    summary:
      'Sends a signed command, which expires soon; 422 `only-by-broadcast` for what starts together by `POST /broadcasts`',
    allow: ['operator', 'technician'],
    params: ById,
    body: Command,
    response: CommandState,
    status: 202,
  },
  'GET /evidence/{id}': {
    summary: 'A picture or recording that a device sent',
    allow: [],
    params: ById,
    response: 'application/octet-stream',
  },
  'GET /pairings': { summary: 'Devices that wait to be let in', allow: tag, response: z.array(Pairing) },
  'POST /pairings/{id}/approve': {
    summary: 'Lets a device in, after its code was compared with the one on the device',
    allow: tag,
    params: ById,
    body: z.object({ name: Title, areaId: Id.nullable().default(null) }),
    response: z.object({ device: Id }),
  },
  'POST /pairings/{id}/refuse': {
    summary: 'Turns a device away',
    allow: tag,
    params: ById,
    response: Nothing,
  },
} as const satisfies Record<string, Route>;
