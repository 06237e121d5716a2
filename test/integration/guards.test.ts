import { afterEach, describe, expect, test } from 'vitest';
import { Materialiser } from '#controller/dispatch/materialise';
import { guardsOf } from '#controller/guards/guards-of';
import { SiteGuards } from '#controller/guards/site-guards';
import { GuardsPolicy } from '#controller/http/contract/policies';
import { mayBegin } from '#devices/guards';
import { verify } from '#devices/signature';
import { EVERY_DEVICE } from '#devices/topics';
import { zoneOf } from '#schedules/zone';
import { openBroadcastSite } from '../support/broadcast-site.ts';
import {
  addArea,
  addDevice,
  addProgramme,
  bodyOf,
  DAY,
  daily,
  HOUR,
  MINUTE,
  MONDAY_5AM,
  openSite,
  planOf,
  type Site,
} from '../support/timetable-site.ts';

const DEFAULT = GuardsPolicy.parse({});
let site: Site;
afterEach(async () => {
  await site?.planner.stop();
  await site?.store.close();
});

const open = async (policy: Partial<GuardsPolicy> = {}) => {
  site = await openSite({ guards: { ...DEFAULT, ...policy } });
  addArea(site, 'ward');
  addArea(site, 'tdp-1', 'ward');
  addArea(site, 'hospital', 'ward');
  addDevice(site, 'd1', { area: 'tdp-1' });
  addDevice(site, 'd2', { area: 'hospital' });
  addProgramme(site, 'news');
  await site.planner.start();
  return site;
};
const failureOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
};

describe('a schedule in the night', () => {
  test('is refused with the occurrence that would wake people, and with what was probably meant', async () => {
    await open();
    const body = bodyOf('news', { timetable: daily('06:00', '03:15') });
    for (const accepting of [false, true]) {
      expect(failureOf(() => site.schedules.create(body, accepting, 'me'))).toMatchObject({
        ...{ status: 422, code: 'quiet-hours' },
        params: {
          time: '03:15',
          otherHalf: '15:15',
          nextAllowed: '05:00',
          at: MONDAY_5AM + 22 * HOUR + 15 * MINUTE,
        },
      });
    }
    expect(site.schedules.list(undefined)).toEqual([]);
    expect(site.schedules.preview(body, undefined).guards).toMatchObject([
      { reason: 'quiet-hours', refused: true, time: '03:15', otherHalf: '15:15', times: 35, devices: 2 },
    ]);
  });

  test.each([
    ['04:59:59', false],
    ['05:00', true],
    ['11:29', true],
    ['11:30', false],
    ['13:29', false],
    ['13:30', true],
    ['20:59', true],
    ['21:00', false],
    ['00:00', false],
  ])('at %s it is taken: %s', async (time, taken) => {
    await open();
    const save = () => site.schedules.create(bodyOf('news', { timetable: daily(time) }), true, 'me');
    if (taken) expect(save().enabled).toBe(true);
    else expect(failureOf(save)).toMatchObject({ code: 'quiet-hours', params: { time } });
  });

  test('cannot be reached by editing, and one from before stays editable where that wakes nobody', async () => {
    await open();
    const { id } = site.schedules.create(bodyOf('news'), true, 'me');
    const change = (what: object) => () => site.schedules.change(id, what, true);
    expect(failureOf(change({ timetable: daily('21:30') }))).toMatchObject({
      params: { otherHalf: '09:30', nextAllowed: '05:00' },
    });
    site.decide({ ...DEFAULT, allowed: [{ from: '07:00', until: '20:00' }] });
    expect(change({ title: 'Bản tin sáng' })().title).toBe('Bản tin sáng');
    expect(change({ enabled: false })().enabled).toBe(false);
    expect(failureOf(change({ enabled: true }))).toMatchObject({ code: 'quiet-hours' });
  });

  test('is taken where some area hears it; the others stay silent, are told, and get a plan of their own', async () => {
    await open({ areas: [{ areaId: 'hospital', allowed: [{ from: '09:00', until: '10:00' }] }] });
    const body = bodyOf('news');
    expect(site.schedules.preview(body, undefined).guards).toMatchObject([
      { reason: 'quiet-hours', refused: false, devices: 1, areas: ['Area hospital'] },
    ]);
    site.schedules.create(body, false, 'me');
    await site.planner.flush();
    expect(planOf(site, 'd1').occurrences.length).toBeGreaterThan(25);
    expect(planOf(site, 'd2').occurrences).toEqual([]);
    expect(planOf(site, 'd2').withheld?.[0]).toMatchObject({
      reason: 'quiet-hours',
      startAt: MONDAY_5AM + HOUR,
    });
    const alone = bodyOf('news', { targets: [{ kind: 'area', id: 'hospital' }] });
    expect(failureOf(() => site.schedules.create(alone, true, 'me'))).toMatchObject({
      params: { time: '06:00', otherHalf: '', nextAllowed: '09:00' },
    });
  });
});

