import { decodeJwt, generateKeyPair } from 'jose';
import { ulid } from 'ulid';
import { afterEach, expect, test } from 'vitest';
import { Changes } from '#controller/changes';
import type { Store } from '#controller/database/open';
import { DesiredDocuments } from '#controller/desired/documents';
import { refuseFallback } from '#controller/desired/fallback-watch';
import { STORED_BLOBS } from '#controller/desired/stored';
import { StoredWatch } from '#controller/desired/stored-watch';
import { BoardChoice } from '#controller/http/contract/board-choice';
import { changeDevice, changeDevices } from '#controller/registry/device-changes';
import { deviceDetail } from '#controller/registry/device-detail';
import { listDevices } from '#controller/registry/device-list';
import { Heartbeats } from '#controller/registry/heartbeats';
import { FACTORY_BOARD } from '#devices/board/settings';
import { Desired } from '#devices/messages/desired';
import type { Heartbeat } from '#devices/messages/heartbeat';
import { noGuards } from '../support/any-hour.ts';
import { silent } from '../support/embedded-broker.ts';
import { heartbeat } from '../support/registered-device.ts';
import { storeWithDevices } from '../support/registry-store.ts';
import { until } from '../support/until.ts';

const SESSION = ulid();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 24 November 2026, 12:00 in Phù Vân. */
const NOON = Date.UTC(2026, 10, 24, 5);
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A controller's side of the settings of boards: real database and signatures; what is published is kept. */
async function world(zone = 'Asia/Ho_Chi_Minh', at = NOON) {
  const { store, ids } = storeWithDevices(3);
  ends.push(() => store.close());
  const [id = '', other = '', speaker = ''] = ids;
  store.sqlite
    .prepare(
      `UPDATE device SET kind = 'board', model = 'LED P5', brightness = 60,
        capabilities = '{"panel":{"width":192,"height":96,"pitchMm":5},"display":"led"}' WHERE id <> ?`,
    )
    .run(speaker);
  const clock = { at, now: () => clock.at };
  const changes = new Changes();
  const published: { device: string; body: Desired }[] = [];
  const link = {
    connected: true,
    publishDesired: async (device: string, jws: string) => {
      published.push({ device, body: Desired.parse(decodeJwt(jws).body) });
      return true;
    },
    onConnected: () => () => {},
  };
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const documents = new DesiredDocuments({
    ...{ store, clock, changes, log: silent, zone, siteName: 'Phường Phù Vân' },
    ...{ guards: noGuards(store, zone), key: { kid: 'k', privateKey }, link },
  });
  const heartbeats = new Heartbeats({ store, clock, changes, log: silent });
  const view = () => ({
    ...{ now: clock.at, zone, heardAt: () => null },
    guards: { longestMs: HOUR },
  });
  const body = (device = id) => published.findLast((one) => one.device === device)?.body;
  return {
    ...{ store, clock, changes, documents, published, id, other, speaker, body },
    board: (device = id) => body(device)?.settings.board,
    detail: (device = id) => deviceDetail(store, device, view()),
    differs: () => listDevices(store, { limit: 10, kind: 'board' }, view()).items[0]?.settingsDiffer ?? [],
    choose: async (board: Partial<BoardChoice>, device = id) => {
      changeDevice(store, device, { board: BoardChoice.partial().parse(board) });
      await documents.refresh([device]);
    },
    says: (words: Partial<Heartbeat>) => {
      const { desired_revision: desiredRevision } = store.sqlite
        .prepare<[string], { desired_revision: number }>('SELECT desired_revision FROM device WHERE id = ?')
        .get(id) ?? { desired_revision: 0 };
      heartbeats.add(id, heartbeat(SESSION, { desiredRevision, ...words }), clock.at);
      heartbeats.flush();
    },
  };
}

