import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../support/process.ts';
import { programmeOf, scheduleOnceAt, secondsFromNow, uploadReady } from '../support/schedule.ts';
import { seedDevices } from '../support/seed.ts';
import { seedFleet } from '../support/seed-fleet.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

/** Whole ones, which store the message, verify, decode and play a programme; and light ones, of words alone. */
const WHOLE = 20;
const LIGHT = Number(process.env.LOA_BENCH_EMERGENCY_DEVICES ?? 1_000) - WHOLE;
const DEVICES = WHOLE + LIGHT;
const PRESSES = 5;
const PATIENCE_MS = 240_000;
const WORDS = 'Nước sông Đáy đang lên nhanh. Bà con ven sông hãy lên chỗ cao ngay.';

/**
 * From the press of the red button, a request of the console, to the first sample that each of a thousand devices
 * sounds, by its own word on the same clock. Meanwhile they beat, the whole ones play a scheduled programme, and a
 * person uploads files. All devices share the machine with the controller, which each of the real ones does not: a
 * thousand whole ones would measure the simulator.
 */
export default async function emergency(report: Report): Promise<void> {
  const village = await Village.start({ prepare: async (data) => void (await seedDevices(data, DEVICES)) });
  const directory = await seedFleet(village, WHOLE);
  const { client } = village;
  const body = { title: 'Cảnh báo lũ', heading: 'CẢNH BÁO LŨ', text: WORDS };
  const stored = await client.call('POST /stored-messages', { body });
  await until('message and siren to be ready', async () =>
    (await client.call('GET /assets')).every(({ state }) => state === 'ready'),
  );
  const fleet = new Program('firmware-sim/fleet-main.js', [
    ...['--devices', String(WHOLE), '--http', village.url, '--dir', directory],
  ]);
  const crowd = fork(
    new URL('../support/beating-crowd.ts', import.meta.url).pathname,
    [WHOLE, LIGHT, village.mqttPort].map(String),
    { execArgv: ['--import', 'tsx'] },
  );
  let uploading = true;
  let uploads: Promise<void> = Promise.resolve();
  try {
    await once(crowd, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
    const held = await until(
      'every whole device to hold the message',
      async () => {
        const [message] = await client.call('GET /stored-messages');
        return message?.ready === true && message.heldBy === WHOLE ? message.heldBy : null;
      },
      PATIENCE_MS,
    );
    report({
      ...{ name: `${WHOLE} whole devices: hold the message beforehand`, figure: held, unit: 'devices' },
      ...{ limit: null, ok: true },
    });

    const source = path.join(village.directory, 'source.wav');
    await speakTo(source, 'Bản tin của phường Phù Vân. '.repeat(40));
    const asset = await uploadReady(client, source, 'source.wav');
    const content = { kind: 'programme' as const, id: await programmeOf(client, asset, 'Bản tin') };
    const at = secondsFromNow(45_000);
    await scheduleOnceAt(client, at, content, { repeat: { count: 20, gapMs: 0 } });
    await fleet.line(new RegExp(`, ${WHOLE} with a plan`), PATIENCE_MS);
    await sleep(Math.max(0, at + 5_000 - Date.now()));
    // One after the other, however long each takes: the pipeline is never idle.
    uploads = (async () => {
      while (uploading) {
        const { id } = await client.upload(source, `tep-${Date.now()}.wav`);
        const done = async () =>
          !uploading || (await client.call('GET /assets/{id}', { params: { id } })).state === 'ready';
        await until('the upload to be ready', done, PATIENCE_MS);
      }
    })();
    uploads.catch((error: unknown) => console.error('an upload failed', error));

    const delays: number[] = [];
    const chosen: number[] = [];
    let silent = 0;
    for (let press = 0; press < PRESSES; press += 1) {
      const { id, messages } = await client.call('POST /incidents', {
        body: { ...body, targets: [{ kind: 'all', id: '' }], storedMessageId: stored.id, repeats: 1 },
      });
      if (messages[0]?.state !== 'ready') throw new Error('the stored message was not ready');
      await sleep(3_000);
      const pressed = Date.now();
      const sent = await client.call('POST /incidents/{id}/confirm', { params: { id }, body: {} });
      const broadcast = sent.messages[0]?.soundBroadcastId ?? '';
      const sounded = async () => {
        const { devices, t0 } = await client.call('GET /broadcasts/{id}', { params: { id: broadcast } });
        chosen[press] = (t0 ?? Number.POSITIVE_INFINITY) - pressed;
        return devices.flatMap(({ startedAt }) => (startedAt === null ? [] : [startedAt - pressed]));
      };
      // Asked once a second: what a page costs is not to be what is measured.
      const end = Date.now() + 10_000;
      let heard: number[] = [];
      while (heard.length < DEVICES && Date.now() < end) {
        await sleep(1_000);
        heard = await sounded();
      }
      silent += DEVICES - heard.length;
      if (heard.length < DEVICES) {
        const reasons = await client.call('GET /incidents/{id}/silent', { params: { id } });
        const { counts } = await client.call('GET /incidents/{id}', { params: { id } });
        console.error(counts, [...new Set(reasons.map(({ reason }) => reason))], fleet.lines.at(-1));
      }
      delays.push(...heard);
      await client.call('POST /incidents/{id}/all-clear', { params: { id }, body: {} });
      await sleep(4_000);
    }
    delays.sort((one, other) => one - other);
    const rank = (share: number): number =>
      delays[Math.ceil(DEVICES * PRESSES * share) - 1] ?? Number.POSITIVE_INFINITY;
    const row = (name: string, figure: number, unit: string, limit: number | null): void =>
      report({
        name: `${DEVICES} devices, ${PRESSES} presses: ${name}`,
        ...{ figure, unit, limit, ok: limit === null || figure <= limit },
      });
    // Where the first of them is over and the second is not, it is the machine that the devices share.
    row('press to the common start that the controller chose, worst', Math.max(...chosen), 'ms', 1_000);
    row('press to first sample, median', rank(0.5), 'ms', null);
    row('press to first sample, p95', rank(0.95), 'ms', 1_000);
    row('press to first sample, 99.9 %', rank(0.999), 'ms', 3_000);
    row('that did not sound', silent, 'devices', 0);
  } catch (error) {
    // What the devices say for themselves: the first thing to look at.
    console.error(fleet.lines.at(-1), fleet.errors.slice(-5));
    throw error;
  } finally {
    uploading = false;
    await uploads.catch(() => {});
    crowd.kill();
    await fleet.stop();
    await village.stop();
  }
}
