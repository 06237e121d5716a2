import { createHash, randomBytes } from 'node:crypto';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { EmbeddedBroker, type EmbeddedBrokerDeps } from '#controller/broker/embedded';
import type { Admission, BrokerRefusal } from '#controller/broker/thread-messages';

export const silent = pino({ level: 'silent' });

export interface TestDevice extends Admission {
  readonly credential: string;
}

/** A device with a real credential, as pairing would give it. */
export function testDevice(device: string, groups: readonly string[] = []): TestDevice {
  const credential = randomBytes(32).toString('base64url');
  return {
    device,
    credential,
    credentialHash: createHash('sha256').update(credential).digest('hex'),
    groups,
  };
}

/** A real broker on a free port, that collects what it reports. */
export async function startBroker(
  devices: readonly Admission[],
  options: Partial<EmbeddedBrokerDeps> = {},
): Promise<{ broker: EmbeddedBroker; refusals: BrokerRefusal[] }> {
  const broker = new EmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    log: silent,
    admissions: () => devices,
    ...options,
  });
  const refusals: BrokerRefusal[] = [];
  broker.listen({ refused: (items) => refusals.push(...items) });
  await broker.start();
  return { broker, refusals };
}

/** Connects, or rejects with the broker's refusal. Never reconnects by itself. */
export function connect(url: string, options: IClientOptions): Promise<MqttClient> {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(url, { protocolVersion: 4, clean: true, reconnectPeriod: 0, ...options });
    client.once('connect', () => {
      client.on('error', () => {});
      resolve(client);
    });
    client.once('error', (error) => {
      client.end(true);
      reject(error);
    });
    client.once('close', () => reject(new Error('closed before it was connected')));
  });
}

export const asDevice = (
  broker: EmbeddedBroker,
  { device, credential }: TestDevice,
  more: IClientOptions = {},
) =>
  connect(`mqtt://127.0.0.1:${broker.port}`, {
    clientId: device,
    username: device,
    password: credential,
    ...more,
  });

export const asController = (broker: EmbeddedBroker) => {
  const { url, username, password } = broker.account;
  return connect(url, { clientId: username, username, password });
};

/** The next message on a client, or on one of its topics. */
export function nextMessage(client: MqttClient, topic?: string): Promise<{ topic: string; payload: string }> {
  return new Promise((resolve) => {
    const hear = (heard: string, payload: Buffer): void => {
      if (topic !== undefined && heard !== topic) return;
      client.off('message', hear);
      resolve({ topic: heard, payload: payload.toString() });
    };
    client.on('message', hear);
  });
}

/** Waits for something that must come true; the test's own time limit is the only clock. */
export async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 10));
}
