import { afterEach, expect, test } from 'vitest';
import { Changes } from '#controller/changes';
import type { Store } from '#controller/database/open';
import { areaHandlers } from '#controller/registry/area-handlers';
import { removeArea } from '#controller/registry/areas';
import { restoreDevice, retireDevice } from '#controller/registry/device-changes';
import { deviceDetail } from '#controller/registry/device-detail';
import { listDevices } from '#controller/registry/device-list';
import { heartbeatSeries } from '#controller/registry/heartbeat-series';
import { Heartbeats } from '#controller/registry/heartbeats';
import { FULL_RATE_MS, HeartbeatHistory } from '#controller/registry/history';
import { admissions, groupsOf } from '#controller/registry/membership';
import { Refusals } from '#controller/registry/refusals';
import { QUARTER_MS } from '#controller/registry/roll-up';
import { Watch } from '#controller/registry/watch';
import { downTopic } from '#devices/topics';
import { call } from '../support/call.ts';
import { startDeviceSide } from '../support/device-side.ts';
import { silent, until } from '../support/embedded-broker.ts';
import { heartbeat, registeredDevice } from '../support/registered-device.ts';
import { storeWithDevices } from '../support/registry-store.ts';

const NOW = Date.UTC(2026, 10, 23, 6);
const S1 = '01ARZ3NDEKTSV4RRFFQ69G5FA1';
const S2 = '01ARZ3NDEKTSV4RRFFQ69G5FA2';
const view = () => ({ now: NOW, zone: 'Asia/Ho_Chi_Minh', guards: {}, heardAt: () => null });
const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});
function world(count: number) {
  const { store, ids } = storeWithDevices(count);
  stores.push(store);
  const clock = { at: NOW, now: () => clock.at };
  const base = { store, clock, changes: new Changes(), log: silent };
  const [id = ''] = ids;
  const row = () =>
    store.sqlite.prepare<[string], Record<string, unknown>>('SELECT * FROM device WHERE id = ?').get(id);
  return { ...base, base, ids, id, row };
}
async function watched(count = 1) {
  const parts = world(count);
  const asked: string[] = [];
  const watch = new Watch({ ...parts.base, intervalMs: 30_000, ask: (device) => asked.push(device) });
  await watch.start();
  await watch.stop(); // Its timer: here time passes by hand.
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 1_000) {
      parts.clock.at += Math.min(left, 1_000);
      watch.sweep();
    }
  };
  const status = () => {
    watch.flush();
    return parts.row()?.status;
  };
  return { ...parts, watch, pass, status, asked };
}

test('a life: unseen, online, stale, offline, back, with every change on record', async () => {
  const { watch, pass, clock, id, status, store } = await watched();
  expect(status()).toBe('unseen');
  watch.present(id, S1, true, clock.at);
  watch.beat(id, S1, [], clock.at);
  expect(status()).toBe('online');
  pass(54_000);
  expect(status()).toBe('stale');
  watch.beat(id, S1, [], clock.at);
  expect(status()).toBe('online');
  watch.absent(id, S1, clock.at);
  pass(3_000);
  watch.present(id, S2, true, clock.at);
  pass(10_000);
  expect(status(), 'a short change of the network is no news').toBe('online');
  watch.absent(id, S2, clock.at);
  pass(6_000);
  expect(status()).toBe('offline');
  watch.beat(id, S2, [], clock.at);
  expect(status(), 'a late word of a session that is over').toBe('offline');
  watch.flush();
  const changes = deviceDetail(store, id, view()).statusChanges.map(({ status, reason }) => [status, reason]);
  expect(changes).toEqual([
    ['offline', 'disconnected'],
    ['online', null],
    ['stale', 'no-heartbeat'],
    ['online', null],
  ]);
});

test('the last will of an older connection does not take down a newer one', async () => {
  const { watch, pass, clock, id, status } = await watched();
  watch.present(id, S1, true, clock.at);
  watch.present(id, S2, true, clock.at);
  watch.absent(id, S1, clock.at);
  pass(20_000);
  expect(status()).toBe('online');
});

test('the broker sees a connection die; seeing it come back is enough to believe its heartbeats again', async () => {
  const { watch, pass, clock, id, status } = await watched();
  watch.beat(id, S1, [], clock.at);
  watch.connection(id, false, clock.at);
  pass(6_000);
  expect(status()).toBe('offline');
  watch.connection(id, true, clock.at);
  watch.beat(id, S1, [], clock.at);
  expect(status()).toBe('online');
});

