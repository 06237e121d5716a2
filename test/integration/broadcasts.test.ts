import { afterEach, expect, test } from 'vitest';
import type { PlayRequest } from '#controller/broadcasts/draw';
import { broadcastDetail, broadcastSummary, listBroadcasts } from '#controller/broadcasts/views';
import { Dispatcher } from '#controller/dispatch/dispatcher';
import { PlayQuery } from '#controller/playback/play-query';
import { type BroadcastSite, idOf, openBroadcastSite } from '../support/broadcast-site.ts';
import { silent, until } from '../support/embedded-broker.ts';
import type { FakeSpeaker, Manner } from '../support/fake-speaker.ts';

let site: BroadcastSite;
let speakers: FakeSpeaker[] = [];

async function village(
  count: number,
  manners: Record<number, Manner> = {},
  durationMs = 60_000,
): Promise<void> {
  site = await openBroadcastSite({ devices: count, durationMs });
  speakers = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      site.speaker(index, manners[index]).connect(site.broker.port),
    ),
  );
  await present(count);
  await until(() => site.births() === count);
}
const present = (count: number) =>
  until(
    () =>
      site.store.sqlite.prepare('SELECT count(*) FROM device WHERE connected = 1').pluck().get() === count,
  );
const request = (change: Partial<PlayRequest> = {}): PlayRequest => ({
  content: { kind: 'programme', id: 'p1' },
  targets: [{ kind: 'all', id: '' }],
  priority: 'priority',
  resume: 'skip',
  volume: null,
  patienceMs: 8_000,
  by: 'Cán bộ đài',
  ...change,
});
const look = (id: string) => broadcastSummary(site.store, id);
const startsOf = (speaker: FakeSpeaker) =>
  speaker.heard.flatMap((command) => (command.type === 'start' ? [command] : []));

afterEach(async () => {
  for (const speaker of speakers) speaker.cut();
  await site.stop();
  await site.discard();
});

test('everybody is asked by one message, starts at one moment, and the broadcast ends with the last of them', async () => {
  await village(6, {}, 600);
  const { id, counts } = await site.broadcasts.play(request({ volume: 70 }));
  expect(counts).toMatchObject({ asked: 6 });
  await until(() => look(id).state === 'ended');
  for (const speaker of speakers) expect(speaker.types()).toEqual(['prepare', 'start']);
  const moments = new Set(speakers.map((speaker) => startsOf(speaker)[0]?.t0));
  expect([...moments]).toEqual([look(id).t0]);
  expect(startsOf(speakers[0]!)[0]?.broadcast).toMatchObject({ volume: 70, title: 'Thông báo khẩn' });
  await until(() => look(id).counts.ended === 6);
  const detail = broadcastDetail(site.store, id);
  expect(detail.devices.map(({ state }) => state)).toEqual(Array(6).fill('ended'));
  expect(detail.devices[0]?.startedAt).toBeGreaterThanOrEqual(detail.t0 ?? Number.NaN);
});

test('one dead speaker cannot hold the village, and is named', async () => {
  await village(5, { 3: { dead: true } }, 400);
  const before = Date.now();
  const { id } = await site.broadcasts.play(request({ patienceMs: 60_000 }));
  await until(() => look(id).state === 'started');
  expect((look(id).t0 ?? 0) - before).toBeLessThan(60_000);
  await until(() => look(id).counts.ended === 4);
  expect(broadcastDetail(site.store, id).devices.find(({ deviceId }) => deviceId === idOf(3))?.state).toBe(
    'asked',
  );
});

test('where too many are slow, patience decides; who is late gets its own start', async () => {
  await village(4, { 0: { readyAfterMs: 1_500 }, 1: { readyAfterMs: 1_500 }, 2: { dead: true } }, 4_000);
  const { id } = await site.broadcasts.play(request({ patienceMs: 400 }));
  await until(() => look(id).state === 'started');
  expect(look(id).counts.ready).toBe(1);
  await until(() => look(id).counts.started === 3);
});

