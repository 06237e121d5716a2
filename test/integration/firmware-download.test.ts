import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { downTopic } from '#devices/topics';
import { DeviceBench } from '../support/device-bench.ts';
import { sha256, until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

const PATIENCE = { timeout: 60_000 };
let bench: DeviceBench;

beforeEach(async () => {
  bench = await DeviceBench.open();
  await bench.on({ decoder: 'silent' });
  await bench.born();
});
afterEach(() => bench.close());

/** A plan an hour ahead with these files. */
const planWith = (...files: string[]) =>
  planOf(
    files.map((sha, index) => occurrence(Date.now() + 3_600_000 + index * 60_000, [part(sha, 2_000)])),
    bench.controller.blobs,
  );
const cached = () => readdir(join(bench.dir, 'blobs'));
const requestsFor = (sha: string) => bench.controller.requests.filter(({ path }) => path.endsWith(sha));

test('a download that breaks off goes on where it was, and the file is the right one', PATIENCE, async () => {
  const { controller } = bench;
  const file = randomBytes(2_000_000);
  const sha = controller.addBlob(file);
  controller.faults.set(sha, { breakAfter: 700_000 });
  await bench.ready((await controller.desire(planWith(sha))).id);
  const [first, second] = requestsFor(sha);
  expect(first?.range).toBeUndefined();
  expect(second?.status).toBe(206);
  expect(Number(/bytes=(\d+)-/.exec(second?.range ?? '')?.[1])).toBeGreaterThan(0);
  expect(sha256(await readFile(join(bench.dir, 'blobs', sha)))).toBe(sha);
});

test('a download that broke off goes on after a restart', PATIENCE, async () => {
  const { controller } = bench;
  const file = randomBytes(2_000_000);
  const sha = controller.addBlob(file);
  controller.faults.set(sha, { breakAfter: 900_000 });
  const { id } = await controller.desire(planWith(sha));
  await until('the first try is on its way', () => requestsFor(sha).length > 0);
  await bench.off();
  await bench.on({ decoder: 'silent' });
  await bench.ready(id);
  expect(sha256(await readFile(join(bench.dir, 'blobs', sha)))).toBe(sha);
});

test('noise instead of the file is thrown away and never enters the cache', PATIENCE, async () => {
  const { controller } = bench;
  const file = randomBytes(100_000);
  const sha = controller.addBlob(file);
  controller.faults.set(sha, { lie: randomBytes(100_000) });
  await bench.ready((await controller.desire(planWith(sha))).id);
  expect(requestsFor(sha).length).toBeGreaterThan(1);
  expect(sha256(await readFile(join(bench.dir, 'blobs', sha)))).toBe(sha);
  expect(bench.events.some((event) => event.type === 'fault' && event.what === 'download-failed')).toBe(true);
});

test('an answer without end does not fill the disk', PATIENCE, async () => {
  const { controller } = bench;
  const file = randomBytes(10_000);
  const sha = controller.addBlob(file);
  controller.faults.set(sha, { lie: randomBytes(5_000_000) });
  await bench.ready((await controller.desire(planWith(sha))).id);
  expect(await cached()).toEqual([sha]);
});

test('until a new plan is held whole, the last good one governs', PATIENCE, async () => {
  const { controller } = bench;
  const old = controller.addBlob(randomBytes(5_000));
  const first = await controller.desire(planWith(old));
  await bench.ready(first.id);
  const missing = sha256('not there yet');
  await controller.desire(
    planOf(
      [occurrence(Date.now() + 3_600_000, [part(missing, 2_000)])],
      new Map([[missing, Buffer.alloc(13)]]),
    ),
  );
  const beats = controller.heartbeats().length;
  const beat = await until('it tells what it lacks', () =>
    controller
      .heartbeats()
      .slice(beats)
      .find(({ fetching }) => fetching !== undefined),
  );
  expect(beat.plan?.revision).toBe(first.revision);
  expect(beat.fetching).toEqual({ blobs: 1, bytes: 13 });
  controller.blobs.set(missing, Buffer.from('not there yet'));
  await until(
    'the new one governs',
    () => controller.heartbeats().at(-1)?.plan?.revision === first.revision + 1,
  );
  expect(await cached()).toEqual([missing]);
});

test(
  'who is told to go back to the plan that it holds lets go of the one that it was fetching',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const first = await controller.desire(planWith(controller.addBlob(randomBytes(1_000))));
    await bench.ready(first.id);
    const held = await until('it tells of its plan', () => controller.heartbeats().at(-1)?.plan);
    const missing = sha256(Buffer.from('not there yet'));
    const plan = planWith(controller.addBlob(Buffer.from('not there yet')));
    controller.blobs.delete(missing);
    await controller.desire(plan);
    await until('it looks for the new file', () => requestsFor(missing).length > 0);
    const settings = { volume: 100, muted: false, brightness: 80, outputDelayMs: 0 };
    const bytes = controller.blobs.get(held.sha256)?.length ?? 0;
    const pointer = { ...held, bytes, url: `/device/v1/plans/${held.sha256}` };
    const back = { v: 1 as const, revision: 50, settings, groups: [], plan: pointer };
    controller.publish(
      downTopic(controller.device, 'desired'),
      await controller.signDesired(back, { id: 'back' }),
      true,
    );
    await bench.ready('back');
    controller.blobs.set(missing, Buffer.from('not there yet'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(controller.heartbeats().at(-1)?.plan).toEqual(held);
  },
);

test(
  'a file that was damaged on the card is noticed at the next start and fetched again',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const file = randomBytes(50_000);
    const sha = controller.addBlob(file);
    await bench.ready((await controller.desire(planWith(sha))).id);
    await bench.off();
    const path = join(bench.dir, 'blobs', sha);
    await writeFile(path, Buffer.from(file).fill(0, 100, 200));
    await bench.on({ decoder: 'silent' });
    await until('it is fetched again', () => requestsFor(sha).length === 2);
    await until('it is whole', async () => sha256(await readFile(path).catch(() => '')) === sha);
  },
);