test('faults flicker without alarm; what stays is shown, with its reason', async () => {
  const { watch, clock, id, status, store } = await watched();
  const beats = (...faults: string[][]) => {
    for (const each of faults) {
      clock.at += 30_000;
      watch.beat(id, S1, each, clock.at);
    }
    return status();
  };
  expect(beats([], ['no-amplifier'], [], ['no-amplifier'], [])).toBe('online');
  expect(beats(['no-amplifier'], ['no-amplifier'])).toBe('fault');
  expect(deviceDetail(store, id, view()).statusChanges[0]).toMatchObject({
    status: 'fault',
    reason: 'no-amplifier',
  });
  expect(beats([], ['storage-full'])).toBe('fault');
  expect(beats([], [])).toBe('online');
});

test('a restart of the controller does not alarm: devices have time to come back', async () => {
  const first = await watched();
  first.watch.beat(first.id, S1, [], first.clock.at);
  expect(first.status()).toBe('online');
  first.clock.at += 5_000;
  const again = new Watch({ ...first.base, intervalMs: 30_000, ask: () => {} });
  await again.start();
  await again.stop();
  const status = () => {
    again.flush();
    return first.row()?.status;
  };
  const pass = (seconds: number): void => {
    for (let left = seconds; left > 0; left -= 1) {
      first.clock.at += 1_000;
      again.sweep();
    }
  };
  pass(40);
  expect(status()).toBe('online');
  pass(15);
  expect(status(), 'but one that does not come is gone').toBe('offline');
});

test('every heartbeat is stored, and the last one is what the device is', async () => {
  const { store, base, changes, ids, id, row } = world(3);
  const heartbeats = new Heartbeats(base);
  const announced: string[] = [];
  changes.listen((entity, changed) => announced.push(`${entity} ${changed}`));
  const live: unknown[] = [];
  heartbeats.onHeartbeats((beats) => live.push(...beats));
  const plan = { revision: 4, sha256: 'a'.repeat(64) };
  for (let beat = 0; beat < 4; beat += 1) {
    for (const device of ids)
      heartbeats.add(device, heartbeat(S1, { outbox: 3 - beat, plan }), NOW + beat * 30_000);
  }
  heartbeats.flush();
  expect(store.sqlite.prepare('SELECT count(*) FROM heartbeat').pluck().get()).toBe(12);
  expect(row()).toMatchObject({
    last_heard_at: NOW + 90_000,
    reported_revision: 1,
    held_plan_revision: 4,
    held_plan_since: NOW,
    outbox_empty_at: NOW + 90_000,
  });
  expect(live).toHaveLength(12);
  expect(announced, 'what did not change is not announced again').toHaveLength(3);
  heartbeats.add(id, heartbeat(S1, { plan: { revision: 5, sha256: 'b'.repeat(64) } }), NOW + 120_000);
  heartbeats.flush();
  expect(row()).toMatchObject({ held_plan_revision: 5, held_plan_since: NOW + 120_000 });
});

test('after two days heartbeats live on by the quarter-hour, and charts show both', async () => {
  const { store, base, clock, ids, id } = world(2);
  const heartbeats = new Heartbeats(base);
  const history = new HeartbeatHistory(base);
  const began = NOW - 3 * 86_400_000;
  for (let at = began; at < NOW; at += 5 * 60_000) {
    const temperatureC = 30 + ((at - began) % QUARTER_MS) / 60_000;
    for (const device of ids) heartbeats.add(device, heartbeat(S1, { temperatureC }), at);
  }
  heartbeats.flush();
  clock.at = NOW + 60_000;
  await history.tidy();
  const kept = store.sqlite.prepare('SELECT min(received_at) FROM heartbeat').pluck().get();
  expect(kept).toBe(clock.at - FULL_RATE_MS + 4 * 60_000);
  const series = heartbeatSeries(store, { device: id, from: began, to: clock.at, now: clock.at });
  expect(series.resolution).toBe('quarter-hour');
  expect(series.at).toHaveLength(3 * 24 * 4);
  expect(new Set(series.beats)).toEqual(new Set([3]));
  expect(new Set(series.temperatureC)).toEqual(new Set([35]));
  const recent = heartbeatSeries(store, { device: id, from: NOW - 3_600_000, to: clock.at, now: clock.at });
  expect(recent.resolution).toBe('beat');
  expect(recent.temperatureC.slice(0, 4)).toEqual([30, 35, 40, 30]);
  // Nothing is counted twice when it is done again, nor lost when it is interrupted.
  await history.tidy();
  expect(heartbeatSeries(store, { device: id, from: began, to: clock.at, now: clock.at })).toEqual(series);
});

