import path from 'node:path';
import type { Client } from '../support/client.ts';
import { Program } from '../support/process.ts';
import { programmeOf, scheduleOnceAt, secondsFromNow, uploadReady } from '../support/schedule.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';
import type { Report } from './main.ts';

const SPEAKERS = 50;
const STARTS = 3;

/** How far from its due time the first sample of a scheduled programme comes, on 50 speakers with real decoders. */
export default async function firstSample(report: Report): Promise<void> {
  const village = await Village.start();
  const { client } = village;
  const fleet = new Program('firmware-sim/fleet-main.js', [
    ...['--devices', String(SPEAKERS), '--http', village.url, '--dir', path.join(village.directory, 'fleet')],
    ...['--decoder', 'ffmpeg', '--approve', `admin:${ADMIN_PASSWORD}`],
  ]);
  try {
    await until(
      'the fleet to be connected',
      async () => (await client.call('GET /devices')).counts.online === SPEAKERS,
      180_000,
    );
    const source = path.join(village.directory, 'source.wav');
    await speakTo(source, 'Bản tin ngắn của phường Phù Vân.');
    const programme = await programmeOf(client, await uploadReady(client, source, 'source.wav'), 'Bản tin');
    const distances: number[] = [];
    for (let start = 0; start < STARTS; start += 1) {
      const at = secondsFromNow(20_000);
      await scheduleOnceAt(client, at, { kind: 'programme', id: programme });
      const plays = await until(
        'every speaker to have proven its play',
        async () => {
          const { items } = await client.call('GET /plays', { query: { from: at, to: at + 1, limit: 500 } });
          return items.length === SPEAKERS && items.every(({ verdict }) => verdict !== 'pending')
            ? items
            : null;
        },
        120_000,
      );
      for (const { occurrence, deviceId } of plays)
        distances.push(await distance(client, occurrence, deviceId));
    }
    distances.sort((a, b) => a - b);
    const p99 = distances[Math.ceil(distances.length * 0.99) - 1] ?? Number.NaN;
    report({
      name: `first sample from its due time, the clock's error added, p99 of ${distances.length} starts on ${SPEAKERS} speakers`,
      figure: p99,
      unit: 'ms',
      limit: 100,
      ok: p99 <= 100,
    });
  } finally {
    await fleet.stop();
    await village.stop();
  }
}

/** From the due time, by the device's clock, and the bound of that clock's error with it. */
async function distance(client: Client, occurrence: string, device: string): Promise<number> {
  const { records } = await client.call('GET /plays/{occurrence}/{device}', {
    params: { occurrence, device },
  });
  const [first] = records;
  if (first === undefined || first.startedAt === null) return Number.POSITIVE_INFINITY;
  return Math.abs(first.startedAt - first.dueAt) + first.clockErrorMs;
}
