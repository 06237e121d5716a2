import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateKeyPair } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { downTopic } from '#devices/topics';
import type { DeviceOptions } from '#firmware-sim/options';
import { DeviceBench } from '../support/device-bench.ts';
import { sha256, until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

const PATIENCE = { timeout: 90_000 };
const MODEL = 'SIM Speaker 1';
const image = (bytes = 40_000): Buffer => randomBytes(bytes);
let bench: DeviceBench;
let child: ChildProcess | null = null;

beforeEach(async () => {
  bench = await DeviceBench.open();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  child = null;
  await bench.close();
});

const on = (more: Partial<DeviceOptions> = {}) =>
  bench.on({ decoder: 'silent', wav: false, firmwareQuietMs: 100, firmwareTrialMs: 20_000, ...more });
const statesOf = (id: string | null) =>
  bench.controller
    .acks()
    .filter((ack) => ack.subject === 'firmware' && ack.id === id)
    .map(({ state, reason }) => (reason === undefined ? state : `${state}: ${reason}`));
const told = (id: string | null, state: string) =>
  until(`${state} is told, not only ${statesOf(id)}`, () => statesOf(id).includes(state));
const running = () => bench.controller.births().at(-1)?.firmware;
const fetched = () => bench.controller.requests.filter(({ path }) => path.includes('/firmware/'));

test(
  'an image that is offered is fetched, proves itself, and is what runs from then on',
  PATIENCE,
  async () => {
    await on();
    await bench.born();
    expect(running()).toBe('0.1.0');
    const id = await bench.controller.offer(image(), { version: '1.2.0', model: MODEL });
    await told(id, 'ended');
    // After the restart it says again where it is.
    expect([...new Set(statesOf(id))]).toEqual(['received', 'ready', 'started', 'ended']);
    expect(running()).toBe('1.2.0');
    const boots = bench.controller.births().map(({ boot }) => boot);
    expect(new Set(boots).size, 'it started anew').toBe(2);
    const before = bench.controller.births().length;
    await bench.off();
    await on();
    await bench.born(before);
    expect(running()).toBe('1.2.0');
    // The offer is retained and comes again: it is answered, and nothing is done twice.
    await until(
      'it says again how it ended',
      () => statesOf(id).at(-1) === 'ended' && statesOf(id).length > 4,
    );
    expect(fetched()).toHaveLength(1);
  },
);

test(
  'what is not genuine, not for it, not newer or not valid any more is refused, and not even fetched',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await on({ firmware: '2.0.0' });
    await bench.born();
    const stranger = { kid: 'k1', ...(await generateKeyPair('EdDSA', { crv: 'Ed25519' })) };
    const refusals: [string, () => Promise<string>][] = [
      ['wrong-model', () => controller.offer(image(), { version: '2.1.0', model: 'LP-30' })],
      ['downgrade', () => controller.offer(image(), { version: '1.9.9', model: MODEL })],
      [
        'wrong-audience',
        () => controller.offer(image(), { version: '2.1.0', model: MODEL }, { audience: 'loa-else' }),
      ],
      [
        'expired',
        () =>
          controller.offer(image(), { version: '2.1.0', model: MODEL }, { expiresAt: Date.now() - 1_000 }),
      ],
      [
        'replayed',
        () =>
          controller.offer(image(), { version: '2.1.0', model: MODEL }, { issuedAt: Date.now() - 3_600_000 }),
      ],
    ];
    for (const [reason, offer] of refusals) await told(await offer(), `rejected: ${reason}`);
    await controller.offer(image(), { version: '2.1.0', model: MODEL }, { key: stranger });
    await told(null, 'rejected: bad-signature');
    const desired = await controller.signDesired({
      ...{ v: 1, revision: 9, groups: [], plan: null },
      settings: { volume: 1, muted: false, brightness: 1, outputDelayMs: 0 },
    });
    controller.publish(downTopic(controller.device, 'firmware'), desired);
    await told(null, 'rejected: wrong-type');
    const same = await controller.offer(image(), { version: '2.0.0', model: MODEL });
    await told(same, 'ended');
    expect(fetched()).toEqual([]);
    expect(running()).toBe('2.0.0');
  },
);

test(
  'a version below one that was ever committed stays refused, also by a device that forgot nothing but the time',
  PATIENCE,
  async () => {
    await on();
    await bench.born();
    await told(await bench.controller.offer(image(), { version: '3.0', model: MODEL }), 'ended');
    await told(
      await bench.controller.offer(image(), { version: '2.9.9', model: MODEL }),
      'rejected: downgrade',
    );
    expect(running()).toBe('3.0');
  },
);