test('the quarter-hour that is running is on the chart too', async () => {
  const { store, base, clock, id } = world(1);
  const heartbeats = new Heartbeats(base);
  const history = new HeartbeatHistory(base);
  for (let minute = 0; minute < 20; minute += 1) heartbeats.add(id, heartbeat(S1), NOW + minute * 60_000);
  heartbeats.flush();
  clock.at = NOW + 20 * 60_000;
  await history.tidy();
  const window = { device: id, from: NOW - 86_400_000, to: clock.at, now: clock.at };
  expect(heartbeatSeries(store, window)).toMatchObject({ at: [NOW, NOW + QUARTER_MS], beats: [15, 5] });
});

test('short heartbeats cost no rows, count like whole ones in every quarter-hour, and reach to the end of the chart', async () => {
  const { store, base, clock, id, row } = world(1);
  const heartbeats = new Heartbeats(base);
  const history = new HeartbeatHistory(base);
  const minute = 60_000;
  const whole = (n: number, temperatureC: number) =>
    heartbeats.add(id, heartbeat(S1, { n, temperatureC }), clock.at);
  for (let at = 0; at < 40; at += 1) {
    clock.at = NOW + at * minute;
    if (at === 0) whole(0, 30);
    else if (at === 20) whole(1, 40);
    else expect(heartbeats.same(id, at < 20 ? 0 : 1, clock.at)).toBe(true);
    heartbeats.flush();
  }
  const rows = () => store.sqlite.prepare('SELECT count(*) FROM heartbeat').pluck().get();
  expect(rows(), 'one for each whole one, and one more for each quarter-hour that it lasts into').toBe(4);
  heartbeats.settle(id);
  expect(row()).toMatchObject({
    last_heard_at: NOW + 39 * minute,
    // Nothing is to come any more from what was played until then.
    outbox_empty_at: NOW + 39 * minute,
  });
  const chart = (from: number) =>
    heartbeatSeries(store, { device: id, from, to: clock.at + 1, now: clock.at });
  const recent = chart(NOW);
  expect(recent.at.at(-1)).toBe(NOW + 39 * minute);
  expect(recent.beats.reduce((sum, beats) => sum + beats, 0)).toBe(40);
  clock.at = NOW + 46 * minute;
  await history.tidy();
  const quarters = chart(NOW - 86_400_000);
  expect(quarters.beats).toEqual([15, 15, 10]);
  expect(quarters.temperatureC[0]).toBe(30);
  expect(quarters.temperatureC[1]).toBeCloseTo((5 * 30 + 10 * 40) / 15, 6);
  expect(quarters.temperatureC[2]).toBe(40);
});

test('a short heartbeat of which the whole one got lost is a sign of life, and the whole one is asked for', async () => {
  const side = await startDeviceSide();
  try {
    const device = await registeredDevice(side, 'SN-1');
    const voice = await device.online();
    const told: string[] = [];
    voice.client.on('message', (_topic, payload) => told.push(String(payload)));
    await voice.client.subscribeAsync(downTopic(device.id, 'tell'), { qos: 1 });
    await voice.birth();
    const status = async () =>
      (await side.handlers['GET /devices/{id}'](call({ params: { id: device.id } }))).status;
    await voice.beat({ n: 3 });
    await voice.say('beat', { v: 1, same: 3 });
    await until(async () => (await status()) === 'online');
    await voice.say('beat', { v: 1, same: 4 });
    await voice.say('beat', { v: 1, same: 4 });
    await until(() => told.length > 0);
    await voice.beat({ n: 4, temperatureC: 33 });
    await voice.say('beat', { v: 1, same: 4 });
    const detail = () => side.handlers['GET /devices/{id}'](call({ params: { id: device.id } }));
    await until(async () => (await detail()).heartbeat?.temperatureC === 33);
    expect(told, 'asked once, and not at all for what was understood').toEqual(['{"v":1,"type":"how"}']);
    expect((await detail()).settingsDiffer.map(({ field }) => field)).not.toContain('plan');
    await voice.client.endAsync();
  } finally {
    await side.stop();
    await side.discard();
  }
});

