import { afterEach, beforeEach, expect, test } from 'vitest';
import { PROOF_DAYS, sweepEvidence } from '#controller/boards/evidence-sweep';
import { Proofs } from '#controller/boards/proofs';
import { BoardStates } from '#controller/boards/states';
import { sceneOf, storeScene } from '#controller/library/scene-of';
import { overviewOf } from '#controller/overview/handlers';
import type { BoardReport } from '#devices/messages/heartbeat';
import { noGuards } from '../support/any-hour.ts';
import { type DeviceSide, startDeviceSide } from '../support/device-side.ts';
import { silent } from '../support/embedded-broker.ts';
import { type RegisteredDevice, registeredDevice, type Voice } from '../support/registered-device.ts';
import { shaOf } from '../support/timetable-site.ts';
import { until } from '../support/until.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PANEL = { width: 64, height: 32, pitchMm: 10 };
let side: DeviceSide;
let board: RegisteredDevice;
let voice: Voice;
let states: BoardStates;
let proofs: Proofs;
let ahead = 0;
const clock = { now: () => Date.now() + ahead };

beforeEach(async () => {
  ahead = 0;
  side = await startDeviceSide();
  board = await registeredDevice(side, 'B1');
  side.store.sqlite
    .prepare("UPDATE device SET kind = 'board', capabilities = ? WHERE id = ?")
    .run(JSON.stringify({ codecs: [], panel: PANEL }), board.id);
  proofs = new Proofs({ blobs: side.blobs, log: silent, known: () => {} });
  states = new BoardStates({
    ...{ store: side.store, clock, zone: 'Asia/Ho_Chi_Minh', proofs },
    heardAt: (device) => side.registry.watch.heardAt(device),
  });
  voice = await board.online();
  await voice.birth({ kind: 'board', capabilities: { codecs: [], panel: PANEL, outputDelayMs: 0 } });
});
afterEach(async () => {
  await voice.client.endAsync();
  await proofs.stop();
  await side.stop();
  await side.discard();
});

const idle: BoardReport = { mode: 'idle', scene: null, drawnAgoMs: 40, powered: true };
const view = () => {
  side.registry.flush();
  return states.one(board.id);
};
const problems = () =>
  overviewOf({
    ...{
      store: side.store,
      clock,
      config: { LOA_TIMEZONE: 'Asia/Ho_Chi_Minh' },
      guards: noGuards(side.store),
    },
    differing: () => states.differing(),
  })()
    .problems.filter(({ deviceId }) => deviceId === board.id)
    .map(({ code }) => code);

/** A plan in which a scene stands on the board all day; as if the planner had issued it. */
async function planned(scene: string): Promise<string> {
  const now = Date.now();
  const part = {
    ...{
      role: 'programme',
      programme: 'p',
      title: 'Thông báo',
      sha256: scene,
      offsetMs: 0,
      durationMs: 2 * HOUR,
    },
    type: 'application/vnd.loa.scene+json',
  };
  const occurrence = {
    ...{ id: `s1@${now - HOUR}`, schedule: 's1', title: 'Thông báo', priority: 'scheduled', resume: 'join' },
    ...{ startAt: now - HOUR, endAt: now + HOUR, notAfter: now + HOUR, gainDb: 0, parts: [part] },
  };
  const body = { v: 1, validFrom: now - DAY, validUntil: now + DAY, occurrences: [occurrence], blobs: [] };
  const jws = `e30.${Buffer.from(JSON.stringify({ body })).toString('base64url')}.x`;
  const sha256 = shaOf(jws);
  const { sqlite } = side.store;
  sqlite
    .prepare(
      'INSERT INTO plan (sha256, jws, bytes, occurrences, valid_from, valid_until, created_at) VALUES (?, ?, 1, 1, 0, 0, 0)',
    )
    .run(sha256, jws);
  sqlite
    .prepare(
      'INSERT INTO plan_agenda (plan_sha256, starts, valid_from, valid_until, created_at) VALUES (?, ?, 0, ?, 0)',
    )
    .run(sha256, '[]', now + DAY);
  sqlite
    .prepare('INSERT INTO device_plan (device_id, revision, plan_sha256, issued_at) VALUES (?, 1, ?, 0)')
    .run(board.id, sha256);
  return sha256;
}

