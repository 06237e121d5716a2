import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { PlayRequest } from '#controller/broadcasts/draw';
import { broadcastDetail, broadcastSummary } from '#controller/broadcasts/views';
import { openStore } from '#controller/database/open';
import { idOf } from '../support/broadcast-site.ts';
import { until } from '../support/embedded-broker.ts';
import type { FakeSpeaker, Manner } from '../support/fake-speaker.ts';
import {
  DAT,
  HUONG,
  type IncidentSite,
  openIncidentSite,
  request,
  UOC,
  WORDS,
} from '../support/incident-site.ts';

let site: IncidentSite;
let devices: FakeSpeaker[] = [];

/** So many speakers, and one board behind them. */
async function ward(speakers: number, manners: Record<number, Manner> = {}): Promise<void> {
  site = await openIncidentSite({ devices: speakers + 1, boards: 1 });
  devices = await Promise.all(
    Array.from({ length: speakers + 1 }, (_, index) =>
      site
        .speaker(index, { ...manners[index], ...(index === speakers ? { board: true } : {}) })
        .connect(site.broker.port),
    ),
  );
  await until(() => site.births() === speakers + 1);
}

const view = (id: string) => site.incidents.view(id);
const startsOf = (device: FakeSpeaker | undefined) =>
  device?.heard.flatMap((command) => (command.type === 'start' ? [command] : [])) ?? [];
/** What it was told to sound: the titles of each broadcast's parts. */
const sounded = (device: FakeSpeaker | undefined) =>
  startsOf(device)
    .filter(({ broadcast }) => broadcast.parts[0]?.renditions.some(({ type }) => type === 'audio/ogg'))
    .map(({ broadcast }) => broadcast.parts.map(({ title }) => title));

afterEach(async () => {
  for (const device of devices) device.cut();
  await site.stop();
  await site.discard();
});

test('one incident sounds on loudspeakers and shows on boards, and its figures say who did', async () => {
  await ward(3);
  const { id, state, messages } = await site.incidents.drawUp(request(), HUONG);
  expect([state, messages[0]?.state]).toEqual(['draft', 'preparing']);
  site.speakNow();
  await until(() => view(id).messages[0]?.state === 'ready');
  const sent = await site.incidents.confirm(id, HUONG);
  expect(sent).toMatchObject({ state: 'active', confirmedBy: HUONG.name, secondBy: null, breakGlass: null });
  expect(sent.messages[0]).toMatchObject({ state: 'sent', by: HUONG.name });
  await until(() => view(id).counts.sounding === 4);
  expect(view(id).counts).toEqual({ asked: 4, ready: 0, sounding: 4, done: 0, silent: 0 });
  expect(sounded(devices[0])[0]).toEqual(['Còi báo động', 'Cảnh báo lũ', 'Cảnh báo lũ']);
  const [board] = startsOf(devices[3])
    .map(({ broadcast }) => broadcast)
    .filter(({ parts }) => parts.length === 1);
  expect(board?.priority).toBe('emergency');
  expect(board?.parts[0]?.durationMs).toBeGreaterThan(59 * 60_000);
  expect(devices[3]?.playing).toBe(view(id).messages[0]?.boardBroadcastId);
  expect(devices[0]?.playing).toBe(view(id).messages[0]?.soundBroadcastId);
});

test('words that are not spoken yet hold up neither the siren nor the boards; they follow, without the siren', async () => {
  await ward(2);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  const sent = await site.incidents.confirm(id, HUONG);
  expect(sent.messages[0]).toMatchObject({ state: 'preparing' });
  expect(sent.messages[0]?.sentAt).not.toBeNull();
  await until(() => view(id).counts.sounding === 3);
  expect(new Set(sounded(devices[0])[0])).toEqual(new Set(['Còi báo động']));
  site.speakNow();
  await until(() => view(id).messages[0]?.state === 'sent');
  await until(() => devices[0]?.playing === view(id).messages[0]?.soundBroadcastId);
  expect(sounded(devices[0])[1]).toEqual(['Cảnh báo lũ', 'Cảnh báo lũ']);
  await until(() => view(id).counts.sounding === 3);
  expect(startsOf(devices[2]).filter(({ broadcast }) => broadcast.parts.length === 1)).toHaveLength(1);
});

