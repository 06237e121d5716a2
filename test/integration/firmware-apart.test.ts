import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ImageStore } from '#controller/firmware/image-store';
import { Images } from '#controller/firmware/images';
import { Offers } from '#controller/firmware/offers';
import { Rollouts } from '#controller/firmware/rollouts';
import { downTopic } from '#devices/topics';
import { type DeviceSide, startDeviceSide } from '../support/device-side.ts';
import { nextMessage, silent, until } from '../support/embedded-broker.ts';
import { type RegisteredDevice, registeredDevice } from '../support/registered-device.ts';

const MODEL = 'Loa 20W';
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
let side: DeviceSide;
let one: RegisteredDevice;
let two: RegisteredDevice;
let images: Images;
let offers: Offers;
let rollouts: Rollouts;
let aheadMs = 0;

beforeEach(async () => {
  side = await startDeviceSide();
  one = await registeredDevice(side, 'SN-1');
  two = await registeredDevice(side, 'SN-2');
  const { store, changes, key, link } = side;
  const base = { store, changes, log: silent, key, link, clock: { now: () => Date.now() + aheadMs } };
  const files = new ImageStore(path.join(side.directory, 'firmware'));
  images = new Images({ ...base, files, mostBytes: 1_000_000 });
  offers = new Offers(base);
  rollouts = new Rollouts({ ...base, files, offers });
  await offers.start();
});
afterEach(async () => {
  aheadMs = 0;
  await rollouts.stop();
  await offers.stop();
  await side.stop();
  await side.discard();
});

const get = (what: string, { bearer }: RegisteredDevice) =>
  fetch(`${side.url}/device/v1/${what}`, { headers: bearer });
const add = (bytes: Buffer, version = '2.0.0') =>
  images.add(Readable.from([bytes]), { model: MODEL, version, note: '', by: null, expectedBytes: undefined });
const wish = (image: { id: string }) => ({ image: image.id, stages: [0, 100], failureLimitPercent: 10 });
const stepOf = (rollout: { id: string }, device: RegisteredDevice) =>
  rollouts.detail(rollout.id).devices.find(({ deviceId }) => deviceId === device.id);
/** Whose turn is first is drawn by lot. */
const turns = (rollout: { id: string }) => {
  const first = rollouts.detail(rollout.id).devices[0]?.deviceId === one.id ? one : two;
  return { first, second: first === one ? two : one };
};

test('an image is served to whom it is offered, and to nobody by way of a plan', async () => {
  const bytes = randomBytes(50_000);
  const image = await add(bytes);
  const rollout = await rollouts.begin(wish(image), null);
  await offers.refresh([]);
  const { first, second } = turns(rollout);
  const file = await get(`firmware/${image.sha256}`, first);
  expect(file.status).toBe(200);
  expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
  expect((await get(`firmware/${image.sha256}`, second)).status, 'it is not its turn').toBe(404);

  // A plan that names the image, as if content could smuggle it in.
  const { sqlite } = side.store;
  const plan = createHash('sha256').update('a plan').digest('hex');
  sqlite
    .prepare(
      "INSERT INTO plan (sha256, jws, bytes, occurrences, valid_from, valid_until, created_at) VALUES (?, 'x', 1, 0, 0, 0, 0)",
    )
    .run(plan);
  for (const device of [first, second])
    sqlite
      .prepare('INSERT INTO device_plan (device_id, revision, plan_sha256, issued_at) VALUES (?, 1, ?, 0)')
      .run(device.id, plan);
  const name = (sha256: string) =>
    sqlite.prepare('INSERT INTO plan_blob (plan_sha256, blob_sha256) VALUES (?, ?)').run(plan, sha256);
  name(image.sha256);
  expect((await get(`blobs/${image.sha256}`, first)).status).toBe(404);
  // And the other way round: what a plan names is no firmware.
  const sound = await side.blobs.put(randomBytes(1_000), 'audio/ogg', Date.now());
  name(sound.sha256);
  expect((await get(`blobs/${sound.sha256}`, first)).status).toBe(200);
  expect((await get(`firmware/${sound.sha256}`, first)).status).toBe(404);
});