test('what is longer than allowed is refused, whatever hour it is', async () => {
  await open({ longestMinutes: 5 });
  expect(failureOf(() => site.schedules.create(bodyOf('news'), true, 'me'))).toMatchObject({
    ...{ status: 422, code: 'too-long' },
    params: { longestMinutes: 5 },
  });
});

describe('when the guards are changed after schedules were made', () => {
  test('plans are made anew at once, and the log explains each silence that follows', async () => {
    await open();
    site.schedules.create(bodyOf('news'), false, 'me');
    await site.planner.flush();
    const before = planOf(site, 'd1');
    expect(before.withheld).toBeUndefined();
    site.decide({ ...DEFAULT, allowed: [{ from: '07:00', until: '20:00' }] });
    await site.planner.flush();
    const after = planOf(site, 'd1');
    expect(after.occurrences).toEqual([]);
    expect(after.blobs).toEqual([]);
    expect(after.withheld?.map(({ id }) => id)).toEqual(before.occurrences.map(({ id }) => id));

    site.clock.at = MONDAY_5AM + 59 * MINUTE;
    await new Materialiser(site.store).run(site.clock.at);
    expect(site.store.sqlite.prepare('SELECT device_id, verdict, reason FROM play').all()).toEqual([
      { device_id: 'd1', verdict: 'missed', reason: 'quiet-hours' },
      { device_id: 'd2', verdict: 'missed', reason: 'quiet-hours' },
    ]);
    // Allowed again in time, it is played after all, and the log takes its word back.
    site.decide(DEFAULT);
    await site.planner.flush();
    await new Materialiser(site.store).run(site.clock.at);
    expect(site.store.sqlite.prepare('SELECT DISTINCT verdict, reason FROM play').all()).toEqual([
      { verdict: 'pending', reason: null },
    ]);
  });

  test('a plan that withholds something is a document like any other, and read back as it was', async () => {
    await open({ allowed: [{ from: '07:00', until: '20:00' }] });
    site.decide(DEFAULT);
    site.schedules.create(bodyOf('news', { title: 'Bản tin “sáng”' }), false, 'me');
    site.decide({ ...DEFAULT, allowed: [] });
    await site.planner.flush();
    const { sha256, withheld = [] } = planOf(site, 'd1');
    const jws = site.store.sqlite
      .prepare<[string], string>('SELECT jws FROM plan WHERE sha256 = ?')
      .pluck()
      .get(sha256);
    const expected = { audiences: new Set([EVERY_DEVICE]), now: site.clock.now() };
    const read = await verify('plan', jws ?? '', site.publicKey, expected);
    expect(read).toMatchObject({ ok: true, body: { withheld } });
    expect(withheld[0]?.title).toBe('Bản tin “sáng”');
  });
});

describe('a day of mourning', () => {
  test('takes the music out of the plan, leaves the words, and withholds what is music alone', async () => {
    await open({ mourning: [{ from: '2026-11-24', until: '2026-11-24', name: 'Quốc tang' }] });
    addProgramme(site, 'song');
    site.store.sqlite.prepare("UPDATE programme SET music = 1 WHERE id = 'song'").run();
    site.store.sqlite
      .prepare("INSERT INTO playlist (id, title, created_at, updated_at) VALUES ('mixed', 'Sáng', 0, 0)")
      .run();
    const item = site.store.sqlite.prepare(
      'INSERT INTO playlist_item (playlist_id, position, programme_id) VALUES (?, ?, ?)',
    );
    for (const [position, programme] of ['song', 'news'].entries()) item.run('mixed', position, programme);
    site.schedules.create(bodyOf('song', { timetable: daily('08:00') }), false, 'me');
    site.schedules.create(bodyOf('mixed', { content: { kind: 'playlist', id: 'mixed' } }), false, 'me');
    await site.planner.flush();
    const plan = planOf(site, 'd1');
    const tuesday = (at: number) => Math.floor((at - MONDAY_5AM + 5 * HOUR) / DAY) === 1;
    const words = plan.occurrences.filter(({ startAt }) => tuesday(startAt));
    expect(words.map(({ parts }) => parts.map(({ title, offsetMs }) => [title, offsetMs]))).toEqual([
      [['Bản tin news', 10 * MINUTE]],
    ]);
    expect(plan.withheld).toMatchObject([{ reason: 'mourning-day', startAt: MONDAY_5AM + 27 * HOUR }]);
    const other = plan.occurrences.filter(({ startAt }) => !tuesday(startAt));
    expect(other.flatMap(({ parts }) => parts).filter(({ music }) => music === true).length).toBe(
      other.length,
    );
    // A song that could be heard on no other day is not worth saving.
    const once = { ...daily('08:00'), startDate: '2026-11-24', endDate: '2026-11-24' };
    expect(
      failureOf(() => site.schedules.create(bodyOf('song', { timetable: once }), true, 'me')),
    ).toMatchObject({
      code: 'mourning-day',
    });
  });
});