test('a text that cannot be spoken does not take siren and boards away, and is said to have failed', async () => {
  await ward(1);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  await site.incidents.confirm(id, HUONG);
  site.refuseWords();
  await until(() => view(id).messages[0]?.state === 'failed');
  expect(view(id)).toMatchObject({ state: 'active', messages: [{ reason: 'not-spoken' }] });
  await until(() => devices[1]?.playing === view(id).messages[0]?.boardBroadcastId);
});

test('where two must confirm, the same person twice is one person', async () => {
  await ward(1);
  site.policies.change(
    'emergency',
    { ...site.policies.read('emergency'), secondPerson: 'always' },
    'Quản trị',
  );
  const { id } = await site.incidents.drawUp(request(), HUONG);
  expect(await site.incidents.confirm(id, HUONG)).toMatchObject({
    state: 'waiting',
    confirmedBy: HUONG.name,
  });
  await expect(site.incidents.confirm(id, HUONG)).rejects.toMatchObject({ code: 'second-person-needed' });
  expect(startsOf(devices[0])).toEqual([]);
  expect(await site.incidents.confirm(id, DAT)).toMatchObject({
    ...{ state: 'active', confirmedBy: HUONG.name, secondBy: DAT.name, breakGlass: null },
  });
  await expect(site.incidents.confirm(id, UOC)).rejects.toMatchObject({ code: 'already-active' });
});

test('only a new text needs a second person where the policy says so: a stored message as it stands does not', async () => {
  await ward(1);
  site.policies.change('emergency', { ...site.policies.read('emergency'), secondPerson: 'new-text' }, null);
  const stored = await site.storedMessages.add(
    { title: 'Lũ', heading: null, text: WORDS, language: 'vi', assetId: null },
    HUONG,
  );
  site.speakNow();
  const as = { heading: null, storedMessageId: stored.id };
  const own = await site.incidents.drawUp(request(as), HUONG);
  expect(await site.incidents.confirm(own.id, HUONG), 'who wrote it does not vouch for it').toMatchObject({
    state: 'waiting',
  });
  const whole = await site.incidents.drawUp(request(as), DAT);
  expect(whole.messages[0]?.state).toBe('ready');
  expect(await site.incidents.confirm(whole.id, DAT)).toMatchObject({
    ...{ state: 'active', storedMessageId: stored.id },
  });
  const changed = await site.incidents.drawUp(request({ ...as, text: `${WORDS} Ngay!` }), HUONG);
  expect(changed.storedMessageId).toBeNull();
  expect(await site.incidents.confirm(changed.id, HUONG)).toMatchObject({ state: 'waiting' });
});

test('glass is broken with a reason, and reviewed by somebody else, once', async () => {
  await ward(1);
  const policy = { ...site.policies.read('emergency'), secondPerson: 'always' as const };
  site.policies.change('emergency', policy, null);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  await site.incidents.confirm(id, HUONG);
  const sent = await site.incidents.confirm(id, HUONG, 'Không còn ai trực');
  expect(sent).toMatchObject({
    state: 'active',
    breakGlass: { reason: 'Không còn ai trực', by: HUONG.name, reviewedBy: null, verdict: null },
  });
  const review = { verdict: 'justified' as const, note: 'Đúng quy trình' };
  expect(() => site.incidents.review(id, review, HUONG)).toThrow(/another person/);
  expect(site.incidents.review(id, review, UOC).breakGlass).toMatchObject({
    ...{ reviewedBy: UOC.name, verdict: 'justified', note: 'Đúng quy trình' },
  });
  expect(() => site.incidents.review(id, review, DAT)).toThrow(/already/);

  site.policies.change('emergency', { ...policy, breakGlass: false }, null);
  const other = await site.incidents.drawUp(request(), HUONG);
  await expect(site.incidents.confirm(other.id, HUONG, 'Vội')).rejects.toMatchObject({
    code: 'no-break-glass',
  });
  expect(view(other.id).state).toBe('draft');
});

