import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RolloutSite, refusal } from '../support/rollout-site.ts';
import { until } from '../support/until.ts';

const DEVICES = 20;
const image = (bytes = 30_000): Buffer => randomBytes(bytes);

describe('firmware for a ward of twenty', () => {
  let site: RolloutSite;
  beforeAll(async () => {
    site = await RolloutSite.open();
    await site.addDevices(DEVICES, { unhealthyFirmware: ['1.1.0', '1.4.0'], firmwareTrialMs: 4_000 });
  }, 120_000);
  afterAll(() => site?.close(), 60_000);
  afterEach(async () => {
    for (const { id, state } of await site.client.call('GET /rollouts')) {
      if (state === 'running' || state === 'halted') {
        await site.client.call('POST /rollouts/{id}/cancel', { params: { id } });
      }
    }
  });

  test('a good version goes to one, then to a tenth, then to all', async () => {
    const good = await site.upload('1.0.0', image());
    const reach = await site.client.call('GET /firmware/{id}/reach', { params: { id: good.id } });
    expect(reach).toEqual({ devices: DEVICES, online: DEVICES, already: 0, stages: [1, 1, 18] });
    const rollout = await site.begin(good);
    const done = await site.reached(rollout, 'done');
    expect(done.counts).toEqual({
      waiting: 0,
      offered: 0,
      downloaded: 0,
      restarting: 0,
      committed: DEVICES,
      failed: 0,
    });
    expect(done.devices.map(({ stage }) => stage)).toEqual([0, 1, ...Array(18).fill(2)]);
    // Nobody of a stage began before the last of the one before had committed.
    const last = (stage: number) =>
      Math.max(...done.devices.filter((one) => one.stage === stage).map((one) => one.updatedAt));
    expect(last(0)).toBeLessThanOrEqual(last(1));
    expect(last(1)).toBeLessThanOrEqual(last(2));
    expect(await site.running()).toEqual({ '1.0.0': DEVICES });
    expect(await refusal(site.begin(good))).toBe('no-devices');
  }, 120_000);

  test('a bad version stops at the first device, and everybody runs the old one', async () => {
    const rollout = await site.begin(await site.upload('1.1.0', image()));
    const halted = await site.reached(rollout, 'halted');
    expect(halted).toMatchObject({ reason: 'too-many-failures', stage: 0 });
    expect(halted.counts).toMatchObject({ failed: 1, waiting: DEVICES - 1 });
    expect(halted.devices.find(({ step }) => step === 'failed')).toMatchObject({
      reason: 'unhealthy',
      stage: 0,
    });
    await until(
      'the one that tried it to run the old one',
      async () => (await site.running())['1.0.0'] === DEVICES,
    );
    expect(await refusal(site.begin(await site.upload('1.2.0', image())))).toBe('rollout-open');
    const { id } = rollout;
    expect(await site.client.call('POST /rollouts/{id}/cancel', { params: { id } })).toMatchObject({
      state: 'cancelled',
    });
    expect(await refusal(site.client.call('POST /rollouts/{id}/resume', { params: { id } }))).toBe(
      'rollout-not-halted',
    );
  }, 120_000);

  test('what a person let pass does not stop it again, and what fails after that does', async () => {
    const rollout = await site.begin(await site.upload('1.4.0', image()));
    await site.reached(rollout, 'halted');
    await site.client.call('POST /rollouts/{id}/resume', { params: { id: rollout.id } });
    const again = await site.when(
      rollout,
      'stop at the second',
      ({ state, stage }) => state === 'halted' && stage === 1,
    );
    expect(again.counts).toMatchObject({ failed: 2, waiting: DEVICES - 2 });
    await site.client.call('POST /rollouts/{id}/cancel', { params: { id: rollout.id } });
    await until('all to run the old one', async () => (await site.running())['1.0.0'] === DEVICES);
  }, 120_000);

  test('an older version reaches nobody', async () => {
    expect(await refusal(site.begin(await site.upload('0.9.0', image())))).toBe('no-devices');
  });

  test('an image that was damaged on the disk is not offered; one that is damaged later is not started', async () => {
    const upload = await site.upload('1.5.0', image());
    const file = site.imagePath(upload.sha256);
    const right = await readFile(file);
    const wrong = Buffer.from(right);
    wrong.writeUInt8(wrong.readUInt8(9) ^ 1, 9);
    await writeFile(file, wrong);
    expect(await refusal(site.begin(upload))).toBe('image-damaged');
    await writeFile(file, right);
    const rollout = site.begin(upload, { stages: [0] });
    await rollout;
    await writeFile(file, wrong);
    const detail = await site.when(await rollout, 'come to an end', ({ state }) => state !== 'running');
    // It may have been quick enough to fetch the right bytes; the wrong ones it must not have run.
    if (detail.state === 'halted') expect(detail.devices[0]?.reason).toBe('bad-image');
    else expect(detail.counts.committed).toBe(1);
    if (detail.state === 'halted') {
      await site.client.call('POST /rollouts/{id}/cancel', { params: { id: detail.id } });
    }
  }, 120_000);

  test('an upload that is too large, empty or of a version that there is, is refused with nothing kept', async () => {
    const before = await readdir(path.dirname(site.imagePath('x')));
    expect(await refusal(site.upload('3.0.0', Buffer.alloc(1_100_000)))).toBe('firmware-too-large');
    expect(await refusal(site.upload('3.0.0', Buffer.alloc(0)))).toBe('firmware-empty');
    expect(await refusal(site.upload('mới', image()))).toBe('invalid-request');
    expect(await readdir(path.dirname(site.imagePath('x')))).toEqual(before);
    const upload = await site.upload('3.0.0', image());
    expect(await refusal(site.upload('3.0.0', image()))).toBe('version-taken');
    await site.client.call('DELETE /firmware/{id}', { params: { id: upload.id } });
    expect(await readdir(path.dirname(site.imagePath('x')))).toEqual(before);
  });
});

test('a controller that restarts in the middle goes on, and a device that was away comes after', async () => {
  const site = await RolloutSite.open();
  try {
    await site.addDevices(6);
    await site.devices[0]?.stop();
    const upload = await site.upload('2.0.0', image());
    await until('it to be known as away', async () => {
      const { online } = await site.client.call('GET /firmware/{id}/reach', { params: { id: upload.id } });
      return online === 5;
    });
    const rollout = await site.begin(upload, { stages: [0, 50, 100] });
    await site.when(rollout, 'reach the first', ({ counts }) => counts.committed > 0);
    await site.stopController();
    await site.startController();
    const waiting = await site.when(
      rollout,
      'reach all that are there',
      ({ counts }) => counts.committed === 5,
    );
    expect(waiting).toMatchObject({ state: 'running', stage: 2, counts: { waiting: 1 } });
    await site.devices[0]?.start();
    const done = await site.reached(rollout, 'done');
    expect(done.counts.committed).toBe(6);
    expect(await site.running()).toEqual({ '2.0.0': 6 });
  } finally {
    await site.close();
  }
}, 180_000);