test('nobody ready: it fails, says why, and starts nowhere', async () => {
  await village(2, { 0: { rejects: 'blob-missing' }, 1: { rejects: 'unsupported' } });
  const { id } = await site.broadcasts.play(request({ patienceMs: 1_500 }));
  await until(() => look(id).state === 'failed');
  expect(look(id)).toMatchObject({ reason: 'nobody-ready', t0: null, counts: { rejected: 2 } });
  expect(broadcastDetail(site.store, id).devices.map(({ reason }) => reason)).toEqual([
    'blob-missing',
    'unsupported',
  ]);
  expect(speakers.flatMap((speaker) => startsOf(speaker))).toEqual([]);
});

test('who comes while it plays is told by its own topic, once; who plays already is left alone', async () => {
  await village(3);
  speakers[2]?.cut();
  await present(2);
  const { id } = await site.broadcasts.play(request());
  await until(() => look(id).counts.started === 2);
  expect(look(id).counts.absent).toBe(1);
  await speakers[2]?.connect(site.broker.port);
  await until(() => look(id).counts.started === 3);
  expect(startsOf(speakers[2]!)).toHaveLength(1);
  // A lost link is no lost power: nothing is said again.
  speakers[0]?.disconnect();
  await speakers[0]?.connect(site.broker.port);
  // After a power cut it is.
  speakers[1]?.cut();
  await speakers[1]?.connect(site.broker.port);
  await until(() => startsOf(speakers[1]!).length === 2);
  expect(startsOf(speakers[0]!)).toHaveLength(1);
});

test('a stop reaches everybody, and who was away as soon as it is back', async () => {
  await village(3);
  const { id } = await site.broadcasts.play(request());
  await until(() => look(id).counts.started === 3);
  speakers[1]?.disconnect();
  const stopped = await site.broadcasts.halt(id, 'Cán bộ đài');
  expect(stopped).toMatchObject({ state: 'stopped' });
  await until(() => speakers[0]?.playing === null && speakers[2]?.playing === null);
  expect(speakers[1]?.playing).toBe(id);
  await speakers[1]?.connect(site.broker.port);
  await until(() => look(id).counts.stopped === 3);
  expect(speakers[1]?.playing).toBeNull();
  expect(await site.broadcasts.halt(id, null), 'again does nothing').toMatchObject({ state: 'stopped' });
});

test('what was called off before it started never starts', async () => {
  await village(2, { 0: { readyAfterMs: 400 }, 1: { readyAfterMs: 400 } });
  const { id } = await site.broadcasts.play(request());
  await site.broadcasts.callOff(id, 'Cán bộ đài');
  await until(() => look(id).counts.stopped === 2);
  expect(look(id)).toMatchObject({ state: 'stopped', t0: null });
  expect(speakers.flatMap((speaker) => startsOf(speaker))).toEqual([]);
  await expect(site.broadcasts.callOff(id, null)).rejects.toMatchObject({
    status: 409,
    code: 'already-started',
  });
});

test('the volume of one broadcast: those who play are told, those who come later start with it', async () => {
  await village(2);
  speakers[1]?.cut();
  await present(1);
  const { id } = await site.broadcasts.play(request());
  await until(() => look(id).counts.started === 1);
  expect(await site.broadcasts.setVolume(id, 35, null)).toMatchObject({ volume: 35 });
  await until(
    () => speakers[0]?.heard.some((heard) => heard.type === 'set-volume' && heard.volume === 35) === true,
  );
  await speakers[1]?.connect(site.broker.port);
  await until(() => startsOf(speakers[1]!).length === 1);
  expect(startsOf(speakers[1]!)[0]?.broadcast.volume).toBe(35);
  await site.broadcasts.halt(id, null);
  await expect(site.broadcasts.setVolume(id, 10, null)).rejects.toMatchObject({ code: 'broadcast-over' });
});

test('two groups that overlap: a device in both plays once and counts once', async () => {
  await village(4);
  site.group('nhom-a', [idOf(0), idOf(1)]);
  site.group('nhom-b', [idOf(1), idOf(2)]);
  for (const speaker of speakers) speaker.disconnect();
  await Promise.all([
    speakers[0]?.joins('nhom-a').connect(site.broker.port),
    speakers[1]?.joins('nhom-a').joins('nhom-b').connect(site.broker.port),
    speakers[2]?.joins('nhom-b').connect(site.broker.port),
    speakers[3]?.connect(site.broker.port),
  ]);
  await until(() => site.births() === 8);
  const targets = ['nhom-a', 'nhom-b'].map((id) => ({ kind: 'group' as const, id }));
  const { id } = await site.broadcasts.play(request({ targets }));
  await until(() => look(id).counts.started === 3);
  expect(look(id).counts).toMatchObject({ asked: 0, received: 0, ready: 0, absent: 0 });
  expect(speakers[1]?.types()).toEqual(['prepare', 'prepare', 'start', 'start']);
  expect(speakers[3]?.types()).toEqual([]);
});