test('a download that breaks off goes on where it was', PATIENCE, async () => {
  const { controller } = bench;
  await on();
  await bench.born();
  const bytes = image(300_000);
  controller.faults.set(controller.addBlob(bytes), { breakAfter: 100_000 });
  const id = await controller.offer(bytes, { version: '1.0.0', model: MODEL });
  await told(id, 'ended');
  const ranges = fetched().map(({ range }) => range);
  expect(ranges[0]).toBeUndefined();
  expect(ranges.some((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
});

test('bytes that are not those of the offer are never started', PATIENCE, async () => {
  const { controller } = bench;
  await on();
  await bench.born();
  const bytes = image();
  const name = sha256(bytes);
  // Whatever is asked for under that name is another file of the same length.
  controller.blobs.set(name, image());
  const id = 'offer-of-a-file-that-was-exchanged';
  const offer = {
    v: 1,
    model: MODEL,
    version: '1.0.0',
    sha256: name,
    bytes: bytes.length,
    url: '/',
  } as const;
  controller.publish(
    downTopic(controller.device, 'firmware'),
    await controller.signFirmware(offer, { id }),
    true,
  );
  await told(id, 'rejected: bad-image');
  expect(statesOf(id)).toEqual(['received', 'rejected: bad-image']);
  expect(running()).toBe('0.1.0');
});

test(
  'it restarts when nothing plays or is due, and not when it was called off meanwhile',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await on({ firmwareQuietMs: 10_000 });
    await bench.born();
    const sound = controller.addBlob(randomBytes(1_000));
    const news = occurrence(Date.now() + 6_000, [part(sound, 1_000)]);
    await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
    const first = await controller.offer(image(), { version: '1.0.0', model: MODEL });
    await told(first, 'ready');
    controller.publish(downTopic(controller.device, 'firmware'), '', true);
    const record = await until('the programme was played', () => bench.recordOf(news.id));
    expect(record.end).toBe('completed');
    const second = await controller.offer(image(), { version: '1.1.0', model: MODEL });
    await told(second, 'ended');
    expect(statesOf(first)).toEqual(['received', 'ready']);
    expect(running()).toBe('1.1.0');
  },
);

test('an image that was altered in its slot while it waited is not started', PATIENCE, async () => {
  const { controller } = bench;
  await on({ firmwareQuietMs: 10_000 });
  await bench.born();
  const sound = controller.addBlob(randomBytes(1_000));
  const news = occurrence(Date.now() + 6_000, [part(sound, 1_000)]);
  await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
  const id = await controller.offer(image(), { version: '1.0.0', model: MODEL });
  await told(id, 'ready');
  const file = join(bench.dir, 'firmware', 'b', 'image');
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(7) ^ 1, 7);
  await writeFile(file, bytes);
  await told(id, 'rejected: bad-image');
  expect(running()).toBe('0.1.0');
});

test(
  'a version that does not become healthy gives way to the old one, and is not tried again',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const bad = image();
    await on({ unhealthyFirmware: ['1.0.0'], firmwareTrialMs: 1_500 });
    await bench.born();
    const id = await controller.offer(bad, { version: '1.0.0', model: MODEL });
    await told(id, 'rejected: unhealthy');
    expect(controller.births().map(({ firmware }) => firmware)).toContain('1.0.0');
    await until('the old one runs', () => running() === '0.1.0');
    const again = await controller.offer(bad, { version: '1.0.0', model: MODEL });
    await told(again, 'rejected: unhealthy');
    expect(statesOf(again)).toEqual(['rejected: unhealthy']);
    expect(fetched()).toHaveLength(1);
    await told(await controller.offer(image(), { version: '1.0.1', model: MODEL }), 'ended');
    expect(running()).toBe('1.0.1');
  },
);

test(
  'a device whose power is cut while a new version is on trial starts with the old one',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const main = fileURLToPath(new URL('../../firmware-sim/main.ts', import.meta.url));
    const start = () => {
      const args = [
        '--kind',
        'speaker',
        '--http',
        controller.url,
        '--dir',
        bench.dir,
        '--heartbeat-ms',
        '300',
      ];
      child = spawn(process.execPath, ['--conditions=loa-source', '--import', 'tsx', main, ...args], {
        stdio: 'ignore',
      });
      return child;
    };
    const gone = (one: ChildProcess) => new Promise((resolve) => one.once('exit', resolve));
    const first = start();
    await bench.born();
    // Without the time it cannot become healthy, and stays on trial for two minutes.
    const id = await controller.offer(image(), { version: '1.0.0', model: MODEL });
    controller.answersTime = false;
    await until('it is on trial', () => running() === '1.0.0');
    const cut = gone(first);
    first.kill('SIGKILL');
    await cut;
    controller.answersTime = true;
    start();
    await told(id, 'rejected: unhealthy');
    expect(running()).toBe('0.1.0');
  },
);
