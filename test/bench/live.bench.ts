import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '#controller/database/open';
import { FakeSpeaker } from '../support/fake-speaker.ts';
import type { CrowdCount } from '../support/live-crowd.ts';
import { HELLO, LiveMicrophone, spokenPackets } from '../support/live-microphone.ts';
import { processorSeconds } from '../support/processor.ts';
import { seedDevices } from '../support/seed.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

const LISTENERS = Number(process.env.LOA_LIVE_LISTENERS ?? 1_000);
const MINUTES = Number(process.env.LOA_BENCH_MINUTES ?? 1);
const CROWDS = 2;
const SETTLE_MS = 5_000;

/**
 * What it costs to carry one voice to a thousand devices: each with a WebSocket of its own, in other processes, which
 * take frames and answer pings and decode nothing. Snapcast 0.26 needed 17 % of a core for 100 (measured here).
 */
export default async function live(report: Report): Promise<void> {
  const village = await Village.start({
    prepare: async (data) => {
      await seedDevices(data, LISTENERS);
      const store = openStore(`${data}/loa.sqlite`);
      store.sqlite.exec(`UPDATE device SET capabilities = '{"codecs":["opus"],"live":true}'`);
      await store.close();
    },
  });
  const crowds: ChildProcess[] = [];
  const { publicKey } = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  // One that answers, so that the broadcast starts; the others are ears alone.
  const first = new FakeSpeaker(
    { id: 'loa-seed00000', groups: [], publicKey },
    { believes: true, live: true },
  );
  try {
    await first.connect(village.mqttPort);
    const { client } = village;
    const packets = await spokenPackets(30);
    const session = await client.call('POST /live', {
      body: { targets: [{ kind: 'all', id: '' }], startChime: false, endChime: false },
    });
    const voice = await LiveMicrophone.join(village.url.replace('http', 'ws'), session.id, {
      cookie: client.cookie,
    });
    if (typeof voice === 'number') throw new Error(`the microphone was turned away with ${voice}`);
    voice.say(HELLO);
    voice.speak(packets);
    const size = LISTENERS / CROWDS;
    for (let crowd = 0; crowd < CROWDS; crowd += 1) {
      const args = [String(village.httpPort), session.id, String(Math.round(crowd * size)), String(size)];
      const child = fork(new URL('../support/live-crowd.ts', import.meta.url), args, {
        execArgv: ['--conditions=loa-source', '--import', 'tsx'],
      });
      crowds.push(child);
      await once(child, 'message');
    }
    const view = () => client.call('GET /live/{id}', { params: { id: session.id } });
    await until('everybody to listen', async () => (await view()).listening === LISTENERS);
    await sleep(SETTLE_MS);

    const pid = village.controller.pid ?? 0;
    const spent = processorSeconds(pid);
    const began = performance.now();
    for (const crowd of crowds) crowd.send('begin');
    await sleep(MINUTES * 60_000);
    const share = ((processorSeconds(pid) - spent) / ((performance.now() - began) / 1_000)) * 100;
    const heard = await Promise.all(
      crowds.map(async (crowd) => {
        const counted = once(crowd, 'message') as Promise<[CrowdCount]>;
        crowd.send('end');
        return (await counted)[0];
      }),
    );
    const { leadMs } = await view();
    const sum = (of: (one: CrowdCount) => number): number => heard.reduce((all, one) => all + of(one), 0);
    const frames = sum(({ frames: each }) => each);
    const row = (name: string, figure: number, unit: string, limit: number | null): void =>
      report({
        name: `${LISTENERS} listeners to one microphone, ${MINUTES} min: ${name}`,
        ...{ figure, unit, limit, ok: limit === null || figure <= limit },
      });
    row('the whole controller', share, '% core', 100);
    row('for each listener', share / LISTENERS, '% core', 0.1);
    row('frames that came too late to be heard', (sum(({ late }) => late) / frames) * 100, '%', 0.1);
    row('frames that never came', (sum(({ missing }) => missing) / frames) * 100, '%', 0.1);
    row('frames for each second and listener', frames / LISTENERS / (MINUTES * 60), '', null);
    row('how long before it is heard a packet comes here', leadMs, 'ms', 150);
    await client.call('POST /live/{id}/end', { params: { id: session.id } });
  } finally {
    for (const crowd of crowds) crowd.kill();
    first.disconnect();
    await village.stop();
  }
}
