import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { programmeOf, uploadReady } from '../support/schedule.ts';
import { seedDevices } from '../support/seed.ts';
import { seedFleet } from '../support/seed-fleet.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

const DEVICES = 1_000;
/** Of them so many are whole devices, whose sound card is asked; more would measure how they share one processor. */
const WHOLE = 20;
const ROUNDS = 5;
const LIMIT_MS = 1_000;
const PATIENCE_MS = 300_000;

const Light = z.object({ silent: z.number() });
const Whole = z.object({ endedAt: z.number() });
const Ready = z.object({ connected: z.number() });

/**
 * A thousand loudspeakers that play, and the button that silences all: from the request of the console until the last
 * of them has read the order, checked its signature and is silent; of the whole devices until the last sample that left
 * the card, as their own record proves it. All light ones are one process and check one after the other, which devices
 * do each for itself.
 */
export default async function stopAll(report: Report): Promise<void> {
  const village = await Village.start({ prepare: async (data) => void (await seedDevices(data, DEVICES)) });
  const { client } = village;
  const all = [{ kind: 'all' as const, id: '' }];
  const source = path.join(village.directory, 'source.wav');
  await speakTo(source, 'Bản tin của phường Phù Vân, kính mời bà con lắng nghe. '.repeat(16));
  const asset = await uploadReady(client, source, 'source.wav');
  const content = { kind: 'programme' as const, id: await programmeOf(client, asset, 'Bản tin') };
  const identities = await seedFleet(village, WHOLE);
  const whole = helper('playing-fleet.ts', [WHOLE, village.url, identities]);
  const keys = path.join(village.directory, 'data', 'keys');
  const light = helper('playing-crowd.ts', [WHOLE, DEVICES, village.mqttPort, keys]);
  try {
    await next(light, Ready, 120_000);
    await until(
      'every device to be online',
      async () =>
        ((await client.call('GET /devices', { query: { limit: 1 } })).counts.online ?? 0) === DEVICES,
      PATIENCE_MS,
    );
    await sleep(5_000);
    const lights: number[] = [];
    const wholes: number[] = [];
    const answers: number[] = [];
    let playing = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await client.call('POST /broadcasts', { body: { content, targets: all } });
      await until(
        'every device to play',
        async () =>
          (await client.call('GET /broadcasts/{id}', { params: { id } })).counts.started === DEVICES,
        PATIENCE_MS,
      );
      const heard = { light: gather(light, Light), whole: gather(whole, Whole) };
      const pressed = Date.now();
      const { devices } = await client.call('POST /stop-all', { body: { targets: all } });
      answers.push(Date.now() - pressed);
      if (devices !== DEVICES) throw new Error(`${devices} devices were told to stop`);
      const silent = () => heard.light.all.length + heard.whole.all.length;
      await until('every device to be silent', async () => silent() === DEVICES, 60_000).catch(() => null);
      playing += DEVICES - silent();
      lights.push(Math.max(...heard.light.end().map((one) => one.silent)) - pressed);
      wholes.push(Math.max(...heard.whole.end().map((one) => one.endedAt)) - pressed);
      await sleep(2_000);
    }
    const row = (what: string, figure: number, unit: string, limit: number | null): void =>
      report({
        name: `stop-all, ${DEVICES} devices that play, worst of ${ROUNDS} presses: ${what}`,
        ...{ figure, unit, limit, ok: limit === null || figure <= limit },
      });
    row('to the answer on the console', Math.max(...answers), 'ms', null);
    row(`to the last order read and checked`, Math.max(...lights), 'ms', LIMIT_MS);
    row(`to the last sample of ${WHOLE} whole devices`, Math.max(...wholes), 'ms', LIMIT_MS);
    row('still playing afterwards', playing, 'devices', 0);
  } finally {
    light.kill();
    whole.kill();
    await village.stop();
  }
}

/** A process of the test's own, from source, with the compiled program under it. */
function helper(file: string, args: readonly (string | number)[]): ChildProcess {
  return fork(new URL(`../support/${file}`, import.meta.url).pathname, args.map(String), {
    execArgv: ['--conditions=loa-source', '--import', 'tsx'],
  });
}

/** What a helper says from now on, in that form. */
function gather<T>(from: ChildProcess, form: z.ZodType<T>): { all: T[]; end: () => T[] } {
  const all: T[] = [];
  const hear = (message: unknown): void => {
    const parsed = form.safeParse(message);
    if (parsed.success) all.push(parsed.data);
  };
  from.on('message', hear);
  return {
    all,
    end: () => {
      from.off('message', hear);
      return all;
    },
  };
}

/** @throws when it does not come. */
async function next<T>(from: ChildProcess, form: z.ZodType<T>, timeoutMs: number): Promise<T> {
  const heard = gather(from, form);
  try {
    return await until('a helper process to be ready', async () => heard.all[0] ?? null, timeoutMs);
  } finally {
    heard.end();
  }
}