test('hours follow the wall clock of the site through the change of seasons', () => {
  const zone = zoneOf('Europe/Berlin');
  const policy = GuardsPolicy.parse({ allowed: [{ from: '06:00', until: '22:00' }] });
  const guards = new SiteGuards({ store: {} as never, zone: 'Europe/Berlin', policy: () => policy });
  const at = (text: string) => zone.toUtc(Date.parse(`${text}Z`));
  // Summer time ends on 25 October 2026 at 03:00.
  for (const day of ['2026-10-24', '2026-10-25', '2026-10-26']) {
    const on = (time: string) => mayBegin(guards.site.guardsAt(at(`${day}T${time}`)), at(`${day}T${time}`));
    expect([on('05:59'), on('06:00'), on('21:59'), on('22:00')]).toEqual([false, true, true, false]);
  }
});

test.each([
  [[{ from: '00:00', until: '24:00' }], undefined],
  [[], []],
  [[{ from: '22:00', until: '02:00' }], [{ from: 900, until: 1_140 }]],
  [[{ from: '05:00', until: '07:00' }], [{ from: 1_320, until: 1_440 }]],
  [[{ from: '05:00', until: '11:30' }], [{ from: 1_320, until: 270 }]],
])('the hours %j are held by devices as %j', (allowed, held) => {
  const policy = GuardsPolicy.parse({ allowed });
  const zone = zoneOf('Asia/Ho_Chi_Minh');
  expect(guardsOf(policy, policy.allowed, 7 * HOUR, zone).allowed).toEqual(held);
});

describe('by hand', () => {
  const all = [{ kind: 'all' as const, id: '' }];
  const request = {
    ...{ content: { kind: 'programme' as const, id: 'p1' }, targets: all, resume: 'resume' as const },
    ...{ volume: null, patienceMs: 1_000, by: 'me' },
  };

  test('nothing goes on the air at a quiet hour or on a day of mourning, not even what one hand calls an emergency', async () => {
    let policy = GuardsPolicy.parse({ allowed: [] });
    const by = await openBroadcastSite({
      devices: 2,
      guards: (store) => new SiteGuards({ store, zone: 'Asia/Ho_Chi_Minh', policy: () => policy }),
    });
    try {
      for (const priority of ['priority', 'emergency'] as const) {
        await expect(by.broadcasts.play({ ...request, priority })).rejects.toMatchObject({
          ...{ code: 'quiet-hours', status: 422 },
        });
      }
      // Devices never refuse an emergency: one area that is quiet is enough, though the others may hear it.
      policy = GuardsPolicy.parse({
        allowed: [{ from: '00:00', until: '24:00' }],
        areas: [{ areaId: 'tdp-1', allowed: [] }],
      });
      await expect(by.broadcasts.play({ ...request, priority: 'emergency' })).rejects.toMatchObject({
        code: 'quiet-hours',
      });
      policy = GuardsPolicy.parse({ allowed: [{ from: '00:00', until: '24:00' }], longestMinutes: 1 });
      by.store.sqlite.exec('UPDATE asset SET duration_ms = 61000');
      await expect(by.broadcasts.play({ ...request, priority: 'priority' })).rejects.toMatchObject({
        code: 'too-long',
      });
      policy = GuardsPolicy.parse({
        allowed: [{ from: '00:00', until: '24:00' }],
        mourning: [{ from: '2020-01-01', until: '2099-12-31', name: 'thử' }],
      });
      by.store.sqlite.exec('UPDATE programme SET music = 1');
      await expect(by.broadcasts.play({ ...request, priority: 'priority' })).rejects.toMatchObject({
        code: 'mourning-day',
      });
      expect(by.store.sqlite.prepare('SELECT count(*) FROM broadcast').pluck().get()).toBe(0);
      by.store.sqlite.exec('UPDATE programme SET music = 0');
      await expect(by.broadcasts.play({ ...request, priority: 'priority' })).resolves.toMatchObject({
        title: 'Thông báo khẩn',
      });
    } finally {
      await by.stop();
      await by.discard();
    }
  });
});
