import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineMsAt } from '../support/choir.ts';
import { CLICK_AT_MS, clicksIn, dropOutsIn, writeClickTrack } from '../support/click-track.ts';
import { clicksOfPage, noteClicks } from '../support/heard-in-page.ts';
import { filePackets, HELLO, LiveMicrophone } from '../support/live-microphone.ts';
import { goOnAir, openStudio } from '../support/live-page.ts';
import { LossyLink, MOBILE } from '../support/lossy-link.ts';
import { percentile, Recording } from '../support/recording.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

/** Ten are the long form. */
const MINUTES = Number(process.env.LOA_BENCH_MINUTES ?? 1);
const WHERE = (process.env.LOA_LIVE_WHERE ?? 'near,browser,mobile').split(',');
/** Devices tell how frames arrive for so long before anything is judged. */
const SETTLE_MS = 10_000;
const TRACK_S = 60;

/**
 * From the microphone to what a speaker's output really sounds: a click track, spoken in its own time by a program that
 * encodes as a browser does, and found again in the WAV that a simulated speaker wrote, by the machine's own counter.
 */
export default async function liveLatency(report: Report): Promise<void> {
  if (WHERE.includes('near')) await measure(report, 'near');
  if (WHERE.includes('browser')) await measure(report, 'browser');
  if (WHERE.includes('mobile')) await measure(report, 'mobile');
}

const PLACES = {
  near: { what: 'on loopback', limitMs: 150 },
  browser: { what: 'on loopback, spoken into real Chromium', limitMs: 150 },
  mobile: { what: 'behind mobile links (60 ± 40 ms, 1 % loss)', limitMs: 600 },
} as const;

async function measure(report: Report, place: keyof typeof PLACES): Promise<void> {
  const links: LossyLink[] = [];
  const mobile = place === 'mobile';
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
    const device = await village.addDevice('Loa 1', ['--kind', 'speaker', '--wav']);
    const track = path.join(village.directory, 'track.wav');
    await writeClickTrack(track, TRACK_S);
    // Its clock shall be as good as it gets before it is judged.
    await sleep(mobile ? 30_000 : 15_000);
    const { spokenAt, heard } =
      place === 'browser' ? await inChromium(village, track, device) : await byHand(village, track, device);
    const firstAt = (spokenAt[0] ?? 0) + SETTLE_MS;
    const clicks = clicksIn(heard.samples)
      .map((sample) => heard.momentOf(sample))
      .filter((at) => at >= firstAt);
    // Nothing takes a second, and clicks are a second apart.
    const latencies = clicks.flatMap((at) => {
      const said = spokenAt.findLast((one) => one <= at);
      return said === undefined ? [] : [at - said];
    });
    const { what, limitMs } = PLACES[place];
    const row = (name: string, figure: number, unit: string, limit: number | null): void =>
      report({ name: `${what}: ${name}`, figure, unit, limit, ok: limit === null || figure <= limit });
    row('microphone to the sound of a speaker, median', percentile(latencies, 0.5), 'ms', limitMs);
    row(`the same, p95 of ${latencies.length} clicks`, percentile(latencies, 0.95), 'ms', limitMs);
    const begin = Math.max(0, Math.round(heard.sampleAt(firstAt)));
    const end = heard.samples.length - 48_000;
    const gaps = dropOutsIn(heard.samples, begin, end);
    const minutes = (end - begin) / 48_000 / 60;
    row(`drop-outs in ${minutes.toFixed(1)} min`, gaps.length, 'times', mobile ? null : 0);
    const silentMs = gaps.reduce((sum, { ms }) => sum + ms, 0);
    row('silence in them', silentMs, 'ms', null);
  } finally {
    await village.stop();
    for (const link of links) await link.stop();
  }
}

interface Device {
  readonly id: string;
  readonly directory: string;
}
interface Spoken {
  /** When each click was spoken, ms of the machine's steady counter, ascending. */
  readonly spokenAt: readonly number[];
  readonly heard: Recording;
}

/** Real Chromium as an operator uses it; its own studio, its own encoder. */
async function inChromium(village: Village, track: string, { directory }: Device): Promise<Spoken> {
  const choices = { polished: false, endChime: false };
  const studio = await openStudio(village.url, track, { phone: false, choices });
  try {
    await noteClicks(studio.page);
    const id = await goOnAir(studio.page);
    await sleep(MINUTES * 60_000 + SETTLE_MS);
    const ahead = machineMsAt(0);
    const spokenAt = (await clicksOfPage(studio.page)).map((at) => at + ahead);
    return { spokenAt, heard: await end(village, id, directory) };
  } finally {
    await studio.close();
  }
}

/** A program that encodes as a browser does, and speaks in its own time. */
async function byHand(village: Village, track: string, { id, directory }: Device): Promise<Spoken> {
  const { client } = village;
  // Whole seconds of it, so that it goes round without a step.
  const packets = (await filePackets(track)).slice(0, TRACK_S * 50);
  const session = await client.call('POST /live', {
    body: { targets: [{ kind: 'device', id }], endChime: false },
  });
  const microphone = await LiveMicrophone.join(village.url.replace('http', 'ws'), session.id, {
    cookie: client.cookie,
  });
  if (typeof microphone === 'number') throw new Error(`the microphone was turned away with ${microphone}`);
  microphone.say(HELLO);
  microphone.speak(packets);
  await sleep(MINUTES * 60_000 + SETTLE_MS);
  const from = machineMsAt(microphone.beganAt);
  const clicks = Math.ceil(microphone.spoken / 50);
  const spokenAt = Array.from({ length: clicks }, (_, index) => from + CLICK_AT_MS + index * 1_000);
  return { spokenAt, heard: await end(village, session.id, directory) };
}

/** Ends the session. @returns what the speaker sounded of it. */
async function end(village: Village, id: string, directory: string): Promise<Recording> {
  const { client } = village;
  const { leadMs } = await client.call('GET /live/{id}', { params: { id } });
  await client.call('POST /live/{id}/end', { params: { id } });
  const { t0 } = await client.call('GET /broadcasts/{id}', { params: { id } });
  const file = path.join(directory, 'wav', `${id}@${t0}.wav`);
  await until('the speaker to have played', () => Promise.resolve(existsSync(`${file}.truth.json`)), 60_000);
  console.error(`  ${leadMs} ms of it were the lead`);
  return Recording.read(file);
}