test('an area within another area, and a device within it, are reached by one message', async () => {
  await village(2);
  const targets = [
    { kind: 'area' as const, id: 'tdp-0' },
    { kind: 'area' as const, id: 'ward' },
    { kind: 'device' as const, id: idOf(0) },
  ];
  const { id } = await site.broadcasts.play(request({ targets }));
  await until(() => look(id).counts.started === 2);
  expect(speakers[0]?.types()).toEqual(['prepare', 'start']);
  expect(look(id).targets.map(({ name }) => name)).toEqual(['Tổ 0', 'Phù Vân', `Cụm ${idOf(0)}`]);
});

test('an emergency does not ask who is ready', async () => {
  await village(3, { 1: { rejects: 'blob-missing' } });
  const before = Date.now();
  const { id, t0 } = await site.broadcasts.play(request({ priority: 'emergency' }));
  expect(t0).toBeGreaterThanOrEqual(before + 300);
  await until(() => look(id).counts.started === 3);
  for (const speaker of speakers) expect(speaker.types()).toEqual(['start']);
});

test('stop-all silences an area: what plays there alone ends with it, what plays elsewhere goes on elsewhere', async () => {
  await village(4);
  const here = await site.broadcasts.play(request({ targets: [{ kind: 'area', id: 'tdp-0' }] }));
  const everywhere = await site.broadcasts.play(request({ priority: 'emergency' }));
  await until(() => look(everywhere.id).counts.started === 4);
  expect(await site.broadcasts.stopAll([{ kind: 'area', id: 'tdp-0' }], 'Cán bộ đài')).toBe(2);
  await until(() => speakers[0]?.playing === null && speakers[2]?.playing === null);
  expect(look(here.id).state).toBe('stopped');
  await until(() => look(everywhere.id).counts.stopped === 2);
  expect(look(everywhere.id)).toMatchObject({ state: 'started', counts: { started: 2, stopped: 2 } });
  // A device of the area that comes back is not started again.
  speakers[0]?.cut();
  await speakers[0]?.connect(site.broker.port);
  await site.broadcasts.stopAll([{ kind: 'all', id: '' }], null);
  await until(() => look(everywhere.id).counts.stopped === 4);
  expect(look(everywhere.id).state).toBe('stopped');
  expect(startsOf(speakers[0]!).filter(({ broadcast }) => broadcast.id === everywhere.id)).toHaveLength(1);
});

test('the controller dies while devices prepare: another life starts them', async () => {
  await village(3, { 0: { readyAfterMs: 600_000 }, 1: { readyAfterMs: 600_000 } });
  const { id } = await site.broadcasts.play(request({ patienceMs: 2_000 }));
  await until(() => look(id).counts.ready === 1);
  await restart();
  expect(look(id).state).toBe('preparing');
  for (const speaker of speakers) {
    speaker.manner = {};
    await speaker.connect(site.broker.port);
  }
  await until(() => look(id).counts.started === 3);
});

test('the controller dies while it plays: another life goes on counting, and ends it', async () => {
  await village(3);
  const { id } = await site.broadcasts.play(request({ priority: 'emergency' }));
  await until(() => look(id).counts.started === 3);
  speakers[2]?.cut();
  speakers[0]?.disconnect();
  speakers[0]?.finish();
  await restart();
  for (const speaker of speakers) await speaker.connect(site.broker.port);
  // Of the first what it said while nobody heard it, of the last that it plays again after its power cut.
  await until(() => look(id).counts.ended === 1 && speakers[2]?.playing === id);
  expect(look(id).state).toBe('started');
  for (const speaker of speakers) speaker.finish();
  await until(() => look(id).state === 'ended');
  expect(look(id).counts.ended).toBe(3);
  expect(startsOf(speakers[1]!), 'who plays is not told again').toHaveLength(1);
});

