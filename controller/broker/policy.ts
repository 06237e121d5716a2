import { maySubscribe } from '#devices/access';
import { DOWN, HOST_STATE, parseUpTopic, UP, type UpKind } from '#devices/topics';

/** The one client that is no device. Longer than any device id that is given out, so that it can never be one. */
export const CONTROLLER = 'loa-controller';

interface Publish {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly qos: number;
  readonly retain: boolean;
}

export type Judgement = { readonly kind: UpKind } | { readonly refused: string };

/** What a device publishes must be its own, of a kind, a size and a retention that the contract knows. */
export function judgePublish(device: string, { topic, payload, qos, retain }: Publish): Judgement {
  const address = parseUpTopic(topic);
  if (address?.device !== device) return { refused: 'foreign-topic' };
  const contract = UP[address.kind];
  if (payload.length > contract.maxBytes) return { refused: 'oversized' };
  if (retain !== contract.retain) return { refused: 'wrong-retention' };
  if (qos > 1) return { refused: 'wrong-qos' };
  return { kind: address.kind };
}

export const judgeSubscribe = (device: string, filter: string, groups: ReadonlySet<string>): boolean =>
  device === CONTROLLER ? isUpFilter(filter) : maySubscribe(device, filter, groups);

const isUpFilter = (filter: string): boolean => {
  const match = /^loa\/v1\/up\/(?:\+|\d+)\/\+\/([a-z]+)$/.exec(filter);
  return match?.[1] !== undefined && Object.hasOwn(UP, match[1]);
};

/** The controller speaks to devices, to groups and about itself. */
export function controllerMayPublish(topic: string): boolean {
  if (topic === HOST_STATE.topic || /^loa\/v1\/group\/[^/]+\/command$/.test(topic)) return true;
  const kind = /^loa\/v1\/down\/[^/]+\/([a-z]+)$/.exec(topic)?.[1];
  return kind !== undefined && Object.hasOwn(DOWN, kind);
}
