import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Device } from '#firmware-sim/device';
import { call } from '../support/call.ts';
import { startDeviceSide } from '../support/device-side.ts';
import { LossyLink, MOBILE } from '../support/lossy-link.ts';
import { until } from '../support/until.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A real device behind a link of the test's own, heard every two seconds. */
async function village() {
  const side = await startDeviceSide({ heartbeatIntervalMs: 2_000 });
  ends.push(side.discard, side.stop);
  const link = await LossyLink.open({ port: side.broker.port });
  ends.push(() => link.stop());
  const dir = path.join(side.directory, 'device');
  const make = () =>
    new Device({
      kind: 'speaker',
      http: side.url,
      dir,
      heartbeatMs: 2_000,
      pairRetryMs: 50,
      decoder: 'silent',
    });
  const asking = make();
  await asking.start();
  const waiting = await until('the device asks', async () => side.pairing.list()[0]);
  const id = side.pairing.approve(waiting.id, { name: 'Cụm 1', areaId: null }, { id: 'u', name: 'Kỹ thuật' });
  const kept = path.join(dir, 'pairing.json');
  const pairing = await until('the device is let in', () => readFile(kept, 'utf8').catch(() => null));
  await asking.stop();
  const behind = { ...JSON.parse(pairing), brokers: [`mqtt://127.0.0.1:${link.port}`] };
  await writeFile(kept, JSON.stringify(behind));
  const device = make();
  await device.start();
  ends.push(() => device.stop());
  const shown = () => side.handlers['GET /devices/{id}'](call({ params: { id } }));
  await until('the device is heard', async () => (await shown()).heartbeat !== null);
  return { side, link, shown, id };
}

test('a device whose cable is pulled is shown as silent, though its connection still stands', async () => {
  const { side, link, shown } = await village();
  await until('it is well', async () => (await shown()).status === 'online');
  link.freeze();
  await until('it is shown', async () => (await shown()).status === 'stale', 60_000);
  expect(side.broker.stats.clients, 'nobody told the broker').toBe(1);
  expect((await shown()).statusChanges[0]).toMatchObject({ status: 'stale', reason: 'no-heartbeat' });
  link.thaw();
  await until('it is well again', async () => (await shown()).status === 'online', 60_000);
});

test('on a mobile link an idle device is well all the time, and says so in a word', async () => {
  const { side, link, shown, id } = await village();
  link.become(MOBILE);
  const changes = (await shown()).statusChanges.length;
  const rows = () =>
    side.store.sqlite.prepare('SELECT count(*) FROM heartbeat WHERE device_id = ?').pluck().get(id) as number;
  const series = async () =>
    side.handlers['GET /devices/{id}/heartbeats'](
      call({ params: { id }, query: { from: Date.now() - 600_000, to: Date.now() } }),
    );
  const beats = async () => (await series()).beats.reduce((sum, each) => sum + each, 0);
  await until('eight heartbeats', async () => (await beats()) >= 8, 60_000);
  expect((await beats()) - rows(), 'most of them short ones').toBeGreaterThan(2);
  expect((await shown()).statusChanges.slice(0, -changes || undefined), 'and no alarm').toEqual([]);
});
