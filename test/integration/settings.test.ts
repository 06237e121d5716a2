import { decodeJwt, generateKeyPair } from 'jose';
import { ulid } from 'ulid';
import { afterEach, expect, test } from 'vitest';
import { Changes } from '#controller/changes';
import type { Store } from '#controller/database/open';
import { DesiredDocuments } from '#controller/desired/documents';
import { changeDevice, changeDevices } from '#controller/registry/device-changes';
import { deviceDetail } from '#controller/registry/device-detail';
import { listDevices } from '#controller/registry/device-list';
import { Heartbeats } from '#controller/registry/heartbeats';
import { introduce } from '#controller/registry/introductions';
import { listModels, setModel } from '#controller/registry/models';
import { Birth } from '#devices/messages/birth';
import { Desired } from '#devices/messages/desired';
import type { Heartbeat } from '#devices/messages/heartbeat';
import { noGuards } from '../support/any-hour.ts';
import { call } from '../support/call.ts';
import { startDeviceSide } from '../support/device-side.ts';
import { silent } from '../support/embedded-broker.ts';
import { heartbeat, registeredDevice } from '../support/registered-device.ts';
import { storeWithDevices } from '../support/registry-store.ts';

const HOUR = 3_600_000;
const SESSION = ulid();
const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

/** A controller's side of settings: real database and signatures; what is published is kept. */
async function world(count: number, zone = 'Asia/Ho_Chi_Minh', at = Date.UTC(2026, 10, 23, 3)) {
  const { store, ids } = storeWithDevices(count);
  stores.push(store);
  const clock = { at, now: () => clock.at };
  const published: { device: string; body: Desired }[] = [];
  const link = {
    connected: true,
    publishDesired: async (device: string, jws: string) => {
      published.push({ device, body: Desired.parse(decodeJwt(jws).body) });
      return true;
    },
    onConnected: () => () => {},
  };
  const base = { store, clock, changes: new Changes(), log: silent };
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const key = { kid: 'k', privateKey };
  // Not started: here time passes by hand.
  const documents = new DesiredDocuments({
    ...base,
    zone,
    siteName: 'Phường Phù Vân',
    guards: noGuards(store, zone),
    key,
    link,
  });
  const heartbeats = new Heartbeats(base);
  const view = () => ({ now: clock.at, zone, guards: {}, heardAt: () => null });
  const [id = ''] = ids;
  return {
    ...{ store, clock, documents, published, ids, id, heartbeats },
    settings: (device = id) => published.findLast((one) => one.device === device)?.body.settings,
    detail: () => deviceDetail(store, id, view()),
    list: () => listDevices(store, { limit: 10 }, view()).items,
    says: (words: Partial<Heartbeat>, device = id) => {
      heartbeats.add(device, heartbeat(SESSION, words), clock.at);
      heartbeats.flush();
    },
  };
}

test('six in the morning on the wall clock of Phù Vân is the last hour of the UTC day before', async () => {
  const { store, documents, settings, detail, id } = await world(1);
  changeDevice(store, id, {
    volumeByTime: [
      { from: '21:30', volume: 20 },
      { from: '06:00', volume: 70 },
    ],
  });
  await documents.refresh([id]);
  expect(settings()?.volumeSteps).toEqual([
    { minute: 14 * 60 + 30, volume: 20 },
    { minute: 23 * 60, volume: 70 },
  ]);
  expect(detail()).toMatchObject({ volumeNow: 70, volumeByTime: [{ from: '06:00' }, { from: '21:30' }] });
});

test('where clocks are put back, the evening stays as soft as it was: the documents move with the wall clock', async () => {
  const before = Date.UTC(2026, 9, 24, 12);
  const { store, clock, documents, settings, published, ids } = await world(2, 'Europe/Berlin', before);
  const [timed = '', plain = ''] = ids;
  changeDevice(store, timed, { volumeByTime: [{ from: '22:00', volume: 10 }] });
  await documents.refresh(ids);
  await documents.followWallClock();
  expect(settings(timed)?.volumeSteps).toEqual([{ minute: 20 * 60, volume: 10 }]);
  const known = published.length;
  clock.at = Date.UTC(2026, 9, 25, 1, 0, 1);
  await documents.followWallClock();
  expect(settings(timed)?.volumeSteps).toEqual([{ minute: 21 * 60, volume: 10 }]);
  expect(published.slice(known).map(({ device }) => device)).toEqual([timed]);
  expect(plain).not.toBe('');
});