test('who stayed silent is named, with the reason', async () => {
  await ward(4, { 0: { dead: true }, 1: {} });
  site.store.sqlite.prepare('UPDATE device SET muted = 1 WHERE id = ?').run(idOf(1));
  devices[2]?.cut();
  await until(
    () => site.store.sqlite.prepare('SELECT count(*) FROM device WHERE connected = 1').pluck().get() === 4,
  );
  const { id } = await site.incidents.drawUp(request(), HUONG);
  site.speakNow();
  await site.incidents.confirm(id, HUONG);
  await until(() => view(id).counts.silent === 3);
  expect(view(id).counts).toEqual({ asked: 5, ready: 0, sounding: 2, done: 0, silent: 3 });
  expect(site.incidents.silent(id).map(({ deviceId, reason }) => [deviceId, reason])).toEqual([
    [idOf(2), 'absent'],
    [idOf(1), 'muted'],
    [idOf(0), 'no-word'],
  ]);
  // Back again, it is told, and no longer silent.
  await devices[2]?.connect(site.broker.port);
  await until(() => view(id).counts.sounding === 3);
});

test('an update takes the place of what was said and shown; nothing of the old one stays on the air', async () => {
  await ward(1);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  site.speakNow();
  await site.incidents.confirm(id, HUONG);
  await until(() => view(id).counts.sounding === 2);
  const [first] = view(id).messages;
  const more = { heading: null, text: 'Đã vượt báo động ba.', siren: false, repeats: 1 };
  const updated = await site.incidents.update(id, more, DAT);
  expect(updated.messages.map(({ kind, state, by }) => [kind, state, by])).toEqual([
    ['alert', 'sent', HUONG.name],
    ['update', 'preparing', DAT.name],
  ]);
  await until(() => devices[1]?.playing === view(id).messages[1]?.boardBroadcastId);
  expect(devices[0]?.playing, 'the old words are said until the new ones are there').toBe(
    first?.soundBroadcastId,
  );
  site.speakNow();
  await until(() => devices[0]?.playing === view(id).messages[1]?.soundBroadcastId);
  for (const old of [first?.soundBroadcastId, first?.boardBroadcastId]) {
    await until(() => broadcastSummary(site.store, old ?? '').state === 'stopped');
  }
  await until(() => view(id).counts.sounding === 2);
});

test('the all-clear takes everything off the air, and is said once', async () => {
  await ward(2);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  site.speakNow();
  await site.incidents.confirm(id, HUONG);
  await until(() => view(id).counts.sounding === 3);
  const over = await site.incidents.allClear(id, 'Nước đã rút, bà con trở về nhà.', DAT);
  expect(over).toMatchObject({ state: 'cleared', endedBy: DAT.name });
  await until(() => devices.every(({ playing }) => playing === null));
  await until(() => view(id).counts.done === 3);
  site.speakNow(300);
  await until(() => view(id).messages[1]?.state === 'sent');
  await until(() => sounded(devices[0]).length === 2);
  expect(sounded(devices[0])[1]).toEqual(['Cảnh báo lũ']);
  expect(devices[2]?.playing, 'a board has gone back to its plan').toBeNull();
  expect(view(id).counts, 'the figures stay those of the alarm').toMatchObject({ asked: 3, done: 3 });
  await expect(site.incidents.update(id, { heading: null, text: 'x', siren: false, repeats: 1 }, DAT))
    .rejects //
    .toMatchObject({ code: 'not-active' });
});

test('stop-all stops its sound too; the incident goes on, and says that it was stopped', async () => {
  await ward(1);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  site.speakNow();
  await site.incidents.confirm(id, HUONG);
  await until(() => view(id).counts.sounding === 2);
  expect(view(id).stoppedAt).toBeNull();
  await site.broadcasts.stopAll([{ kind: 'all', id: '' }], UOC.name);
  await until(() => devices.every(({ playing }) => playing === null));
  expect(view(id).state).toBe('active');
  expect(view(id).stoppedAt).not.toBeNull();
  await until(() => view(id).counts.done === 2);
});

