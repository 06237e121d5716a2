import type { MqttClient } from 'mqtt';
import { ulid } from 'ulid';
import { Heartbeat } from '#devices/messages/heartbeat';
import { UP, type UpKind, type UpMessage, upTopic } from '#devices/topics';
import type { DeviceSide } from './device-side.ts';
import { connect } from './embedded-broker.ts';
import { approved, asker } from './pairing-device.ts';

/** A device that was paired for real, and speaks as a device speaks. */
export interface RegisteredDevice {
  readonly id: string;
  readonly credential: string;
  readonly serial: string;
  readonly bearer: { authorization: string };
  online(): Promise<Voice>;
}

export interface Voice {
  readonly client: MqttClient;
  readonly session: string;
  say<K extends UpKind>(kind: K, message: UpMessage<K>): Promise<unknown>;
  /** Anything at all, as broken firmware would. */
  babble(kind: UpKind, payload: string): Promise<unknown>;
  birth(changes?: Partial<UpMessage<'birth'>>): Promise<unknown>;
  beat(changes?: Partial<Heartbeat>): Promise<unknown>;
}

export async function registeredDevice(side: DeviceSide, serial: string): Promise<RegisteredDevice> {
  const device = await asker(serial);
  await device.ask(side.url);
  const waiting = side.pairing.list().find((pairing) => pairing.serial === serial);
  const entry = { name: `Cụm ${serial}`, areaId: null };
  const id = side.pairing.approve(waiting?.id ?? '', entry, { id: 'u', name: 'Kỹ thuật' });
  const { credential } = approved(await device.ask(side.url));
  return {
    id,
    credential,
    serial,
    bearer: { authorization: `Bearer ${id}.${credential}` },
    online: () => speak(side, { id, credential, serial }),
  };
}

async function speak(
  side: DeviceSide,
  { id, credential, serial }: { id: string; credential: string; serial: string },
): Promise<Voice> {
  const session = ulid();
  const will = JSON.stringify({ v: 1, session, online: false });
  const client = await connect(`mqtt://127.0.0.1:${side.broker.port}`, {
    clientId: id,
    username: id,
    password: credential,
    will: { topic: upTopic(id, 'presence'), payload: Buffer.from(will), qos: 1, retain: true },
  });
  const babble = (kind: UpKind, payload: string) =>
    client.publishAsync(upTopic(id, kind), payload, { qos: UP[kind].qos, retain: UP[kind].retain });
  const say: Voice['say'] = (kind, message) => babble(kind, JSON.stringify(message));
  return {
    ...{ client, session, say, babble },
    birth: (changes = {}) =>
      say('birth', {
        v: 1,
        session,
        kind: 'speaker',
        model: 'Loa 20W',
        serial,
        firmware: '1.2.3',
        boot: 1,
        capabilities: { codecs: ['opus'], outputDelayMs: 40 },
        desiredRevision: 0,
        plan: null,
        ...changes,
      }),
    beat: (changes = {}) => say('heartbeat', heartbeat(session, changes)),
  };
}

export const heartbeat = (session: string, changes: Partial<Heartbeat> = {}): Heartbeat =>
  Heartbeat.parse({
    v: 1,
    session,
    at: Date.now(),
    uptimeS: 60,
    clock: { synced: true, offsetMs: 0, errorMs: 3 },
    desiredRevision: 1,
    plan: null,
    playing: null,
    outbox: 0,
    faults: [],
    ...changes,
  });
