import { afterEach, beforeEach, expect, test } from 'vitest';
import { COMMAND_LIFE_MS } from '#controller/registry/commands';
import { deviceDetail } from '#controller/registry/device-detail';
import type { Broadcast } from '#devices/broadcast';
import type { SelfTest } from '#devices/messages/ack';
import type { Command } from '#devices/messages/command';
import { type BroadcastSite, idOf, openBroadcastSite } from '../support/broadcast-site.ts';
import { until } from '../support/embedded-broker.ts';
import type { FakeSpeaker } from '../support/fake-speaker.ts';

const measured: SelfTest = { toneHz: 1_000, sentDbfs: -20, heardDbfs: -31, noiseDbfs: -62, ok: true };

let site: BroadcastSite;
let speaker: FakeSpeaker;
beforeEach(async () => {
  site = await openBroadcastSite({ devices: 1 });
  speaker = await site.speaker(0, { selfTest: measured }).connect(site.broker.port);
});
afterEach(async () => {
  speaker.cut();
  await site.stop();
  await site.discard();
});

const issue = (body: Command) => site.commands.issue(idOf(0), body, 'u1');
const view = { now: Date.now(), zone: 'Asia/Ho_Chi_Minh', guards: {}, heardAt: () => null };
const outcome = (id: string) => site.commands.list(idOf(0)).find((command) => command.id === id);

test('a self-test ends with what the microphone heard, and the device page shows the last one', async () => {
  const { id, selfTest } = await issue({ v: 1, type: 'self-test' });
  expect(selfTest).toBeNull();
  await until(() => outcome(id)?.state === 'ended');
  expect(outcome(id)?.selfTest).toEqual(measured);
  speaker.manner = { selfTest: { ...measured, heardDbfs: -61, ok: false } };
  const again = await issue({ v: 1, type: 'self-test' });
  await until(() => outcome(again.id)?.state === 'ended');
  expect(deviceDetail(site.store, idOf(0), view).selfTest).toMatchObject({ ok: false, heardDbfs: -61 });
});

test('one device is restarted, or stopped, or made softer, and the command tells how far it came', async () => {
  const orders: Command[] = [
    { v: 1, type: 'reboot' },
    { v: 1, type: 'stop', broadcast: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
    { v: 1, type: 'set-volume', broadcast: '01ARZ3NDEKTSV4RRFFQ69G5FAV', volume: 20 },
  ];
  for (const order of orders) {
    const { id, issuedAt, expiresAt } = await issue(order);
    expect(expiresAt - issuedAt).toBe(COMMAND_LIFE_MS[order.type]);
    await until(() => outcome(id)?.state === 'ended');
  }
  expect(speaker.heard).toEqual(orders);
});

test('what is to start together cannot be given to one device by hand', async () => {
  const broadcast: Broadcast = {
    ...{ id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', title: 'x', priority: 'priority', resume: 'skip', gainDb: 0 },
    parts: [
      {
        ...{ role: 'programme', programme: 'p1', title: 'x', offsetMs: 0, durationMs: 1_000 },
        renditions: [{ sha256: 'a'.repeat(64), bytes: 10, type: 'audio/ogg' }],
      },
    ],
    notAfter: Date.now() + 60_000,
  };
  const refused = { status: 422, code: 'only-by-broadcast' };
  await expect(issue({ v: 1, type: 'prepare', broadcast })).rejects.toMatchObject(refused);
  await expect(issue({ v: 1, type: 'start', broadcast, t0: Date.now() })).rejects.toMatchObject(refused);
  expect(site.commands.list(idOf(0))).toEqual([]);
  expect(speaker.heard).toEqual([]);
});
