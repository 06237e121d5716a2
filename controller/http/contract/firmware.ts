import { z } from 'zod';
import { DeviceKind } from '#devices/kind';
import { FirmwareVersion } from '#devices/messages/firmware';
import { ById, Id, Nothing, Time } from './common.ts';
import type { Route } from './route.ts';

export const FirmwareImage = z.object({
  id: Id,
  model: z.string(),
  version: FirmwareVersion,
  sha256: z.string(),
  bytes: z.number().int(),
  note: z.string(),
  createdAt: Time,
  createdBy: z.string().nullable(),
});
export type FirmwareImage = z.infer<typeof FirmwareImage>;

/** running → done; `halted`: by itself when too many devices failed, or by a person, and may go on. */
export const RolloutState = z.enum(['running', 'halted', 'done', 'cancelled']);
export type RolloutState = z.infer<typeof RolloutState>;

/** waiting → offered → downloaded → restarting → committed; or failed(reason), with the old firmware running again. */
export const RolloutStep = z.enum(['waiting', 'offered', 'downloaded', 'restarting', 'committed', 'failed']);
export type RolloutStep = z.infer<typeof RolloutStep>;

export const Rollout = z.object({
  id: Id,
  image: FirmwareImage,
  state: RolloutState,
  /** Why it was halted: a reason code; null when it was not. */
  reason: z.string().nullable(),
  /** Shares of the devices, each stage beginning when the one before succeeded: `[0, 10, 100]`; 0 stands for one device. */
  stages: z.array(z.number().min(0).max(100)),
  stage: z.number().int(),
  /** More failures than this share of the devices tried so far, in percent, halt it. */
  failureLimitPercent: z.number(),
  counts: z.record(RolloutStep, z.number().int()),
  startedAt: Time,
  updatedAt: Time,
});
export type Rollout = z.infer<typeof Rollout>;

export const RolloutDetail = Rollout.extend({
  devices: z.array(
    z.object({
      deviceId: Id,
      name: z.string(),
      kind: DeviceKind,
      step: RolloutStep,
      stage: z.number().int(),
      reason: z.string().nullable(),
      running: z.string().nullable(),
      updatedAt: Time,
    }),
  ),
});
export type RolloutDetail = z.infer<typeof RolloutDetail>;

/** Whom a rollout of an image would reach: how many in all, how many of them are there now, how many in each stage. */
export const FirmwareReach = z.object({
  devices: z.number().int(),
  online: z.number().int(),
  /** Devices of the model that run this version or a newer one. */
  already: z.number().int(),
  stages: z.array(z.number().int()),
});
export type FirmwareReach = z.infer<typeof FirmwareReach>;

/** `0,10,100` */
const StagesQuery = z
  .string()
  .regex(/^\d{1,3}(\.\d+)?(,\d{1,3}(\.\d+)?){0,9}$/)
  .transform((text) => text.split(',').map(Number));

const tag = ['technician'] as const;
export const firmwareRoutes = {
  'GET /firmware': {
    summary: 'The firmware images, newest first',
    allow: tag,
    response: z.array(FirmwareImage),
  },
  'POST /firmware': {
    summary: 'Takes in an image of any bytes, for a model',
    allow: tag,
    query: z.object({
      model: z.string().min(1).max(64),
      version: FirmwareVersion,
      note: z.string().max(2_000).default(''),
    }),
    stream: 'application/octet-stream',
    response: FirmwareImage,
    status: 201,
  },
  'DELETE /firmware/{id}': {
    summary: 'Removes an image that no rollout is using',
    allow: tag,
    params: ById,
    response: Nothing,
  },
  'GET /firmware/{id}/reach': {
    summary: 'How many devices a rollout of the image would reach, stage by stage',
    allow: tag,
    params: ById,
    query: z.object({ stages: StagesQuery.default([0, 10, 100]) }),
    response: FirmwareReach,
  },
  'GET /rollouts': { summary: 'Rollouts, newest first', allow: tag, response: z.array(Rollout) },
  'GET /rollouts/{id}': {
    summary: 'One rollout with its devices',
    allow: tag,
    params: ById,
    response: RolloutDetail,
  },
  'POST /rollouts': {
    summary: 'Offers an image to the devices of its model, in stages',
    allow: tag,
    body: z.object({
      image: Id,
      stages: z.array(z.number().min(0).max(100)).min(1).max(10).default([0, 10, 100]),
      failureLimitPercent: z.number().min(0).max(100).default(10),
    }),
    response: Rollout,
    status: 201,
  },
  'POST /rollouts/{id}/halt': { summary: 'Halts it', allow: tag, params: ById, response: Rollout },
  'POST /rollouts/{id}/resume': { summary: 'Goes on', allow: tag, params: ById, response: Rollout },
  'POST /rollouts/{id}/cancel': {
    summary: 'Ends it: devices that have not committed keep what they run',
    allow: tag,
    params: ById,
    response: Rollout,
  },
} as const satisfies Record<string, Route>;