/** A programme with something for boards, and files that its scene names. */
function programme(store: Store, title: string, files: { sha: string; panels: string | null }[] = []) {
  const id = ulid();
  const scene = id
    .toLowerCase()
    .padEnd(64, '0')
    .replaceAll(/[^0-9a-f]/g, 'a');
  const blob = store.sqlite.prepare('INSERT INTO blob (sha256, bytes, type, created_at) VALUES (?, ?, ?, 0)');
  blob.run(scene, 321, 'application/vnd.loa.scene+json');
  store.sqlite
    .prepare('INSERT INTO programme (id, title, scene_sha256, created_at, updated_at) VALUES (?, ?, ?, 0, 0)')
    .run(id, title, scene);
  for (const { sha, panels } of files) {
    blob.run(sha, 1_234, 'image/png');
    store.sqlite.prepare('INSERT INTO scene_file VALUES (?, ?, ?)').run(scene, sha, panels);
  }
  return { id, scene };
}

test('a new board has the name of the ward on it and what the factory set, and no quiet hours: it makes no noise', async () => {
  const { documents, body, detail, speaker, id } = await world();
  await documents.refresh([id, speaker]);
  expect(body()?.settings.board).toEqual({ ...FACTORY_BOARD, title: 'Phường Phù Vân' });
  expect(body()?.settings.guards).toBeUndefined();
  expect(body(speaker)?.settings.board).toBeUndefined();
  expect(detail().board).toMatchObject({ title: '', idle: { show: 'clock' }, viewingMetres: 15 });
  expect(detail(speaker)).toMatchObject({ board: null, boardPlace: null });
});

test('off at 22:00 on the wall clock is 15:00 UTC on the board, and what was not said stays as it was', async () => {
  const { choose, board, detail } = await world();
  await choose({ title: 'Tổ dân phố 3', off: [{ from: '22:00', until: '05:00' }] });
  await choose({ pictureEveryMinutes: 5, powerReturnSeconds: 10, linkLostAfterMinutes: 30 });
  await choose({ linkLost: { show: 'name' }, rectangle: { x: 40, y: 0, width: 192, height: 96 } });
  expect(board()).toMatchObject({
    title: 'Tổ dân phố 3',
    off: [{ from: 15 * 60, until: 22 * 60 }],
    pictureEveryMs: 5 * MINUTE,
    rectangle: { x: 40, y: 0, width: 192, height: 96 },
    fallbacks: { linkLost: { show: 'name' }, linkLostAfterMs: 30 * MINUTE, powerReturnMs: 10_000 },
  });
  expect(detail().board).toMatchObject({ off: [{ from: '22:00', until: '05:00' }], rectangle: { x: 40 } });
  await choose({ title: '', off: [], rectangle: null });
  expect(board()).toMatchObject({ title: 'Phường Phù Vân', off: [] });
  expect(board()?.rectangle).toBeUndefined();
});

test('where clocks are put back the board goes off at the same time of the evening', async () => {
  const { choose, board, documents, clock } = await world('Europe/Berlin', Date.UTC(2026, 9, 24, 12));
  await choose({
    off: [{ from: '23:00', until: '05:30' }],
    brightness: { by: 'time', steps: [{ from: '20:00', brightness: 20 }] },
  });
  await documents.followWallClock();
  expect(board()).toMatchObject({ utcOffsetMinutes: 120, off: [{ from: 21 * 60 }] });
  clock.at = Date.UTC(2026, 9, 25, 1, 0, 1);
  await documents.followWallClock();
  expect(board()).toMatchObject({
    utcOffsetMinutes: 60,
    off: [{ from: 22 * 60, until: 4 * 60 + 30 }],
    brightness: { by: 'time', steps: [{ minute: 19 * 60, brightness: 20 }] },
  });
});

test('the sun is reckoned for where the board stands, or its neighbours, or the site, and it says which', async () => {
  const { choose, board, detail, store, id, other, speaker, documents } = await world();
  const rule = () => {
    const brightness = board()?.brightness;
    return brightness?.by === 'sun' ? [brightness.latitude, brightness.longitude] : null;
  };
  await choose({ brightness: { by: 'sun', day: 90, night: 20 } });
  expect(rule()).toEqual([16, 105]);
  expect(detail().boardPlace?.by).toBe('country');
  changeDevice(store, speaker, { latitude: 20.5, longitude: 105.9 });
  await documents.refresh([id]);
  expect([rule(), detail().boardPlace?.by]).toEqual([[20.5, 105.9], 'site']);
  store.sqlite
    .prepare("INSERT INTO area (id, name, kind, created_at) VALUES ('to-3', 'Tổ 3', 'neighbourhood', 0)")
    .run();
  changeDevice(store, other, { latitude: 20.6, longitude: 105.97, areaId: 'to-3' });
  changeDevice(store, id, { areaId: 'to-3' });
  await documents.refresh([id]);
  expect([rule(), detail().boardPlace?.by]).toEqual([[20.6, 105.97], 'area']);
  changeDevice(store, id, { latitude: 21.03, longitude: 105.85 });
  await documents.refresh([id]);
  expect([rule(), detail().boardPlace?.by]).toEqual([[21.03, 105.85], 'device']);
  expect(board()?.brightness).toMatchObject({ by: 'sun', day: 90, night: 20 });
});