test('a heartbeat that is missing is asked for once; whoever answers was never gone', async () => {
  const { watch, pass, clock, id, status, asked } = await watched();
  watch.present(id, S1, true, clock.at);
  watch.beat(id, S1, [], clock.at);
  pass(36_000);
  expect(asked, 'jitter is no silence').toEqual([]);
  pass(10_000);
  expect(asked).toEqual([id]);
  watch.beat(id, S1, [], clock.at);
  pass(30_000);
  watch.same(id, clock.at);
  expect(status()).toBe('online');
  pass(45_000);
  expect(asked).toEqual([id, id]);
  pass(12_000);
  expect(status(), 'within a minute of its last word').toBe('stale');
  pass(60_000);
  expect(asked).toHaveLength(2);
  expect(status()).toBe('offline');
});

test('faults that stay are confirmed by the short heartbeat that repeats them', async () => {
  const { watch, clock, id, status } = await watched();
  watch.present(id, S1, true, clock.at);
  watch.beat(id, S1, ['no-amplifier'], clock.at);
  expect(status()).toBe('online');
  watch.same(id, clock.at + 30_000);
  expect(status()).toBe('fault');
});

test('a flood of refusals is a few rows, and nobody unknown leaves any', async () => {
  const { store, base, id } = world(1);
  const refusals = new Refusals(base);
  for (let index = 0; index < 500; index += 1) {
    const topic = `loa/v1/up/0/loa-${index}/birth`;
    refusals.count({ device: id, source: 'broker', reason: 'foreign-topic', topic, detail: null });
    refusals.count({
      device: 'loa-nobody22',
      source: 'broker',
      reason: 'foreign-topic',
      topic,
      detail: null,
    });
  }
  refusals.flush();
  const rows = store.sqlite
    .prepare<[], { rows: number; total: number; devices: number }>(
      'SELECT count(*) AS rows, sum(count) AS total, count(DISTINCT device_id) AS devices FROM refusal',
    )
    .get();
  expect(rows).toEqual({ rows: 51, total: 500, devices: 1 });
});

test('a thousand devices are listed by two queries, found without their marks, and paged without loss', async () => {
  const { store, base, ids } = world(1_000);
  const heartbeats = new Heartbeats(base);
  for (const id of ids) heartbeats.add(id, heartbeat(S1, { faults: ['no-amplifier'] }), NOW);
  heartbeats.flush();
  let queries = 0;
  const { prepare } = store.sqlite;
  store.sqlite.prepare = ((sql: string) => {
    queries += 1;
    return prepare.call(store.sqlite, sql);
  }) as typeof prepare;
  const all = listDevices(store, { limit: 1_000 }, view());
  expect(queries).toBe(2);
  expect(all.items.map(({ id }) => id)).toEqual(ids);
  expect(all).toMatchObject({ total: 1_000, next: null, counts: { unseen: 1_000 } });
  expect(all.items[7]?.faults).toEqual(['no-amplifier']);
  expect(listDevices(store, { limit: 10, search: 'CUM 00042' }, view()).items.map(({ id }) => id)).toEqual([
    ids[42],
  ]);
  const paged: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = listDevices(store, { limit: 300, ...(cursor === undefined ? {} : { cursor }) }, view());
    paged.push(...page.items.map(({ id }) => id));
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(paged).toEqual(ids);
});

test('areas: counted with what is below, never inside themselves, never removed with something in them', async () => {
  const { store, base, ids } = world(3);
  const admitted: string[][] = [];
  const refreshed: string[] = [];
  const handlers = areaHandlers({
    ...base,
    gate: {
      admit: (items) => admitted.push(items.map(({ device, groups }) => `${device} ${groups.join(' ')}`)),
      expel: () => {},
    },
    desired: { refresh: (devices) => void refreshed.push(...devices) },
  });
  const add = (name: string, parentId: string | null) =>
    handlers['POST /areas'](call({ body: { name, kind: 'neighbourhood', parentId } }));
  const ward = await add('Phù Vân', null);
  const north = await add('Tổ 1', ward.id);
  const south = await add('Tổ 2', ward.id);
  const place = store.sqlite.prepare('UPDATE device SET area_id = ? WHERE id = ?');
  place.run(north.id, ids[0]);
  place.run(north.id, ids[1]);
  place.run(ward.id, ids[2]);
  const tree = await handlers['GET /areas'](call());
  expect(tree.map(({ name, devices, parentId }) => [name, devices, parentId])).toEqual([
    ['Phù Vân', 3, null],
    ['Tổ 1', 2, ward.id],
    ['Tổ 2', 0, ward.id],
  ]);
  expect(groupsOf(store, null).get(ids[0] ?? '')).toEqual([north.id, ward.id].sort());
  expect(admissions(store, [ids[2] ?? ''])[0]?.groups).toEqual([ward.id]);
  const move = (id: string, parentId: string) =>
    handlers['PATCH /areas/{id}'](call({ params: { id }, body: { parentId } }));
  await expect(move(ward.id, north.id)).rejects.toMatchObject({ code: 'area-circle' });
  await move(north.id, south.id);
  expect(refreshed.sort()).toEqual([ids[0], ids[1]]);
  expect(admitted[0]?.[0]).toContain(south.id);
  const remove = (id: string) => handlers['DELETE /areas/{id}'](call({ params: { id } }));
  await expect(remove(north.id)).rejects.toMatchObject({ status: 409, params: { devices: 2 } });
  await expect(remove(south.id)).rejects.toMatchObject({ status: 409, params: { areas: 1 } });
  place.run(null, ids[0]);
  place.run(null, ids[1]);
  await remove(north.id);
  expect((await handlers['GET /areas'](call())).map(({ name }) => name)).toEqual(['Phù Vân', 'Tổ 2']);
});

