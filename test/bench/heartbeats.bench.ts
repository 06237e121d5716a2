import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import mqtt, { type MqttClient } from 'mqtt';
import { ulid } from 'ulid';
import type { Heartbeat } from '#devices/messages/heartbeat';
import { upTopic } from '#devices/topics';
import { processorSeconds } from '../support/processor.ts';
import { seedDevices, seededCredential } from '../support/seed.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

const DEVICES = 1_000;
const INTERVAL_MS = 30_000;
const ROUNDS = 2;
/** One round more, to warm up. */
const STORED = DEVICES * (ROUNDS + 1);

/** Heartbeats of 1,000 devices every 30 s, over MQTT: what they cost the controller, and whether each is stored. */
export default async function heartbeats(report: Report): Promise<void> {
  let devices: string[] = [];
  const village = await Village.start({
    firstSignIn: 'left',
    prepare: async (data) => {
      devices = await seedDevices(data, DEVICES);
    },
  });
  try {
    const clients = await connectAll(devices, village.mqttPort);
    const pid = village.controller.pid ?? 0;
    // Everything that comes with a start is over: documents are signed, and what runs often is compiled.
    await beat(clients, 20_000);
    const before = processorSeconds(pid);
    const began = Date.now();
    for (let round = 0; round < ROUNDS; round += 1) await beat(clients, INTERVAL_MS);
    const seconds = (Date.now() - began) / 1_000;
    const share = ((processorSeconds(pid) - before) / seconds) * 100;
    const stored = await storedBeats(village.directory, STORED);
    for (const [, client] of clients) client.end(true);
    report({
      name: `heartbeats of ${DEVICES} devices every 30 s, all threads`,
      figure: share,
      unit: '% core',
      limit: 5,
      ok: share < 5,
    });
    const lost = STORED - stored;
    report({
      name: `heartbeats not stored, of ${STORED}`,
      figure: lost,
      unit: 'rows',
      limit: 0,
      ok: lost === 0,
    });
  } finally {
    await village.stop();
  }
}

async function connectAll(devices: readonly string[], port: number): Promise<[string, MqttClient][]> {
  const clients: [string, MqttClient][] = [];
  for (let index = 0; index < devices.length; index += 50) {
    const some = devices.slice(index, index + 50).map(async (device): Promise<[string, MqttClient]> => {
      const options = {
        clientId: device,
        username: device,
        password: seededCredential(device),
        reconnectPeriod: 0,
      };
      return [device, await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, options)];
    });
    clients.push(...(await Promise.all(some)));
  }
  return clients;
}

/** One heartbeat of every device, spread evenly over the interval as jitter spreads them. */
async function beat(clients: readonly [string, MqttClient][], intervalMs: number): Promise<void> {
  const began = performance.now();
  for (const [index, [device, client]] of clients.entries()) {
    client.publish(upTopic(device, 'heartbeat'), JSON.stringify(heartbeatOf()), { qos: 0 });
    const due = ((index + 1) / clients.length) * intervalMs;
    const ahead = due - (performance.now() - began);
    if (ahead > 5) await sleep(ahead);
  }
}

const session = ulid();
const heartbeatOf = (): Heartbeat => ({
  v: 1,
  session,
  at: Date.now(),
  uptimeS: 86_400,
  clock: { synced: true, offsetMs: 0.4, errorMs: 0.9 },
  desiredRevision: 1,
  plan: null,
  playing: null,
  volume: 80,
  muted: false,
  storage: { totalBytes: 8e9, freeBytes: 6e9 },
  outbox: 0,
  temperatureC: 40 + Math.random(),
  mainsV: 228 + Math.random() * 4,
  signalDbm: -70,
  faults: [],
});

async function storedBeats(directory: string, expected: number): Promise<number> {
  const database = new SqliteDatabase(path.join(directory, 'data', 'loa.sqlite'), { readonly: true });
  const count = (): number => database.prepare('SELECT count(*) FROM heartbeat').pluck().get() as number;
  await until('the last heartbeats', () => count() >= expected, 10_000).catch(() => undefined);
  const stored = count();
  database.close();
  return stored;
}
