import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Rendition } from '#devices/broadcast';
import { DeviceBench } from '../support/device-bench.ts';
import { sha256, until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

const PATIENCE = { timeout: 60_000 };
let bench: DeviceBench;
beforeEach(async () => {
  bench = await DeviceBench.open();
});
afterEach(() => bench.close());

const stored = (bytes: Buffer): Rendition => ({
  sha256: sha256(bytes),
  bytes: bytes.length,
  type: 'audio/ogg',
});
const cached = (file: Rendition): boolean => existsSync(join(bench.dir, 'blobs', file.sha256));
const told = () => bench.controller.heartbeats().at(-1)?.stored;

test('a siren is on the device before anybody plans anything, outlives a change of plan and a power cut, and goes when it is not wanted', {
  ...PATIENCE,
}, async () => {
  const { controller } = bench;
  const siren = randomBytes(30_000);
  const message = randomBytes(50_000);
  const files = [stored(siren), stored(message)];
  controller.addBlob(siren);
  await bench.on();
  await bench.born();
  await controller.desire(null, { stored: files });
  await until('one is told as held, and one as missing', () => told()?.held === 1 && told()?.of === 2);
  controller.addBlob(message);
  await until('both are told as held', () => told()?.held === 2);

  const clip = randomBytes(20_000);
  controller.addBlob(clip);
  const plan = planOf(
    [occurrence(Date.now() + 3_600_000, [part(sha256(clip), 1_000)])],
    new Map([[sha256(clip), clip]]),
  );
  const { id } = await controller.desire(plan, { stored: files });
  await bench.ready(id);
  expect(files.every(cached)).toBe(true);

  await bench.off();
  await bench.on();
  await until('both are told as held after the boot', () => told()?.held === 2);
  const asked = controller.requests.filter(({ path }) => path.endsWith(files[0]?.sha256 ?? '?')).length;
  expect(asked).toBe(1);

  const { id: without } = await controller.desire(plan);
  await bench.ready(without);
  await until('nobody keeps them', () => !files.some(cached));
  await until('they are not told of any more', () => told() === undefined);
});

test('a long download for the plan waits for a stored message, and goes on from where it got to', {
  ...PATIENCE,
}, async () => {
  const { controller } = bench;
  const long = randomBytes(400_000);
  const siren = randomBytes(40_000);
  controller.addBlob(siren);
  const name = controller.addBlob(long);
  controller.faults.set(name, { pace: 40_000 });
  await bench.on();
  await bench.born();
  const plan = planOf(
    [occurrence(Date.now() + 3_600_000, [part(name, 1_000)])],
    new Map([[sha256(long), long]]),
  );
  await controller.desire(plan);
  const asked = () => controller.requests.filter(({ path }) => path.endsWith(name));
  await until('the long one is under way', () => asked().length === 1);
  await until('some of it is here', () => existsSync(join(bench.dir, 'blobs', `${name}.part`)));
  await new Promise((resolve) => setTimeout(resolve, 500));
  await controller.desire(plan, { stored: [stored(siren)] });
  await until('the siren is here', () => cached(stored(siren)));
  await until('the long one goes on', () => asked().length === 2);
  expect(Number(/bytes=(\d+)-/.exec(asked()[1]?.range ?? '')?.[1])).toBeGreaterThan(0);
  await until('the plan is held', () => cached(stored(long)));
  const writtenAt = (sha: string): number => statSync(join(bench.dir, 'blobs', sha)).mtimeMs;
  expect(writtenAt(sha256(siren))).toBeLessThan(writtenAt(name));
});