test('a group is what its members hear, from the moment they are put in it', async () => {
  const { store, base, ids } = world(3);
  const [one = '', two = ''] = ids;
  const refreshed: string[] = [];
  const handlers = areaHandlers({
    ...base,
    gate: { admit: () => {}, expel: () => {} },
    desired: { refresh: (devices) => void refreshed.push(...devices) },
  });
  const group = await handlers['POST /groups'](call({ body: { name: 'Loa trường học', devices: [one] } }));
  expect(groupsOf(store, [one]).get(one)).toEqual([group.id]);
  await handlers['PATCH /groups/{id}'](call({ params: { id: group.id }, body: { devices: [two] } }));
  expect(refreshed).toEqual([one, one, two]);
  expect(await handlers['GET /groups'](call())).toEqual([
    { id: group.id, name: 'Loa trường học', devices: [two] },
  ]);
  await expect(
    handlers['PATCH /groups/{id}'](call({ params: { id: group.id }, body: { devices: ['loa-nobody22'] } })),
  ).rejects.toMatchObject({ status: 404 });
  await handlers['DELETE /groups/{id}'](call({ params: { id: group.id } }));
  expect(groupsOf(store, [two]).has(two)).toBe(false);
});

test('what a device says over the wire is what the console shows of it', async () => {
  const side = await startDeviceSide();
  try {
    const device = await registeredDevice(side, 'SN-1');
    const voice = await device.online();
    await voice.birth({ boot: 7 });
    await voice.beat({
      temperatureC: 41,
      playing: { occurrence: 's@1', title: 'Bản tin sáng', levelDbfs: -20 },
    });
    const shown = () => side.handlers['GET /devices/{id}'](call({ params: { id: device.id } }));
    await until(async () => (await shown()).heartbeat !== null);
    expect(await shown()).toMatchObject({
      status: 'online',
      firmware: '1.2.3',
      playing: { title: 'Bản tin sáng' },
      heartbeat: { temperatureC: 41 },
    });
    // A birth that tells of another device is not believed.
    await voice.birth({ serial: 'SN-2', firmware: '6.6.6' });
    await until(() => {
      side.refusals.flush();
      return (
        side.store.sqlite.prepare("SELECT 1 FROM refusal WHERE reason = 'other-device'").get() !== undefined
      );
    });
    expect((await shown()).firmware).toBe('1.2.3');
    voice.client.stream.destroy();
    await until(async () => (await shown()).status === 'offline');
    expect((await shown()).playing, 'a device that is gone plays nothing that we know of').toBeNull();
  } finally {
    await side.stop();
    await side.discard();
  }
});

test('a device that comes back from retirement is in no area that was removed meanwhile', () => {
  const { store, id } = world(1);
  store.sqlite.exec(`INSERT INTO area (id, kind, name, created_at) VALUES ('kv', 'ward', 'Phường', 0)`);
  store.sqlite.prepare("UPDATE device SET area_id = 'kv' WHERE id = ?").run(id);
  retireDevice(store, id, NOW);
  restoreDevice(store, id);
  expect(deviceDetail(store, id, view()).areaName).toBe('Phường');
  retireDevice(store, id, NOW);
  removeArea(store, 'kv', NOW);
  restoreDevice(store, id);
  expect(deviceDetail(store, id, view())).toMatchObject({ areaId: null, areaName: null });
});