async function restart(): Promise<void> {
  const { directory, broker } = site;
  for (const speaker of speakers) speaker.disconnect();
  await site.stop();
  site = await openBroadcastSite({ devices: 0, directory, port: broker.port });
}

test('the log holds a broadcast as it holds a schedule: title, class, and who should have played it', async () => {
  await village(2);
  const { id } = await site.broadcasts.play(request());
  await until(() => look(id).counts.started === 2);
  const t0 = look(id).t0 ?? 0;
  const log = new PlayQuery(site.store);
  const filter = { from: t0, to: t0 + 1 };
  await until(() => log.page(filter, 10, null).items.length === 2);
  const record = {
    ...{
      seq: 1,
      occurrence: `${id}@${t0}`,
      schedule: id,
      part: { index: 0, of: 1 },
      priority: 'priority' as const,
    },
    ...{
      title: 'Thông báo khẩn',
      sha256: 'a'.repeat(64),
      dueAt: t0,
      startedAt: t0 + 1,
      endedAt: t0 + 60_001,
    },
    ...{
      clockErrorMs: 1,
      clockSynced: true,
      fromMs: 0,
      playedMs: 60_000,
      dueMs: 60_000,
      end: 'completed' as const,
    },
  };
  await speakers[0]?.tell('played', { v: 1, boot: 1, oldest: 1, records: [record] });
  await until(() => log.counts(filter).played === 1);
  expect(
    log.page(filter, 10, null).items.map((play) => [play.title, play.priority, play.verdict, play.dueMs]),
  ).toEqual(
    expect.arrayContaining([
      ['Thông báo khẩn', 'priority', 'played', 60_000],
      ['Thông báo khẩn', 'priority', 'pending', 60_000],
    ]),
  );
  expect(log.one(`${id}@${t0}`, idOf(1))).toMatchObject({ scheduleId: id, endAt: t0 + 60_000 });
  await site.broadcasts.halt(id, null);
  expect(log.one(`${id}@${t0}`, idOf(1))?.endAt, 'what was stopped is over').toBeLessThan(t0 + 60_000);
});

test('the log says why a device played nothing: it was away, or it had said that it could not', async () => {
  await village(3, { 1: { rejects: 'unsupported', dead: false } }, 300);
  speakers[2]?.cut();
  await present(2);
  const { id } = await site.broadcasts.play(request());
  await until(() => look(id).state === 'started');
  speakers[1]?.cut();
  const occurrence = `${id}@${look(id).t0}`;
  const log = new PlayQuery(site.store);
  await until(() => log.one(occurrence, idOf(2)) !== null);
  const later = (look(id).t0 ?? 0) + 120_000;
  // Two minutes later, when each has emptied its outbox.
  site.store.sqlite.prepare('UPDATE device SET outbox_empty_at = ?').run(later);
  const dispatcher = new Dispatcher({
    ...{ store: site.store, changes: site.changes, log: silent, clock: { now: () => later } },
    planner: { topUp: async () => {} },
  });
  await dispatcher.tick();
  const reasons = speakers.map((_, index) => {
    const play = log.one(occurrence, idOf(index));
    return [play?.verdict, play?.reason];
  });
  expect(reasons).toEqual([
    ['missed', 'no-record'],
    ['missed', 'refused'],
    ['missed', 'offline-since'],
  ]);
});

test('what cannot be played is refused before anybody is asked', async () => {
  await village(1);
  const refused = (change: Partial<PlayRequest>) => expect(site.broadcasts.play(request(change))).rejects;
  await refused({ content: { kind: 'programme', id: 'nichts' } }).toMatchObject({ code: 'unknown-content' });
  await refused({ targets: [{ kind: 'group', id: 'nichts' }] }).toMatchObject({ code: 'unknown-target' });
  site.store.sqlite.exec("UPDATE asset SET state = 'working'");
  await refused({}).toMatchObject({ code: 'content-not-ready', status: 409 });
  site.store.sqlite.exec(
    "UPDATE asset SET state = 'ready'; UPDATE device SET capabilities = '{\"codecs\":[]}'",
  );
  await refused({}).toMatchObject({ code: 'nobody-to-play', status: 422 });
  expect(listBroadcasts(site.store, {}, { limit: 10, cursor: undefined })).toMatchObject({
    total: 0,
    items: [],
  });
  expect(speakers[0]?.heard).toEqual([]);
});