test('what was drawn up and not sent is withdrawn, and cannot be sent any more', async () => {
  await ward(1);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  expect(site.incidents.cancel(id, DAT)).toMatchObject({ state: 'cancelled', endedBy: DAT.name });
  await expect(site.incidents.confirm(id, HUONG)).rejects.toMatchObject({ code: 'incident-over' });
});

test('at its end it goes off the air by itself', async () => {
  await ward(1);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  site.speakNow();
  // A hundredth of a minute: only the interface asks for whole ones.
  site.store.sqlite.prepare('UPDATE incident SET minutes = 0 WHERE id = ?').run(id);
  await site.incidents.confirm(id, HUONG);
  await until(() => view(id).state === 'expired');
  await until(() => devices.every(({ playing }) => playing === null));
  expect(view(id)).toMatchObject({ endedBy: null });
});

test('a controller that died in the middle goes on: the words follow, the counts go on, the end comes', async () => {
  await ward(1);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  await site.incidents.confirm(id, HUONG);
  await until(() => view(id).counts.sounding === 2);
  const { directory } = site;
  const { port } = site.broker;
  await site.stop();
  for (const device of devices) device.disconnect();
  site = await openIncidentSite({ devices: 2, directory, port });
  for (const device of devices) await device.connect(site.broker.port);
  const waiting = site.store.sqlite.prepare('SELECT asset_id FROM incident_message').pluck().get() as string;
  site.speakNow(60_000, waiting);
  await until(() => view(id).messages[0]?.state === 'sent');
  await until(() => devices[0]?.playing === view(id).messages[0]?.soundBroadcastId);
  expect(sounded(devices[0]).at(-1), 'no second siren').toEqual(['Cảnh báo lũ', 'Cảnh báo lũ']);
  await site.incidents.allClear(id, null, DAT);
  await until(() => devices.every(({ playing }) => playing === null));
});

test('what was ended when the controller died is not left sounding by its next life', async () => {
  await ward(1);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  site.speakNow();
  await site.incidents.confirm(id, HUONG);
  await until(() => view(id).counts.sounding === 2);
  const { directory } = site;
  const { port } = site.broker;
  await site.stop();
  for (const device of devices) device.disconnect();
  // As a kill leaves it between the decision and the first word to the devices.
  const store = openStore(path.join(directory, 'loa.sqlite'));
  store.sqlite.prepare("UPDATE incident SET state = 'cleared', ended_at = 1 WHERE id = ?").run(id);
  await store.close();
  site = await openIncidentSite({ devices: 2, directory, port });
  for (const device of devices) await device.connect(site.broker.port);
  await until(() => devices.every(({ playing }) => playing === null));
});

test('only a siren sounds as one: a song or a speech of the library would be words that nobody confirmed', async () => {
  await ward(1);
  site.store.sqlite.exec(
    `INSERT INTO asset (id, title, source, language, state, duration_ms, opus_sha256, mp3_sha256, created_at, updated_at)
      SELECT 'song', 'Một bài hát', 'upload', 'vi', state, duration_ms, opus_sha256, mp3_sha256, 0, 0 FROM asset LIMIT 1`,
  );
  await expect(site.incidents.drawUp(request({ sirenAssetId: 'song' }), HUONG)).rejects.toMatchObject({
    code: 'unknown-sound',
  });
});

test('another system sends by its own policy, without a person; a person may still end it', async () => {
  await ward(1);
  const system = { id: null, name: 'CAP: nchmf.gov.vn' };
  site.policies.change('emergency', { ...site.policies.read('emergency'), secondPerson: 'always' }, null);
  const { id, source } = await site.incidents.drawUp({ ...request(), source: 'cap' }, system);
  expect(source).toBe('cap');
  expect(await site.incidents.confirmForSystem(id, system)).toMatchObject({
    ...{ state: 'active', confirmedBy: system.name, secondBy: null },
  });
  expect(await site.incidents.allClear(id, null, HUONG)).toMatchObject({
    state: 'cleared',
    endedBy: HUONG.name,
  });
});