test('what was measured on one device of a model holds for all of it, and for no other', async () => {
  const { store, documents, published, settings, ids, detail, clock } = await world(3);
  const [one = '', two = '', other = ''] = ids;
  store.sqlite.prepare("UPDATE device SET model = 'Khác' WHERE id = ?").run(other);
  store.sqlite.prepare(`UPDATE device SET capabilities = '{"codecs":["opus"],"outputDelayMs":25}'`).run();
  changeDevice(store, two, { outputDelayTrimMs: -5 });
  await documents.refresh(ids);
  expect(settings(one)?.outputDelayMs, 'what the device itself tells').toBe(25);
  const known = published.length;
  const key = { kind: 'speaker', model: 'Loa 20W' } as const;
  const concerned = setModel(store, key, { outputDelayMs: 180, quirks: { wakeMs: 400, gainDb: -3 } }, 5);
  await documents.refresh(concerned);
  expect(published.slice(known).map(({ device }) => device)).toEqual([one, two]);
  expect(settings(one)).toMatchObject({ outputDelayMs: 180, quirks: { wakeMs: 400, gainDb: -3 } });
  expect(settings(two)?.outputDelayMs).toBe(175);
  expect(settings(other)).toMatchObject({ outputDelayMs: 25 });
  expect(detail()).toMatchObject({ outputDelayMs: 180, outputDelayTrimMs: 0, quirks: { wakeMs: 400 } });
  expect(
    listModels(store).map(({ model, devices, outputDelayMs }) => [model, devices, outputDelayMs]),
  ).toEqual([
    ['Khác', 1, null],
    ['Loa 20W', 2, 180],
  ]);
  expect(() =>
    setModel(store, { ...key, model: 'Không có' }, { outputDelayMs: 1, quirks: {} }, clock.at),
  ).toThrow('Không có');
});

test('a device that tells another delay than before is given another document', async () => {
  const { store, id, documents, settings, clock } = await world(1);
  await documents.refresh([id]);
  const birth = Birth.parse({
    ...{ v: 1, session: SESSION, kind: 'speaker', model: 'Loa 20W', serial: 'S0', firmware: '2', boot: 2 },
    ...{ capabilities: { codecs: ['opus'], outputDelayMs: 33 }, desiredRevision: 1, plan: null },
  });
  expect(introduce(store, id, birth, clock.at)).toEqual({ objection: null, news: true });
  await documents.refresh([id]);
  expect(settings()?.outputDelayMs).toBe(33);
  expect(introduce(store, id, birth, clock.at)).toEqual({
    objection: null,
    news: false,
  });
});

test('sixty devices are set in one go, and each of them by a document of its own', async () => {
  const { store, documents, settings, ids, list } = await world(60);
  changeDevices(store, ids, { volume: 35, muted: true });
  await documents.refresh(ids);
  expect(ids.map((id) => settings(id)).every((one) => one?.volume === 35 && one.muted)).toBe(true);
  expect(list()[9]).toMatchObject({ volume: 35, muted: true });
});

test('what a device does otherwise than asked is named, with how long it has been so', async () => {
  const { documents, store, clock, detail, list, says, id } = await world(1);
  await documents.refresh([id]);
  expect(detail().settingsDiffer, 'of a device that was never heard nothing is known').toEqual([]);
  says({ desiredRevision: 1, volume: 80, muted: false });
  expect(detail().settingsDiffer).toEqual([]);
  clock.at += HOUR;
  const asked = clock.at;
  changeDevice(store, id, { volume: 40 });
  await documents.refresh([id]);
  clock.at += HOUR;
  changeDevice(store, id, { muted: true });
  await documents.refresh([id]);
  clock.at += HOUR;
  expect(detail()).toMatchObject({
    desiredRevision: 3,
    reportedRevision: 1,
    reportedAt: asked - HOUR,
    settingsDiffer: [
      { field: 'revision', desired: 3, reported: 1, since: asked },
      { field: 'volume', desired: 40, reported: 80, since: asked },
      { field: 'muted', desired: true, reported: false, since: asked },
    ],
  });
  expect(list()[0]?.settingsDiffer).toHaveLength(3);
  // It says that it follows, but its volume is still another: so since it said that.
  says({ desiredRevision: 3, volume: 80, muted: true });
  const said = clock.at;
  clock.at += HOUR;
  expect(detail().settingsDiffer).toEqual([{ field: 'volume', desired: 40, reported: 80, since: said }]);
  says({ desiredRevision: 3, volume: 40, muted: true });
  expect(detail()).toMatchObject({ settingsDiffer: [], reportedAt: said, acknowledgedRevision: 3 });
});

