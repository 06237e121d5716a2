import type { z } from 'zod';
import { Ack } from './messages/ack.ts';
import { Ask } from './messages/ask.ts';
import { Birth } from './messages/birth.ts';
import { Beat, Heartbeat } from './messages/heartbeat.ts';
import { HostState } from './messages/host-state.ts';
import { Played } from './messages/played.ts';
import { Presence } from './messages/presence.ts';
import { Tell } from './messages/tell.ts';
import { partitionOf } from './partition.ts';
import { DeviceId } from './primitives.ts';

/** Everything that is said over MQTT, with its quality of service, retention, size limit and schema. */
export const UP = {
  birth: { qos: 1, retain: false, maxBytes: 4_096, schema: Birth },
  presence: { qos: 1, retain: true, maxBytes: 256, schema: Presence },
  heartbeat: { qos: 0, retain: false, maxBytes: 4_096, schema: Heartbeat },
  beat: { qos: 0, retain: false, maxBytes: 64, schema: Beat },
  ack: { qos: 1, retain: false, maxBytes: 1_024, schema: Ack },
  played: { qos: 1, retain: false, maxBytes: 65_536, schema: Played },
  ask: { qos: 0, retain: false, maxBytes: 256, schema: Ask },
} as const;
export type UpKind = keyof typeof UP;
export type UpMessage<K extends UpKind> = z.infer<(typeof UP)[K]['schema']>;

/** `desired`, `command` and `firmware` carry a JWS in compact form (`signature.ts`), the others JSON. */
export const DOWN = {
  desired: { qos: 1, retain: true, maxBytes: 16_384 },
  command: { qos: 1, retain: false, maxBytes: 16_384 },
  firmware: { qos: 1, retain: true, maxBytes: 4_096 },
  tell: { qos: 1, retain: false, maxBytes: 1_024, schema: Tell },
} as const;
export type DownKind = keyof typeof DOWN;

export const HOST_STATE = {
  topic: 'loa/v1/host/state',
  qos: 1,
  retain: true,
  maxBytes: 256,
  schema: HostState,
} as const;

/** No packet of the contract is larger; the broker closes a connection that sends one. */
export const MAX_PACKET_BYTES = 70_000;

export const upTopic = (device: string, kind: UpKind): string =>
  `loa/v1/up/${partitionOf(device)}/${device}/${kind}`;
export const downTopic = (device: string, kind: DownKind): string => `loa/v1/down/${device}/${kind}`;
export const groupTopic = (group: string): string => `loa/v1/group/${group}/command`;

/** The audience, and the group, of what is meant for every device of the site; each device hears it unasked. */
export const EVERY_DEVICE = 'every-device';

/** What the controller subscribes to: every partition, or the ones it is given. */
export const upFilter = (kind: UpKind, partition: number | '+' = '+'): string =>
  `loa/v1/up/${partition}/+/${kind}`;

/**
 * Who says what, from a topic under `loa/v1/up/`; null for any other topic, an unknown kind, an id that is
 * none, or a partition that is not the device's own.
 */
export function parseUpTopic(topic: string): { device: DeviceId; kind: UpKind } | null {
  const [root, version, direction, partition, device, kind, ...rest] = topic.split('/');
  if (root !== 'loa' || version !== 'v1' || direction !== 'up' || rest.length > 0) return null;
  if (device === undefined || kind === undefined || !Object.hasOwn(UP, kind)) return null;
  if (!DeviceId.safeParse(device).success || partition !== String(partitionOf(device))) return null;
  return { device, kind: kind as UpKind };
}