async function send(id: string, query = ''): Promise<number> {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const answer = await fetch(`${side.url}/device/v1/evidence/${id}${query}`, {
    method: 'PUT',
    headers: { ...board.bearer, 'content-type': 'image/png' },
    body: png,
  });
  return answer.status;
}

test('a board that stopped drawing is known by its second heartbeat after it, and well again by the next', async () => {
  await voice.beat({ n: 1, board: idle });
  await until('it to be heard', () => view().rendered);
  expect(view().frozenSince).toBeNull();
  await voice.say('beat', { v: 1, same: 1, drawnAgoMs: 1_200 });
  await voice.say('beat', { v: 1, same: 1, drawnAgoMs: 34_000 });
  const frozen = await until('it to be known', () => view().frozenSince);
  expect(Date.now() - frozen).toBeGreaterThan(33_000);
  expect(problems()).toContain('board-frozen');
  const { items } = await side.handlers['GET /devices']({ query: { limit: 10 } } as never);
  expect(items[0]?.faults).toEqual(['renderer-frozen']);
  // Said again, it is the same trouble; and two such words make the device one with a fault.
  await voice.say('beat', { v: 1, same: 1, drawnAgoMs: 64_000 });
  await until('its status to say so', () => {
    side.registry.flush();
    const row = side.store.sqlite.prepare('SELECT status FROM device WHERE id = ?').pluck().get(board.id);
    return row === 'fault';
  });
  expect(view().frozenSince).toBe(frozen);
  await voice.say('beat', { v: 1, same: 1, drawnAgoMs: 900 });
  await until('it to be well again', () => view().frozenSince === null);
  expect(problems()).not.toContain('board-frozen');
});

test('a board that is off on purpose, or has no power, has not stopped drawing; the one without power is a trouble of its own', async () => {
  await voice.beat({ n: 1, board: { ...idle, mode: 'off', drawnAgoMs: 3_000_000 } });
  await until('it to be heard', () => view().mode === 'off');
  expect(problems()).toEqual([]);
  await voice.beat({ n: 2, board: { ...idle, powered: false, drawnAgoMs: 3_000_000, deadPixels: 7 } });
  await until('it to say so', () => view().powered === false);
  expect(view().frozenSince).toBeNull();
  expect(problems()).toEqual(['board-unpowered', 'board-dead-pixels']);
});

test('wanted, known, drawn and seen are four things', async () => {
  const scene = await storeScene(side.blobs, sceneOf({ heading: null, text: 'Mời họp' }, 'vi'), Date.now());
  await voice.beat({ n: 1, board: idle });
  await until('it to be heard', () => view().rendered);
  expect(view()).toMatchObject({
    desired: null,
    acknowledged: { is: false },
    rendered: { as: 'same' },
    seen: null,
  });
  const plan = await planned(scene);
  expect(view()).toMatchObject({
    desired: { title: 'Thông báo', sceneSha256: scene },
    acknowledged: { is: false },
  });
  await voice.beat({ n: 2, plan: { revision: 1, sha256: plan }, board: idle });
  await until('it to hold the plan', () => view().acknowledged.is);
  expect(view().rendered, 'it stands there for an hour, and the board shows nothing').toMatchObject({
    as: 'different',
  });
  const [page] = await until('the controller to have drawn it', () => proofs.of(scene, PANEL));
  const shown = { ...idle, mode: 'playing' as const, scene: { sha256: scene, page: 0, of: 1 } };
  const other = 'a'.repeat(64);
  const told = { n: 3, plan: { revision: 1, sha256: plan } };
  await voice.beat({ ...told, board: { ...shown, pixelsSha256: other } });
  await until('it to show other pixels', () => view().rendered?.pixelsSha256 === other);
  expect(view().rendered).toMatchObject({ sceneSha256: scene, as: 'different' });
  await voice.beat({ ...told, n: 4, board: { ...shown, pixelsSha256: page?.sha256 ?? '' } });
  await until('it to show what was approved', () => view().rendered?.as === 'same');
  expect(view().seen).toBeNull();

  const taken = Date.now() - 2_000;
  expect(await send('01JE0000000000000000000001', `?takenAt=${taken}&pixels=${page?.sha256}`)).toBe(201);
  expect(view().seen).toMatchObject({ at: taken, fresh: true, as: 'same' });
  ahead = HOUR;
  expect(view().seen, 'a picture of an hour ago is not what is lit now').toMatchObject({ fresh: false });
  ahead = 0;
  expect(view().seen).toMatchObject({ fresh: true, as: 'same' });
  expect(await send('01JE0000000000000000000002', `?takenAt=${Date.now()}&pixels=${other}`)).toBe(201);
  expect(view().seen).toMatchObject({ as: 'different' });
});

