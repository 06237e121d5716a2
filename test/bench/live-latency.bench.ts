import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineMsAt } from '../support/choir.ts';
import { CLICK_AT_MS, clicksIn, dropOutsIn, writeClickTrack } from '../support/click-track.ts';
import { filePackets, HELLO, LiveMicrophone } from '../support/live-microphone.ts';
import { LossyLink, MOBILE } from '../support/lossy-link.ts';
import { percentile, Recording } from '../support/recording.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

/** Ten are the long form. */
const MINUTES = Number(process.env.LOA_BENCH_MINUTES ?? 1);
const WHERE = (process.env.LOA_LIVE_WHERE ?? 'near,mobile').split(',');
/** Devices tell how frames arrive for so long before anything is judged. */
const SETTLE_MS = 10_000;
const TRACK_S = 60;

/**
 * From the microphone to what a speaker's output really sounds: a click track, spoken in its own time by a program that
 * encodes as a browser does, and found again in the WAV that a simulated speaker wrote, by the machine's own counter.
 */
export default async function liveLatency(report: Report): Promise<void> {
  if (WHERE.includes('near')) await measure(report, false, 150);
  if (WHERE.includes('mobile')) await measure(report, true, 600);
}

async function measure(report: Report, mobile: boolean, limitMs: number): Promise<void> {
  const links: LossyLink[] = [];
  const village = await Village.start({
    behind: async ({ http, mqtt }) => {
      if (!mobile) return {};
      const toBroker = await LossyLink.open({ port: mqtt }, { ...MOBILE, seed: 11 });
      const toHttp = await LossyLink.open({ port: http }, { ...MOBILE, seed: 12 });
      links.push(toBroker, toHttp);
      return {
        LOA_MQTT_PUBLIC_URL: `mqtt://127.0.0.1:${toBroker.port}`,
        LOA_PUBLIC_URL: `http://127.0.0.1:${toHttp.port}`,
      };
    },
  });
  try {
    const { id, directory } = await village.addDevice('Loa 1', ['--kind', 'speaker', '--wav']);
    const track = path.join(village.directory, 'track.wav');
    await writeClickTrack(track, TRACK_S);
    // Whole seconds of it, so that it goes round without a step.
    const packets = (await filePackets(track)).slice(0, TRACK_S * 50);
    // Its clock shall be as good as it gets before it is judged.
    await sleep(mobile ? 30_000 : 15_000);
    const { beganAt, heard } = await speak(village, packets, { device: id, directory });
    const from = machineMsAt(beganAt);
    const firstAt = from + SETTLE_MS;
    const latencies = clicksIn(heard.samples)
      .map((sample) => heard.momentOf(sample))
      .filter((at) => at >= firstAt)
      .map((at) => (at - from - CLICK_AT_MS) % 1_000);
    const where = mobile ? 'behind mobile links (60 ± 40 ms, 1 % loss)' : 'on loopback';
    const row = (name: string, figure: number, unit: string, limit: number | null): void =>
      report({ name: `${where}: ${name}`, figure, unit, limit, ok: limit === null || figure <= limit });
    row('microphone to the sound of a speaker, median', percentile(latencies, 0.5), 'ms', limitMs);
    row(`the same, p95 of ${latencies.length} clicks`, percentile(latencies, 0.95), 'ms', limitMs);
    const begin = Math.max(0, Math.round(heard.sampleAt(firstAt)));
    const end = heard.samples.length - 48_000;
    const gaps = dropOutsIn(heard.samples, begin, end);
    const minutes = (end - begin) / 48_000 / 60;
    row(`drop-outs in ${minutes.toFixed(1)} min`, gaps.length, 'times', mobile ? null : 0);
    row(
      'silence in them',
      gaps.reduce((sum, { ms }) => sum + ms, 0),
      'ms',
      null,
    );
  } finally {
    await village.stop();
    for (const link of links) await link.stop();
  }
}

async function speak(
  village: Village,
  packets: readonly Uint8Array[],
  { device, directory }: { device: string; directory: string },
): Promise<{ beganAt: number; heard: Recording }> {
  const { client } = village;
  const session = await client.call('POST /live', {
    body: { targets: [{ kind: 'device', id: device }], endChime: false },
  });
  const microphone = await LiveMicrophone.join(village.url.replace('http', 'ws'), session.id, {
    cookie: client.cookie,
  });
  if (typeof microphone === 'number') throw new Error(`the microphone was turned away with ${microphone}`);
  microphone.say(HELLO);
  microphone.speak(packets);
  await sleep(MINUTES * 60_000 + SETTLE_MS);
  const { leadMs, lateShare } = await client.call('GET /live/{id}', { params: { id: session.id } });
  console.error(`  lead ${leadMs} ms, late ${lateShare}`);
  await client.call('POST /live/{id}/end', { params: { id: session.id } });
  const { t0 } = await client.call('GET /broadcasts/{id}', { params: { id: session.id } });
  const file = path.join(directory, 'wav', `${session.id}@${t0}.wav`);
  await until('the speaker to have played', () => Promise.resolve(existsSync(`${file}.truth.json`)), 60_000);
  const { verdict } = await until(
    'the verdict',
    async () => {
      const { items } = await client.call('GET /plays', {
        query: { from: (t0 ?? 0) - 1, to: (t0 ?? 0) + 1 },
      });
      const [play] = items;
      return play === undefined || play.verdict === 'pending' ? null : play;
    },
    90_000,
  );
  console.error(`  verdict ${verdict}`);
  return { beganAt: microphone.beganAt, heard: await Recording.read(file) };
}
