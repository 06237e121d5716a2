import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import mqtt, { type MqttClient } from 'mqtt';
import { ulid } from 'ulid';
import {
  type Beat,
  HEARTBEAT_INTERVAL_MS,
  type Heartbeat,
  WHOLE_EVERY_MS,
} from '#devices/messages/heartbeat';
import { upTopic } from '#devices/topics';
import { processorSeconds } from '../support/processor.ts';
import { seedDevices, seededCredential } from '../support/seed.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

const DEVICES = 1_000;
const INTERVAL_MS = 30_000;
const ROUNDS = 2;
/** An idle device says all of itself in every thirtieth heartbeat. */
const WHOLE_OF = WHOLE_EVERY_MS / HEARTBEAT_INTERVAL_MS;
/** A round to warm up, and two kinds of rounds. */
const SENT = DEVICES * (1 + 2 * ROUNDS);

/**
 * Heartbeats of 1,000 devices every 30 s, over MQTT: what they cost the controller while all of them play and tell it, and
 * while they are idle; and whether each was counted.
 */
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
    const cost = async (name: string, whole: (index: number, round: number) => boolean): Promise<void> => {
      const before = processorSeconds(pid);
      const began = Date.now();
      for (let round = 0; round < ROUNDS; round += 1) {
        await beat(clients, INTERVAL_MS, (index) => whole(index, round));
      }
      const share = ((processorSeconds(pid) - before) / (Date.now() - began)) * 100_000;
      report({ name: `${name} of ${DEVICES} devices every 30 s, all threads`, ...percent(share) });
    };
    // Everything that comes with a start is over: documents are signed, and what runs often is compiled.
    await beat(clients, 20_000, () => true);
    await cost('whole heartbeats', () => true);
    await cost(
      'heartbeats of idle devices, most of them short,',
      (index, round) => (index + round) % WHOLE_OF === 0,
    );
    for (const [, client] of clients) client.end(true);
    // What is only counted in memory goes to the database when the program is stopped.
    await village.controller.stop();
    const lost = SENT - countedBeats(village.directory);
    report({
      name: `heartbeats not counted, of ${SENT}`,
      figure: lost,
      unit: 'beats',
      limit: 0,
      ok: lost === 0,
    });
  } finally {
    await village.stop();
  }
}

const percent = (share: number) => ({ figure: share, unit: '% core', limit: 5, ok: share < 5 });

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
async function beat(
  clients: readonly [string, MqttClient][],
  intervalMs: number,
  whole: (index: number) => boolean,
): Promise<void> {
  const began = performance.now();
  for (const [index, [device, client]] of clients.entries()) {
    if (whole(index)) client.publish(upTopic(device, 'heartbeat'), JSON.stringify(heartbeatOf()), { qos: 0 });
    else client.publish(upTopic(device, 'beat'), SHORT, { qos: 0 });
    const due = ((index + 1) / clients.length) * intervalMs;
    const ahead = due - (performance.now() - began);
    if (ahead > 5) await sleep(ahead);
  }
}

const N = 17;
const SHORT = JSON.stringify({ v: 1, same: N } satisfies Beat);
const session = ulid();
const heartbeatOf = (): Heartbeat => ({
  v: 1,
  session,
  at: Date.now(),
  n: N,
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

function countedBeats(directory: string): number {
  const database = new SqliteDatabase(path.join(directory, 'data', 'loa.sqlite'), { readonly: true });
  const counted = database.prepare('SELECT sum(1 + repeats) FROM heartbeat').pluck().get() as number;
  database.close();
  return counted;
}