test('a step of volume that a device does not take differs from the step on, and not before it can have told', async () => {
  const { documents, store, clock, detail, says, id } = await world(1);
  changeDevice(store, id, {
    volumeByTime: [
      { from: '06:00', volume: 70 },
      { from: '21:00', volume: 20 },
    ],
  });
  await documents.refresh([id]);
  const evening = Date.UTC(2026, 10, 23, 14);
  clock.at = evening - 20_000;
  says({ desiredRevision: 1, volume: 70 });
  clock.at = evening + 30_000;
  expect(detail()).toMatchObject({ volumeNow: 20, settingsDiffer: [] });
  clock.at = evening + 10 * 60_000;
  expect(detail().settingsDiffer).toEqual([{ field: 'volume', desired: 20, reported: 70, since: evening }]);
});

test('a plan that a device does not hold differs since its own was replaced', async () => {
  const { store, clock, detail, says, id } = await world(1);
  const plan = store.sqlite.prepare(
    "INSERT INTO plan (sha256, jws, bytes, occurrences, valid_from, valid_until, created_at) VALUES (?, '', 1, 0, 0, 9, 0)",
  );
  const held = store.sqlite.prepare('INSERT INTO device_plan VALUES (?, ?, ?, ?, ?)');
  const [old, next] = ['a'.repeat(64), 'b'.repeat(64)];
  for (const sha256 of [old, next]) plan.run(sha256);
  held.run(id, 1, old, clock.at, clock.at + HOUR);
  held.run(id, 2, next, clock.at + HOUR, null);
  const replaced = clock.at + HOUR;
  clock.at += 3 * HOUR;
  says({ plan: { revision: 1, sha256: old }, desiredRevision: 0 });
  expect(detail().settingsDiffer).toEqual([{ field: 'plan', desired: 2, reported: 1, since: replaced }]);
  says({ plan: { revision: 2, sha256: next }, desiredRevision: 0 });
  expect(detail().settingsDiffer).toEqual([]);
});

test('a database out of a backup gives no revision that a device has already seen', async () => {
  const { documents, published, says, id } = await world(1);
  await documents.refresh([id]);
  says({ desiredRevision: 9 });
  await documents.refresh([id]);
  expect(published.at(-1)?.body.revision).toBe(10);
});

test('a technician sets an area and a model by the interface; each device hears of it, and of nothing else', async () => {
  const side = await startDeviceSide();
  try {
    const { handlers, store, changes } = side;
    const area = await handlers['POST /areas'](
      call({ body: { name: 'Tổ 1', kind: 'neighbourhood', parentId: null } }),
    );
    const [inside, outside] = [await registeredDevice(side, 'SN-1'), await registeredDevice(side, 'SN-2')];
    changeDevice(store, inside.id, { areaId: area.id });
    const announced: string[] = [];
    changes.listen((entity, id) => announced.push(`${entity} ${id}`));
    const patched = await handlers['PATCH /devices'](
      call({ body: { targets: [{ kind: 'area', id: area.id }], change: { volume: 20, muted: true } } }),
    );
    expect(patched).toEqual({ devices: [inside.id] });
    const shown = (id: string) => handlers['GET /devices/{id}'](call({ params: { id } }));
    expect(await shown(inside.id)).toMatchObject({ volume: 20, muted: true });
    expect(await shown(outside.id)).toMatchObject({ volume: 80, muted: false });
    expect(announced).toContain(`device ${inside.id}`);
    expect(announced).not.toContain(`device ${outside.id}`);
    const [{ model } = { model: '' }] = await handlers['GET /models'](call());
    const set = handlers['PUT /models/{kind}/{model}'];
    const body = { outputDelayMs: 90, quirks: { gainDb: -2 } };
    expect(await set(call({ params: { kind: 'speaker', model }, body }))).toMatchObject({
      devices: 2,
      ...body,
    });
    expect(announced).toContain(`model speaker/${model}`);
    expect(await shown(outside.id)).toMatchObject({ outputDelayMs: 90, quirks: { gainDb: -2 } });
  } finally {
    await side.stop();
    await side.discard();
  }
});
