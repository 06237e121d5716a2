import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Device } from '#firmware-sim/device';
import type { DeviceEvent } from '#firmware-sim/events';
import type { DeviceOptions } from '#firmware-sim/options';
import { FakeController, until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';
import { levelOf, readWav, rmsDbfs, tone } from '../support/sound.ts';

let controller: FakeController;
let dir: string;
let device: Device | null = null;
let events: DeviceEvent[] = [];

beforeEach(async () => {
  controller = new FakeController();
  await controller.start();
  dir = await mkdtemp(join(tmpdir(), 'loa-device-'));
  events = [];
});

afterEach(async () => {
  await device?.stop();
  device = null;
  await controller.stop();
  await rm(dir, { recursive: true, force: true });
});

async function power(more: Partial<DeviceOptions> = {}): Promise<Device> {
  device = new Device({
    kind: 'speaker',
    http: controller.url,
    dir,
    wav: true,
    heartbeatMs: 300,
    pairRetryMs: 50,
    reconnect: { minMs: 50, maxMs: 300 },
    downloadRetry: { minMs: 50, maxMs: 300 },
    onEvent: (event) => events.push(event),
    ...more,
  });
  await device.start();
  return device;
}

test('a programme is heard at its time, and the proof of it arrives', { timeout: 60_000 }, async () => {
  const sound = await tone(3, 440);
  const sha = controller.addBlob(sound);
  await power();
  await until('the device is born', () => controller.births().length > 0);
  const due = Date.now() + 4_000;
  const news = occurrence(due, [part(sha, 3_000)]);
  const { id } = await controller.desire(planOf([news], controller.blobs));
  await until('the plan is ready', () =>
    controller.acks().some((ack) => ack.id === id && ack.state === 'ready'),
  );
  await until('it is on the air', () =>
    controller.heartbeats().some((beat) => beat.playing?.occurrence === news.id),
  );
  const record = await until('the record comes', () => [...controller.records.values()][0]);
  expect(record).toMatchObject({
    occurrence: news.id,
    end: 'completed',
    sha256: sha,
    clockSynced: true,
    volume: 100,
  });
  expect(record.playedMs).toBeGreaterThan(2_950);
  expect(record.playedMs).toBeLessThan(3_300);
  expect(record.startedAt).not.toBeNull();
  expect(Math.abs((record.startedAt ?? 0) - due)).toBeLessThan(1_000);
  const wav = await until('the recording appears', () =>
    events.find((event) => event.type === 'record'),
  ).then(() => readWav(join(dir, 'wav', `${news.id}.wav`)));
  expect(wav.length / 48).toBeGreaterThan(2_950);
  expect(levelOf(wav.subarray(4_800, 4_800 + 96_000), 440)).toBeGreaterThan(-20);
  expect(record.levelDbfs).toBeCloseTo(rmsDbfs(wav), 0);
  console.log(record, (record.startedAt ?? 0) - due);
});