test('an offer waits for a device that comes later, comes again after a restart of the broker, and goes when it is called off', async () => {
  const rollout = await rollouts.begin(wish(await add(randomBytes(1_000))), null);
  await offers.refresh([]);
  const { first } = turns(rollout);
  const topic = downTopic(first.id, 'firmware');
  const hears = async (): Promise<string> => {
    const voice = await first.online();
    const heard = nextMessage(voice.client, topic);
    await voice.client.subscribeAsync(topic, { qos: 1 });
    const { payload } = await heard;
    await voice.client.endAsync();
    return payload;
  };
  const offer = await hears();
  await side.link.clearFirmware(first.id);
  await offers.publishAll();
  expect(await hears(), 'the same bytes').toBe(offer);
  const voice = await first.online();
  await voice.client.subscribeAsync(topic, { qos: 1 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const gone = nextMessage(voice.client, topic);
  rollouts.halt(rollout.id);
  expect((await gone).payload).toBe('');
  await until(() => side.store.sqlite.prepare('SELECT 1 FROM firmware_offer').get() === undefined);
  expect(stepOf(rollout, first)?.step).toBe('waiting');
  await voice.client.endAsync();
});

test('an offer that grew old is signed anew, and one that a device found expired is no failure of the device', async () => {
  const rollout = await rollouts.begin(wish(await add(randomBytes(1_000))), null);
  await offers.refresh([]);
  const { first } = turns(rollout);
  const issuedAt = () =>
    side.store.sqlite
      .prepare<[string], number>('SELECT issued_at FROM firmware_offer WHERE device_id = ?')
      .pluck()
      .get(first.id) ?? 0;
  const before = issuedAt();
  rollouts.tick();
  await offers.refresh([]);
  expect(issuedAt()).toBe(before);
  aheadMs = 6 * DAY_MS;
  rollouts.tick();
  await offers.refresh([]);
  expect(issuedAt()).toBeGreaterThan(before + 5 * DAY_MS);

  aheadMs = 20 * DAY_MS;
  const voice = await first.online();
  const expired = () =>
    ({
      v: 1,
      id: `${rollout.id}-${issuedAt().toString(36)}`,
      subject: 'firmware',
      state: 'rejected',
      reason: 'expired',
      at: Date.now(),
    }) as const;
  const renewed = issuedAt();
  await voice.say('ack', expired());
  await until(() => {
    rollouts.tick();
    return issuedAt() > renewed;
  });
  expect(stepOf(rollout, first)?.step).toBe('waiting');
  // With a fresh one in hand it says the same: then its clock is wrong.
  await voice.say('ack', expired());
  await until(() => {
    rollouts.tick();
    return stepOf(rollout, first)?.step === 'failed';
  });
  expect(rollouts.detail(rollout.id)).toMatchObject({ state: 'halted', reason: 'too-many-failures' });
  await voice.client.endAsync();
});

test('when the first device goes away another takes its turn, and a device that never answers counts as failed', async () => {
  const voices = await Promise.all([one.online(), two.online()]);
  for (const voice of voices) await voice.birth({ firmware: '1.0.0' });
  const connected = (count: number) => () => {
    side.registry.flush();
    const { n } = side.store.sqlite.prepare('SELECT count(*) AS n FROM device WHERE connected = 1').get() as {
      n: number;
    };
    return n === count;
  };
  await until(connected(2));
  const rollout = await rollouts.begin(wish(await add(randomBytes(1_000))), null);
  const { first, second } = turns(rollout);
  await voices[first === one ? 0 : 1]?.client.endAsync();
  await until(connected(1));
  aheadMs = HOUR_MS;
  rollouts.tick();
  await offers.refresh([]);
  expect(stepOf(rollout, second)).toMatchObject({ stage: 0, step: 'waiting' });
  expect(rollouts.detail(rollout.id)).toMatchObject({ state: 'running', stage: 0 });
  expect((await get(`firmware/${rollout.image.sha256}`, second)).status).toBe(200);
  aheadMs = 49 * HOUR_MS;
  rollouts.tick();
  expect(stepOf(rollout, second)).toMatchObject({ step: 'failed', reason: 'no-answer' });
  expect(rollouts.detail(rollout.id).state).toBe('halted');
  await voices[first === one ? 1 : 0]?.client.endAsync();
});