test('a silent drill finds out who could sound, and nothing sounds', async () => {
  await ward(3, { 1: { rejects: 'blob-missing' }, 2: { readyAfterMs: 200 } });
  const { id } = await site.incidents.drawUp(request({ drill: 'silent' }), HUONG);
  site.speakNow();
  await until(() => view(id).messages[0]?.state === 'ready');
  expect(await site.incidents.confirm(id, HUONG)).toMatchObject({ state: 'active', drill: 'silent' });
  await until(() => view(id).state === 'cleared');
  expect(view(id).counts).toEqual({ asked: 4, ready: 3, sounding: 0, done: 0, silent: 1 });
  expect(site.incidents.silent(id)).toMatchObject([{ deviceId: idOf(1), reason: 'blob-missing' }]);
  for (const device of devices) {
    expect(startsOf(device)).toEqual([]);
    expect(device.types()).toContain('prepare');
  }
});

test('no later life of the program starts a silent drill', async () => {
  await ward(1, { 0: { readyAfterMs: 60_000 } });
  const { id } = await site.incidents.drawUp(request({ drill: 'silent' }), HUONG);
  site.speakNow();
  await site.incidents.confirm(id, HUONG);
  const { directory } = site;
  const { port } = site.broker;
  await site.stop();
  for (const device of devices) device.disconnect();
  site = await openIncidentSite({ devices: 2, directory, port });
  for (const device of devices) {
    device.manner = { ...device.manner, readyAfterMs: 0 };
    await device.connect(site.broker.port);
  }
  await until(() => view(id).state === 'cleared');
  expect(view(id).counts).toMatchObject({ asked: 2, ready: 2 });
  for (const device of devices) expect(startsOf(device)).toEqual([]);
});

test('an audible drill says before and after that it is one, on loudspeakers and boards', async () => {
  await ward(1);
  const { id } = await site.incidents.drawUp(request({ drill: 'audible', repeats: 1 }), HUONG);
  expect(await site.incidents.confirm(id, HUONG)).toMatchObject({ state: 'active', drill: 'audible' });
  await until(() => devices[1]?.playing !== null);
  expect(
    startsOf(devices[0]).filter(({ broadcast }) => broadcast.parts.length > 1),
    'no siren before it is said',
  ).toEqual([]);
  const assets = site.store.sqlite
    .prepare("SELECT id FROM asset WHERE state = 'queued' ORDER BY id")
    .pluck()
    .all() as string[];
  expect(assets).toHaveLength(2);
  for (const asset of assets) site.speakNow(400, asset);
  await until(() => view(id).messages[0]?.state === 'sent');
  await until(() => devices[0]?.playing === view(id).messages[0]?.soundBroadcastId);
  const { drillText } = site.policies.read('emergency');
  expect(
    startsOf(devices[0])
      .at(-1)
      ?.broadcast.parts.map(({ title }) => title),
  ).toEqual([drillText, 'Còi báo động', 'Cảnh báo lũ', drillText]);
  const scene = startsOf(devices[1]).at(0)?.broadcast.parts[0]?.renditions[0]?.inline ?? '';
  expect(JSON.parse(scene).pages[0].zones[0].item).toEqual({
    ...{ type: 'emergency', level: 'drill', heading: drillText, text: `CẢNH BÁO LŨ\n${WORDS}` },
  });
  await until(() => view(id).counts.done >= 1);
});

test('an emergency of yesterday does not silence the devices that play something else today', async () => {
  await ward(1);
  const { id } = await site.incidents.drawUp(request(), HUONG);
  site.speakNow(300);
  await site.incidents.confirm(id, HUONG);
  await until(() => view(id).counts.done >= 1);
  const play: PlayRequest = {
    ...{ content: { kind: 'programme', id: 'p1' }, targets: [{ kind: 'all', id: '' }], priority: 'priority' },
    ...{ resume: 'skip', volume: null, patienceMs: 8_000, by: null },
  };
  const { id: later } = await site.broadcasts.play(play);
  await until(() => broadcastDetail(site.store, later).counts.started === 1);
  expect(view(id).counts.done + view(id).counts.sounding).toBe(2);
});