test('a programme that stands for want of anything else is on the board beforehand, with the pictures of its own size', async () => {
  const { choose, body, store } = await world();
  const [fits, foreign, any] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
  const shown = programme(store, 'Giới thiệu phường', [
    { sha: fits, panels: '[{"width":192,"height":96}]' },
    { sha: foreign, panels: '[{"width":1920,"height":1080}]' },
    { sha: any, panels: null },
  ]);
  await choose({ idle: { show: 'programme', programmeId: shown.id } });
  expect(body()?.settings.board?.fallbacks.idle).toEqual({ show: 'scene', sha256: shown.scene, bytes: 321 });
  expect(body()?.stored?.map(({ sha256, type }) => [sha256, type])).toEqual([
    [shown.scene, 'application/vnd.loa.scene+json'],
    [fits, 'image/png'],
    [any, 'image/png'],
  ]);
  const kept = new Set(store.sqlite.prepare(STORED_BLOBS).pluck().all());
  expect(
    [shown.scene, fits, foreign, any].every((sha) => kept.has(sha)),
    'none of it is swept away',
  ).toBe(true);
  expect(() => refuseFallback(store, shown.id)).toThrow('Cụm 00000');
  await choose({ idle: { show: 'clock' } });
  expect(body()?.stored).toBeUndefined();
  expect(() => refuseFallback(store, shown.id)).not.toThrow();
});

test('a board that is a part of a screen keeps the pictures that are made for that part', async () => {
  const { choose, body, store } = await world();
  const [part, screen] = ['d', 'e'].map((letter) => letter.repeat(64)) as [string, string];
  const shown = programme(store, 'Giới thiệu phường', [
    { sha: part, panels: '[{"width":128,"height":64}]' },
    { sha: screen, panels: '[{"width":192,"height":96}]' },
  ]);
  await choose({
    idle: { show: 'programme', programmeId: shown.id },
    rectangle: { x: 8, y: 8, width: 128, height: 64 },
  });
  expect(body()?.stored?.map(({ sha256 }) => sha256)).toEqual([shown.scene, part]);
});

test('when the programme is changed, the boards that fall back on it hear of it, and no other device does', async () => {
  const { choose, board, store, changes, documents, published, id, other, speaker } = await world();
  const watch = new StoredWatch({ store, changes, log: silent, desired: documents });
  await watch.start();
  ends.push(() => watch.stop());
  const shown = programme(store, 'Giới thiệu phường');
  const next = programme(store, 'Bản mới');
  await choose({ linkLost: { show: 'programme', programmeId: shown.id } });
  await documents.refresh([other, speaker]);
  const known = published.length;
  store.sqlite.prepare('UPDATE programme SET scene_sha256 = ? WHERE id = ?').run(next.scene, shown.id);
  changes.announce('programme', shown.id);
  await until('the board is told', () => published.length > known);
  expect(published.slice(known).map(({ device }) => device)).toEqual([id]);
  expect(board()?.fallbacks.linkLost).toMatchObject({ show: 'scene', sha256: next.scene });
});

test('a scene that is gone leaves the board with what the factory set, never with a hash that leads nowhere', async () => {
  const { choose, board, store, documents, id } = await world();
  const shown = programme(store, 'Giới thiệu phường');
  await choose({ powerReturn: { show: 'programme', programmeId: shown.id } });
  store.sqlite.prepare('UPDATE programme SET scene_sha256 = NULL WHERE id = ?').run(shown.id);
  await documents.refresh([id]);
  expect(board()?.fallbacks.powerReturn).toEqual(FACTORY_BOARD.fallbacks.powerReturn);
});

