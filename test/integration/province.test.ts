import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signatureOf } from '#controller/province/hmac';
import { occurrenceId } from '#schedules/schedule';
import { type AlertSite, HMAC, openAlertSite } from '../support/alert-site.ts';
import { HUONG } from '../support/incident-site.ts';
import { daily } from '../support/timetable-site.ts';
import { until } from '../support/until.ts';

const MINUTE = 60_000;
/** Tuesday 24 November 2026, 08:00 in Hà Nội. */
const NOW = Date.UTC(2026, 10, 24, 1);
const NINE = NOW + 60 * MINUTE;
const BY = { id: 'u-huong', name: HUONG.name };
const ALL = [{ kind: 'all' as const, id: '' }];

let site: AlertSite;
beforeAll(async () => {
  site = await openAlertSite({ at: NOW });
});
beforeEach(() => site.clear());
afterAll(() => site.stop());

const bulletin = (change: Record<string, unknown> = {}) => ({
  ...{ action: 'publish', externalId: 'TTN-1', revision: 1, level: 'normal' },
  ...{ title: 'Lịch tiêm chủng', text: 'Mời bà con đưa trẻ đi tiêm.' },
  ...change,
});
const inbox = () => site.bulletins.rows.page({ limit: 50 }).items;
const only = () => {
  const [first, ...others] = inbox();
  if (first === undefined || others.length > 0) throw new Error(`${inbox().length} bulletins instead of one`);
  return first;
};
const take = async (change: Record<string, unknown> = {}) => {
  const { status, body } = await site.province(bulletin(change));
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const statusOf = async (externalId: string, signature?: string) => {
  const path = `/api/v1/province/bulletins/${externalId}`;
  const made = signatureOf(HMAC, NOW / 1_000, Buffer.from(path));
  const answer = await fetch(`${site.url}${path}`, { headers: { 'x-loa-signature': signature ?? made } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const schedule = (id: string, choice: 'theirs' | 'ours' | 'both' | null = null, at = NINE) =>
  site.bulletins.schedule(id, { at, targets: ALL, choice }, BY);
/** An own schedule of the class priority, daily. */
const own = (...times: string[]) => {
  const timetable = daily(...times);
  return site.schedules.create(
    {
      ...{ title: 'Bản tin của phường', content: { kind: 'programme', id: 'p1' }, timetable, targets: ALL },
      ...{
        priority: 'priority',
        resume: 'resume',
        maxLatenessMs: 300_000,
        gainDb: 0,
        boardMinutes: null,
        enabled: true,
      },
    },
    true,
    'u',
  );
};

describe('who may send, and how', () => {
  test('a call without the secret, altered on its way, or of another hour is refused', async () => {
    const body = bulletin();
    expect((await site.province(body, { secret: 'another-secret-of-somebody' })).body.code).toBe(
      'bad-signature',
    );
    const stolen = signatureOf(HMAC, NOW / 1_000, Buffer.from(JSON.stringify(body)));
    const altered = await site.province({ ...body, level: 'emergency' }, { signature: stolen });
    expect([altered.status, altered.body.code]).toEqual([401, 'bad-signature']);
    for (const at of [NOW - 6 * MINUTE, NOW + 6 * MINUTE]) {
      expect((await site.province(body, { at })).body.code).toBe('signature-too-old');
    }
    for (const signature of ['', 't=,v1=', `t=${NOW / 1_000},v1=00`, `v1=${'0'.repeat(64)}`]) {
      expect((await site.province(body, { signature })).status).toBe(401);
    }
    expect(inbox()).toEqual([]);
  });

  test('a call that comes twice as it is, is refused, after a restart too; signed anew it changes nothing', async () => {
    const first = await site.province(bulletin());
    const replayed = await site.province(bulletin(), { signature: first.signature });
    expect([replayed.status, replayed.body.code]).toEqual([409, 'replayed']);
    const anew = await site.province(bulletin(), { at: NOW + 1_000 });
    expect([anew.status, anew.body.state]).toEqual([200, 'received']);
    expect(only().history).toHaveLength(1);
  });

  test('nothing is taken in while it is switched off, or nobody set the secret', async () => {
    site.policies.change('province', { enabled: false, sender: '' }, null);
    expect((await site.province(bulletin())).status).toBe(404);
  });

  test('what is no bulletin is refused with the field that is wrong', async () => {
    const { status, body } = await site.province(bulletin({ level: 'urgent' }));
    expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid-request', 'level']);
    expect((await site.province('no json')).status).toBe(400);
    expect((await site.province(bulletin({ text: 'x'.repeat(200_000) }))).status).toBe(413);
  });

  test('the state is told to who signs the question, and not with the signature of another question', async () => {
    await take();
    expect((await statusOf('TTN-1')).body).toMatchObject({
      externalId: 'TTN-1',
      revision: 1,
      state: 'received',
    });
    expect((await statusOf('TTN-2')).status).toBe(404);
    const other = signatureOf(HMAC, NOW / 1_000, Buffer.from('/api/v1/province/bulletins/TTN-2'));
    expect((await statusOf('TTN-1', other)).status).toBe(401);
  });
});

describe('an emergency', () => {
  test('is sounded at once, everywhere, as the incident of its sender', async () => {
    const body = await take({ level: 'emergency', title: 'Vỡ đê', text: 'Di chuyển ngay.' });
    expect(body.state).toBe('playing');
    const [incident] = site.drawn();
    expect(incident).toMatchObject({
      ...{ source: 'province', state: 'active', title: 'Vỡ đê', confirmedBy: 'Ninh Bình' },
      targets: [{ kind: 'all' }],
    });
  });

  test('is sounded in the places that it names, as far as they are known here', async () => {
    site.setCap({ geocodes: [{ valueName: 'MA', value: '7', target: { kind: 'area', id: 'tdp-1' } }] });
    await take({ level: 'emergency', geocodes: [{ valueName: 'MA', value: '7' }] });
    expect(site.drawn()[0]?.targets.map(({ id }) => id)).toEqual(['tdp-1']);
  });

  test('a revision goes on with the incident, a withdrawal ends it', async () => {
    await take({ level: 'emergency' });
    await take({ level: 'emergency', revision: 2, text: 'Nước lên thêm.' });
    const [incident] = site.drawn();
    expect(site.drawn()).toHaveLength(1);
    expect(incident?.messages.at(-1)).toMatchObject({ kind: 'update', text: 'Nước lên thêm.' });
    await site.province({ action: 'withdraw', externalId: 'TTN-1', revision: 3, reason: 'báo nhầm' });
    expect(site.drawn()[0]?.state).toBe('cleared');
    expect(only()).toMatchObject({ state: 'withdrawn', reason: 'báo nhầm' });
  });

  test('counts as played when devices have sounded it, and not before', async () => {
    const speaker = await site.speaker(0).connect(site.broker.port);
    await until('the speaker to be there', () => site.births() === 1);
    await take({ level: 'emergency' });
    await until('the bulletin to be played', () => only().state === 'played');
    expect(only().history.map(({ state }) => state)).toEqual(['received', 'playing', 'played']);
    speaker.cut();
  });

  test('one that was on the air when the program died is not begun a second time by its next life', async () => {
    const { externalId } = await take({ level: 'emergency' });
    const [incident] = site.drawn();
    await site.bulletins.stop();
    site.store.sqlite.exec("UPDATE bulletin SET state = 'received', reason = 'starting'");
    await site.bulletins.start();
    await until('it to be known again', () => only().state === 'playing');
    expect(site.drawn()).toHaveLength(1);
    expect([only().externalId, only().incidentId]).toEqual([externalId, incident?.id]);
  });

  test('too late it is not sounded', async () => {
    expect((await take({ level: 'emergency', expiresAt: NOW - 1 })).state).toBe('refused');
    expect(site.drawn()).toEqual([]);
  });
});

describe('whatever comes twice or late changes nothing', () => {
  test('an older revision after a newer one; the same one with other words is told apart', async () => {
    await take({ revision: 2, title: 'Mới' });
    expect((await take({ revision: 1, title: 'Cũ' })).revision).toBe(2);
    expect(only().title).toBe('Mới');
    const reused = await site.province(bulletin({ revision: 2, title: 'Khác' }));
    expect([reused.status, reused.body.code]).toEqual([409, 'revision-reused']);
  });

  test('a withdrawal that comes first: what it withdraws never enters the inbox', async () => {
    const withdrawal = { action: 'withdraw', externalId: 'TTN-1', revision: 3 };
    expect((await site.province(withdrawal)).body.state).toBe('withdrawn');
    expect((await take({ level: 'emergency', revision: 2 })).state).toBe('withdrawn');
    expect((await take({ level: 'emergency', revision: 3 })).state).toBe('withdrawn');
    expect(site.drawn()).toEqual([]);
    expect((await take({ revision: 4 })).state).toBe('received');
  });

  test('a revision of what was scheduled takes it out again: somebody must look at the new words', async () => {
    await take();
    const { id } = only();
    await schedule(id);
    const { scheduleId } = only();
    expect((await take({ revision: 2, text: 'Đổi giờ tiêm.' })).state).toBe('received');
    expect(() => site.schedules.get(scheduleId ?? '')).toThrow('There is no schedule');
    expect(only()).toMatchObject({ scheduleId: null, programmeId: null, text: 'Đổi giờ tiêm.' });
  });
});

describe('what waits in the inbox', () => {
  test('taken on, scheduled, played by the word of the devices: each step is told to the province', async () => {
    await take();
    const { id } = only();
    expect(await site.bulletins.accept(id, BY)).toMatchObject({ state: 'accepted' });
    const scheduled = await schedule(id);
    const row = site.schedules.get(scheduled.scheduleId ?? '');
    expect(row).toMatchObject({ title: 'Lịch tiêm chủng', priority: 'scheduled', next: [NINE] });
    expect(row.timetable.rule).toEqual({ kind: 'once', date: '2026-11-24', times: ['09:00:00'] });
    expect((await statusOf('TTN-1')).body).toMatchObject({ state: 'scheduled', scheduledAt: NINE });
    const occurrence = occurrenceId(row.id, NINE);
    const insert = site.store.sqlite.prepare(
      `INSERT INTO play (occurrence, device_id, schedule_id, title, priority, start_at, end_at, not_after, parts, due_ms,
          plan_sha256, verdict) VALUES (?, ?, ?, 'x', 'scheduled', 0, 1, 1, '[]', 1, 'x', ?)`,
    );
    insert.run(occurrence, 'loa-00000', row.id, 'missed');
    insert.run(occurrence, 'loa-00001', row.id, 'pending');
    site.changes.announce('play', occurrence);
    await new Promise(setImmediate);
    expect(only().state).toBe('scheduled');
    site.store.sqlite.exec("UPDATE play SET verdict = 'played' WHERE device_id = 'loa-00001'");
    site.changes.announce('play', occurrence);
    await new Promise(setImmediate);
    const { body } = await statusOf('TTN-1');
    expect(body.state).toBe('played');
    expect((body.history as { state: string }[]).map(({ state }) => state)).toEqual([
      ...['received', 'accepted', 'scheduled', 'played'],
    ]);
    expect(JSON.stringify(body)).not.toContain(HUONG.name);
  });

  test('what nobody heard is said to be missed, and may be scheduled again', async () => {
    await take();
    const { id } = only();
    const { scheduleId } = await schedule(id);
    const occurrence = occurrenceId(scheduleId ?? '', NINE);
    site.store.sqlite
      .prepare(
        `INSERT INTO play (occurrence, device_id, schedule_id, title, priority, start_at, end_at, not_after, parts,
            due_ms, plan_sha256, verdict) VALUES (?, 'loa-00000', ?, 'x', 'scheduled', 0, 1, 1, '[]', 1, 'x', 'missed')`,
      )
      .run(occurrence, scheduleId);
    site.changes.announce('play', occurrence);
    await new Promise(setImmediate);
    expect(only()).toMatchObject({ state: 'scheduled', reason: 'missed' });
    expect(await schedule(id, null, NINE + 60 * MINUTE)).toMatchObject({ state: 'scheduled', reason: null });
  });

  test('refused, with the reason that the province is told; nothing more can be done with it', async () => {
    await take();
    const { id } = only();
    await site.bulletins.refuse(id, 'đã phát hôm qua', BY);
    expect((await statusOf('TTN-1')).body).toMatchObject({ state: 'refused', reason: 'đã phát hôm qua' });
    await expect(site.bulletins.accept(id, BY)).rejects.toMatchObject({ code: 'bulletin-not-waiting' });
    await expect(schedule(id)).rejects.toMatchObject({ code: 'bulletin-not-waiting' });
  });

  test('nobody takes it on in time: it is refused as expired; later than it holds it cannot be scheduled', async () => {
    await take({ expiresAt: NOW + 30 * MINUTE });
    const { id } = only();
    await expect(schedule(id)).rejects.toMatchObject({ code: 'too-late' });
    site.clock.at += 31 * MINUTE;
    await site.bulletins.lapse();
    expect(only()).toMatchObject({ state: 'refused', reason: 'expired' });
  });

  test('one that has neither words nor sound cannot be taken on', async () => {
    await take({ text: null });
    await expect(site.bulletins.accept(only().id, BY)).rejects.toMatchObject({ code: 'nothing-to-play' });
  });

  test('a withdrawal takes it out of the timetable', async () => {
    await take();
    const { scheduleId } = await schedule(only().id);
    await site.province({ action: 'withdraw', externalId: 'TTN-1', revision: 1 });
    expect(only().state).toBe('withdrawn');
    expect(() => site.schedules.get(scheduleId ?? '')).toThrow('There is no schedule');
  });
});

describe('a priority bulletin that collides with an own priority item waits for a choice (R2)', () => {
  const collide = async () => {
    const mine = own('09:00', '17:00');
    await take({ level: 'priority' });
    const { id } = only();
    const asked = await schedule(id);
    expect(asked).toMatchObject({ state: 'choose', scheduleId: null });
    expect(asked.collisions).toMatchObject([
      { scheduleId: mine.id, title: 'Bản tin của phường', startAt: NINE },
    ]);
    return { id, mine: mine.id };
  };
  const starts = (id: string) =>
    site.schedules
      .get(id)
      .next.slice(0, 3)
      .map((at) => (at - NOW) / MINUTE / 60);

  test('theirs: the own item is not played at that moment, and at every other', async () => {
    const { id, mine } = await collide();
    expect(starts(mine)).toEqual([1, 9, 25]);
    const chosen = await schedule(id, 'theirs');
    expect(chosen).toMatchObject({ state: 'scheduled', reason: 'choice-theirs', collisions: [] });
    expect(starts(mine)).toEqual([25, 33, 49]);
    const kept = site.schedules.list('phường').filter((each) => each.id !== mine);
    expect(kept.map(({ next }) => next.map((at) => (at - NOW) / MINUTE / 60))).toEqual([[9]]);
  });

  test('ours: it stays in the inbox for another moment', async () => {
    const { id, mine } = await collide();
    expect(await schedule(id, 'ours')).toMatchObject({
      state: 'accepted',
      reason: 'choice-ours',
      scheduleId: null,
    });
    expect(starts(mine)).toEqual([1, 9, 25]);
    expect(await schedule(id, null, NINE + 180 * MINUTE)).toMatchObject({ state: 'scheduled' });
  });

  test('both: both are planned, and the devices play one after the other', async () => {
    const { id, mine } = await collide();
    const { scheduleId } = await schedule(id, 'both');
    expect(site.schedules.get(scheduleId ?? '').next).toEqual([NINE]);
    expect(starts(mine)).toEqual([1, 9, 25]);
  });

  test('the choice, who made it and why it was asked for stand in its history', async () => {
    const { id } = await collide();
    await schedule(id, 'theirs');
    expect(only().history.slice(-2)).toMatchObject([
      { state: 'choose', by: HUONG.name },
      { state: 'scheduled', by: HUONG.name, reason: 'choice-theirs' },
    ]);
  });

  test('an own item that plays once gives way by being switched off, where a person still finds it', async () => {
    const mine = own('09:00');
    const once = { kind: 'once' as const, date: '2026-11-24', times: ['09:00'] };
    site.schedules.change(mine.id, { timetable: { ...daily('09:00'), rule: once } }, true);
    await take({ level: 'priority' });
    await schedule(only().id, 'theirs');
    expect(site.schedules.get(mine.id)).toMatchObject({ enabled: false });
  });

  test('of a lower class nobody is asked: it interrupts; a normal one that collides is refused, as anybody’s would be', async () => {
    const mine = own('09:00');
    site.schedules.change(mine.id, { priority: 'scheduled' }, true);
    await take({ level: 'priority' });
    expect(await schedule(only().id)).toMatchObject({ state: 'scheduled' });
    await take({ externalId: 'TTN-2' });
    const normal = inbox().find(({ externalId }) => externalId === 'TTN-2');
    await expect(schedule(normal?.id ?? '')).rejects.toMatchObject({ code: 'overlaps' });
  });
});
