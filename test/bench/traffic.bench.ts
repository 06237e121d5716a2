import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HEARTBEAT_INTERVAL_MS, WHOLE_EVERY_MS } from '#devices/messages/heartbeat';
import { IDLE } from '#devices/time-cadence';
import { KEEPALIVE_S } from '#firmware-sim/conversation';
import { Device } from '#firmware-sim/device';
import { Authority } from '../support/authority.ts';
import { seedDevices } from '../support/seed.ts';
import { seedFleet } from '../support/seed-fleet.ts';
import { TlsTap, type WireRecord } from '../support/tls-tap.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

/** `LOA_BENCH_MINUTES=65` measures a whole hour with everything in it, and extrapolates nothing but the month. */
const MINUTES = Number(process.env.LOA_BENCH_MINUTES ?? 5);
const MONTH_MS = 30 * 86_400_000;
/** What comes with a connection is over by then: handshake, birth, documents, the first look at the clock. */
const CONNECT_MS = 10_000;
const LIMIT_MB = 10;
/** IPv4 and TCP with timestamps (RFC 793, RFC 7323), of a segment and of the acknowledgement that it gets. */
const HEADERS = 2 * (20 + 32);

/** An idle device behind TLS: what a month of it weighs on the wire. */
export default async function traffic(report: Report): Promise<void> {
  const authority = new Authority();
  const files = authority.issue();
  const village = await Village.start({
    env: { LOA_TLS_CERT: files.cert, LOA_TLS_KEY: files.key, LOA_TLS_PORTS: 'mqtt' },
    prepare: async (data) => void (await seedDevices(data, 1)),
  });
  const tap = new TlsTap(village.mqttPort);
  const device = new Device({
    ...{ kind: 'speaker', decoder: 'silent', http: village.url, ca: authority.ca },
    dir: await pairedThrough(await tap.listen(), village),
  });
  try {
    await device.start();
    await until(
      'the device to be heard',
      async () => (await village.client.call('GET /devices')).counts.online,
    );
    await sleep(CONNECT_MS);
    const connected = tap.records.length;
    const connection = weightOf(tap.records);
    report({
      name: 'one connection, with birth and documents',
      figure: connection / 1_000,
      unit: 'kB',
      limit: null,
      ok: true,
    });
    const began = Date.now();
    await sleep(MINUTES * 60_000);
    const idle = tap.records.slice(connected);
    const window = Date.now() - began;
    const { items } = await village.client.call('GET /devices');
    const { heartbeat } = await village.client.call('GET /devices/{id}', {
      params: { id: items[0]?.id ?? '' },
    });
    const month = MINUTES >= 60 ? measured(idle, window) : composed(idle, JSON.stringify(heartbeat).length);
    report({
      name: `idle month, TLS included: ${month.how}`,
      ...{ figure: month.bytes / 1e6, unit: 'MB', limit: LIMIT_MB, ok: month.bytes <= LIMIT_MB * 1e6 },
    });
    const whole = month.bytes + month.records * HEADERS;
    report({
      name: 'the same with TCP and IPv4 headers and acknowledgements, reckoned',
      ...{ figure: whole / 1e6, unit: 'MB', limit: null, ok: true },
    });
  } finally {
    await device.stop();
    tap.close();
    await village.stop();
    authority.discard();
  }
}

interface Month {
  readonly bytes: number;
  readonly records: number;
  readonly how: string;
}

function measured(idle: readonly WireRecord[], windowMs: number): Month {
  const share = MONTH_MS / windowMs;
  return { bytes: weightOf(idle) * share, records: idle.length * share, how: `${MINUTES} minutes measured` };
}

/** What is seen in minutes, each as often as its interval says: a few minutes hold no whole heartbeat and no idle look at the clock. */
function composed(idle: readonly WireRecord[], wholeJson: number): Month {
  const up = idle.filter(({ direction }) => direction === 'up');
  const down = idle.filter(({ direction }) => direction === 'down');
  const between = (records: readonly WireRecord[], from: number, to: number) =>
    records.filter(({ bytes }) => bytes > from && bytes <= to);
  const ping = mean(between(up, 0, 30)) + mean(between(down, 0, 30));
  const beats = between(up, 30, 90);
  const exchange = mean(between(up, 90, 150)) + mean(between(down, 90, 250));
  // The same topic, but for six letters more, and a longer payload.
  const whole = mean(beats) - '{"v":1,"same":1}'.length + 6 + wholeJson;
  const [allBeats, wholes] = [MONTH_MS / HEARTBEAT_INTERVAL_MS, MONTH_MS / WHOLE_EVERY_MS];
  const [pings, exchanges] = [MONTH_MS / (KEEPALIVE_S * 1_000), (MONTH_MS / IDLE.inMs) * IDLE.exchanges];
  const parts = [(allBeats - wholes) * mean(beats), wholes * whole, pings * ping, exchanges * exchange];
  const [beatsMb, wholesMb, pingsMb, clockMb] = parts.map((bytes) => (bytes / 1e6).toFixed(1));
  return {
    bytes: parts.reduce((sum, part) => sum + part, 0),
    records: allBeats + 2 * pings + 2 * exchanges,
    how: `${beatsMb} of ${beats.length} short heartbeats seen, ${wholesMb} whole ones, ${pingsMb} pings, ${clockMb} clock`,
  };
}

const weightOf = (records: readonly WireRecord[]): number =>
  records.reduce((sum, { bytes }) => sum + bytes, 0);

function mean(records: readonly WireRecord[]): number {
  if (records.length === 0) throw new Error('a kind of message was not seen; measure for longer');
  return weightOf(records) / records.length;
}

/** The directory of a paired device that reaches the broker by that port. */
async function pairedThrough(mqttPort: number, village: Village): Promise<string> {
  const { directory, url } = village;
  const home = path.join(await seedFleet({ directory, mqttPort, url }, 1), 'device-0001');
  const file = path.join(home, 'pairing.json');
  const pairing = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...pairing, brokers: [`mqtts://localhost:${mqttPort}`] }));
  return home;
}
