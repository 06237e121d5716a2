import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { breakDisk, mendDisk } from '#firmware-sim/disk-fault';
import { Slots } from '#firmware-sim/firmware/slots';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'loa-slots-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const bytes = randomBytes(5_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const offer = { id: 'o1', sha256, version: '2.0.0', expiresAt: Date.now() + 60_000, outcome: null };
const device = (): string => join(home, 'device');
const boot = (dir = device()) => Slots.boot(dir, '1.0.0');

/** Every step of an update on the disk, one after the other; a power cut may come after each. */
const STEPS: readonly ((slots: Slots) => Promise<void>)[] = [
  (slots) => slots.stand(offer, 1_000),
  (slots) => slots.clearFor(sha256),
  (slots) => writeFile(`${slots.imagePath}.part`, bytes.subarray(0, 2_000)),
  (slots) => writeFile(`${slots.imagePath}.part`, bytes),
  (slots) => writeFile(slots.imagePath, bytes),
  (slots) => slots.filled('2.0.0', sha256),
  (slots) => slots.arm(),
];

test('whenever the power goes during an update, the device starts, and with a version that was proven', async () => {
  let slots = await boot();
  for (const [index, step] of STEPS.entries()) {
    await step(slots);
    const copy = join(home, `cut-${index}`);
    await cp(device(), copy, { recursive: true });
    const next = await boot(copy);
    const armed = index === STEPS.length - 1;
    expect([next.version, next.onTrial], `after step ${index}`).toEqual(
      armed ? ['2.0.0', true] : ['1.0.0', false],
    );
    // The one after that never starts what did not prove itself.
    expect((await boot(copy)).version, `the second start after step ${index}`).toBe('1.0.0');
  }
  slots = await boot();
  expect(slots.onTrial).toBe(true);
  await slots.commit();
  expect([slots.version, slots.onTrial]).toEqual(['2.0.0', false]);
  for (let start = 0; start < 3; start += 1) expect((await boot()).version).toBe('2.0.0');
});

test('a trial that was cut is told as unhealthy, and its image is remembered', async () => {
  let slots = await boot();
  for (const step of STEPS) await step(slots);
  expect((await boot()).rolledBack).toBe(false);
  slots = await boot();
  expect(slots.rolledBack).toBe(true);
  expect(slots.offer).toMatchObject({ id: 'o1', outcome: { state: 'rejected', reason: 'unhealthy' } });
  expect(slots.wasUnhealthy(sha256)).toBe(true);
  expect((await boot()).rolledBack, 'it is told once').toBe(false);
});

test('an offer that comes again while its trial ends well does not undo that', async () => {
  let slots = await boot();
  for (const step of STEPS) await step(slots);
  slots = await boot();
  await Promise.all([slots.commit(), slots.stand(offer, 1_000), slots.stand(offer, 2_000)]);
  expect([slots.version, slots.onTrial]).toEqual(['2.0.0', false]);
  slots = await boot();
  expect([slots.version, slots.onTrial, slots.newestOfferAt]).toEqual(['2.0.0', false, 2_000]);
});

test('a slot that was written elsewhere before its trial is not started', async () => {
  let slots = await boot();
  for (const step of STEPS) await step(slots);
  const altered = Buffer.from(bytes);
  altered.writeUInt8(altered.readUInt8(0) ^ 1, 0);
  await writeFile(slots.imagePath, altered);
  slots = await boot();
  expect([slots.version, slots.onTrial]).toEqual(['1.0.0', false]);
  expect(slots.offer?.outcome).toEqual({ state: 'rejected', reason: 'bad-image' });
});

test('what was committed once is the floor for ever, and time does not run back behind an offer', async () => {
  let slots = await boot();
  for (const step of STEPS) await step(slots);
  slots = await boot();
  await slots.commit();
  slots = await boot();
  expect(['1.9', '2.0.0', '2.0.1'].map((version) => slots.isDowngrade(version))).toEqual([
    true,
    false,
    false,
  ]);
  expect(slots.newestOfferAt).toBe(1_000);
  await slots.stand({ ...offer, id: 'o0' }, 500);
  expect((await boot()).newestOfferAt).toBe(1_000);
});

test('a damaged note about the slots does not leave a device that cannot be started', async () => {
  const slots = await boot();
  await slots.stand(offer, 1_000);
  await writeFile(join(device(), 'firmware', 'slots.json'), '{"active":"c"');
  const next = await boot();
  expect([next.version, next.offer]).toEqual(['1.0.0', null]);
  await next.stand(offer, 1_000);
  expect((await boot()).offer?.id).toBe('o1');
});

test('a disk that takes nothing is no reason not to start: the old slot runs, and a trial waits', async () => {
  const slots = await boot();
  for (const step of STEPS) await step(slots);
  breakDisk(device(), 'full');
  const waiting = await boot();
  expect([waiting.version, waiting.onTrial]).toEqual(['1.0.0', false]);
  mendDisk(device());
  expect((await boot()).onTrial).toBe(true);
  breakDisk(device(), 'read-only');
  const back = await boot();
  expect([back.version, back.onTrial, back.rolledBack]).toEqual(['1.0.0', false, true]);
  mendDisk(device());
});