test('a picture of what stood before is no contradiction: the name of the ward, when the power had just come back', async () => {
  const scene = await storeScene(side.blobs, sceneOf({ heading: null, text: 'Mời họp' }, 'vi'), Date.now());
  const plan = { plan: { revision: 1, sha256: await planned(scene) } };
  await until('the controller to have drawn it', () => proofs.of(scene, PANEL));
  await voice.beat({ n: 1, ...plan, board: { ...idle, mode: 'power-return' } });
  await until('it to be heard', () => view().mode === 'power-return');
  const other = 'b'.repeat(64);
  await send('01JE0000000000000000000001', `?takenAt=${Date.now()}&pixels=${other}`);
  const page = { sha256: scene, page: 0, of: 1 };
  await voice.beat({ n: 2, ...plan, board: { ...idle, mode: 'playing', scene: page } });
  await until('it to be heard', () => view().mode === 'playing');
  expect(view().seen).toMatchObject({ fresh: true, as: 'unknown' });
  await send('01JE0000000000000000000002', `?takenAt=${Date.now()}&pixels=${other}`);
  expect(view().seen, 'one of now').toMatchObject({ as: 'different' });
});

test('a board that goes on showing what nobody approved is the first of all problems', async () => {
  await planned(await storeScene(side.blobs, sceneOf({ heading: null, text: 'Mời họp' }, 'vi'), Date.now()));
  const foreign = { sha256: 'f'.repeat(64), page: 0, of: 1 };
  await voice.beat({ n: 1, board: { ...idle, mode: 'playing', scene: foreign } });
  await until('it to be heard', () => view().rendered?.as === 'different');
  expect(problems(), 'words may cross on their way').not.toContain('board-differs');
  ahead = 61_000;
  expect(problems()[0]).toBe('board-differs');
});

test('a picture is as old as it is, not as late as it arrived', async () => {
  const taken = Date.now() - 3 * HOUR;
  await send('01JE0000000000000000000001', `?takenAt=${taken}`);
  await send('01JE0000000000000000000002', `?takenAt=${taken - HOUR}`);
  expect(view().seen).toMatchObject({ at: taken, fresh: false, as: 'unknown' });
  const detail = await side.handlers['GET /devices/{id}']({ params: { id: board.id } } as never);
  expect(detail.picture).toMatchObject({ id: '01JE0000000000000000000001', at: taken });
  // By a clock that runs ahead no picture is of tomorrow.
  await send('01JE0000000000000000000003', `?takenAt=${Date.now() + DAY}`);
  expect(view().seen?.at).toBeLessThanOrEqual(Date.now());
});

test('old pictures go, but not those that the log names, nor the last ones', async () => {
  const { sqlite } = side.store;
  const now = Date.now();
  const file = await side.blobs.put(Buffer.from('one picture for all'), 'image/png', now);
  const insert = sqlite.prepare(
    "INSERT INTO evidence (id, device_id, type, bytes, sha256, received_at) VALUES (?, ?, 'image/png', 1, ?, ?)",
  );
  const record = sqlite.prepare(
    'INSERT INTO as_run (device_id, boot, seq, occurrence, started_at, ended_at, record, received_at) VALUES (?, 1, ?, ?, 0, 0, ?, 0)',
  );
  sqlite.transaction(() => {
    for (let index = 0; index < 620; index += 1)
      insert.run(`e${index}`, board.id, file.sha256, now - 700_000 + index);
    record.run(board.id, 1, 's1@1', JSON.stringify({ evidence: 'e3' }));
    insert.run('ancient', board.id, file.sha256, now - (PROOF_DAYS + 1) * DAY);
    record.run(board.id, 2, 's1@2', JSON.stringify({ evidence: 'ancient' }));
  })();
  expect(await sweepEvidence(side.store, side.blobs, now)).toBe(120);
  const left = sqlite.prepare('SELECT id FROM evidence ORDER BY received_at').pluck().all();
  expect(left).toHaveLength(501);
  expect(left.slice(0, 2)).toEqual(['e3', 'e120']);
  expect(sqlite.prepare('SELECT 1 FROM blob WHERE sha256 = ?').get(file.sha256)).toBeDefined();
});