test('what a board cannot show is refused by name, and a loudspeaker has nothing to show at all', async () => {
  const { choose, store, speaker } = await world();
  const sound = ulid();
  store.sqlite
    .prepare('INSERT INTO programme (id, title, created_at, updated_at) VALUES (?, ?, 0, 0)')
    .run(sound, 'Nhạc hiệu');
  await expect(choose({ idle: { show: 'programme', programmeId: sound } })).rejects.toMatchObject({
    code: 'nothing-for-boards',
    params: { title: 'Nhạc hiệu' },
  });
  await expect(choose({ idle: { show: 'programme', programmeId: ulid() } })).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(choose({ title: 'x' }, speaker)).rejects.toMatchObject({ code: 'not-a-board' });
  await expect(choose({ off: [{ from: '22:00', until: '22:00' }] })).rejects.toThrow('same time');
});

test('brightness that changes by its rule is no difference; a board that does not follow its rule is one', async () => {
  const { choose, says, differs, clock } = await world();
  await choose({
    brightness: {
      by: 'time',
      steps: [
        { from: '06:00', brightness: 90 },
        { from: '18:00', brightness: 30 },
      ],
    },
  });
  says({ brightness: 90 });
  expect(differs()).toEqual([]);
  clock.at = Date.UTC(2026, 10, 24, 11, 0, 20);
  expect(differs(), 'the next heartbeat will say so').toEqual([]);
  clock.at += 5 * MINUTE;
  expect(differs()).toMatchObject([
    { field: 'brightness', desired: 30, reported: 90, since: Date.UTC(2026, 10, 24, 11) },
  ]);
  says({ brightness: 30 });
  expect(differs()).toEqual([]);

  await choose({ brightness: { by: 'sun', day: 100, night: 20 } });
  says({ brightness: 20 });
  clock.at = NOON + 12 * HOUR;
  says({ brightness: 20 });
  expect(differs()).toEqual([]);
  says({ brightness: 80 });
  expect(differs()).toMatchObject([{ field: 'brightness', desired: 20, reported: 80 }]);

  const points = [
    { lux: 10, brightness: 10 },
    { lux: 10_000, brightness: 100 },
  ];
  await choose({ brightness: { by: 'sensor', points, hysteresis: 0.2 } });
  says({ brightness: 73 });
  expect(differs(), 'what its own sensor sees nobody foretells').toEqual([]);
});

test('a board that is off on purpose or shows an emergency is not said to be too dark or too bright', async () => {
  const { choose, says, differs } = await world();
  await choose({ brightness: { by: 'fixed' } });
  const report = { scene: null, drawnAgoMs: 0, powered: true } as const;
  says({ brightness: 0, board: { ...report, mode: 'off' } });
  expect(differs()).toEqual([]);
  says({ brightness: 100, board: { ...report, mode: 'emergency' } });
  expect(differs()).toEqual([]);
  says({ brightness: 0, board: { ...report, mode: 'idle' } });
  expect(differs()).toMatchObject([{ field: 'brightness', desired: 60, reported: 0 }]);
});

test('off hours for all devices at once reach the boards, keep what was chosen for each, and leave loudspeakers alone', async () => {
  const { choose, board, store, documents, id, other, speaker, body } = await world();
  await choose({ title: 'Chợ Phù Vân', brightness: { by: 'sun', day: 90, night: 20 } });
  changeDevices(store, [id, other, speaker], {
    brightness: 45,
    board: { off: [{ from: '23:00', until: '04:30' }], brightness: { by: 'fixed' } },
  });
  await documents.refresh([id, other, speaker]);
  const off = [{ from: 16 * 60, until: 21 * 60 + 30 }];
  expect(board()).toMatchObject({ title: 'Chợ Phù Vân', off });
  expect(board()?.brightness).toBeUndefined();
  expect(board(other)).toMatchObject({ title: 'Phường Phù Vân', off });
  expect(body(speaker)?.settings.board).toBeUndefined();
});
