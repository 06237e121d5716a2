import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '#controller/failure';
import { scheduleRoutes } from '#controller/http/contract/schedules';
import { viewOccurrences } from '#controller/timetable/occurrence-view';
import {
  addArea,
  addDevice,
  addGroup,
  addProgramme,
  bodyOf,
  DAY,
  daily,
  HOUR,
  MINUTE,
  openSite,
  type Site,
} from '../support/timetable-site.ts';

let site: Site;
beforeEach(async () => {
  site = await openSite();
  addArea(site, 'ward');
  addArea(site, 'tdp-1', 'ward');
  addArea(site, 'tdp-1a', 'tdp-1');
  addDevice(site, 'a', { area: 'tdp-1a', name: 'Cụm 1' });
  addDevice(site, 'b', { area: 'ward', name: 'Cụm 2' });
  addDevice(site, 'c', { name: 'Cụm 3' });
  addGroup(site, 'g', ['b', 'c']);
  addProgramme(site, 'news', { durationMs: 34 * MINUTE });
  addProgramme(site, 'notice', { durationMs: 5 * MINUTE });
});
afterEach(() => site.store.close());

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return 'no failure';
};

describe('a schedule', () => {
  test('reaches the devices of its areas with all below them, its groups and itself, each once', () => {
    const reached = (...targets: { kind: 'device' | 'group' | 'area' | 'all'; id: string }[]) =>
      site.schedules.preview(bodyOf('notice', { targets }), undefined).devices;
    expect(reached({ kind: 'area', id: 'ward' })).toBe(2);
    expect(reached({ kind: 'area', id: 'tdp-1' })).toBe(1);
    expect(
      reached({ kind: 'group', id: 'g' }, { kind: 'area', id: 'ward' }, { kind: 'device', id: 'b' }),
    ).toBe(3);
    expect(reached({ kind: 'all', id: '' })).toBe(3);
    site.store.sqlite.exec("UPDATE device SET removed_at = 1 WHERE id = 'b'");
    expect(reached({ kind: 'all', id: '' })).toBe(2);
  });

  test('is shown with its next times, its length and the names of what it plays on', () => {
    const body = bodyOf('notice', {
      targets: [
        { kind: 'area', id: 'ward' },
        { kind: 'device', id: 'c' },
      ],
    });
    body.timetable.repeat = { count: 3, gapMs: MINUTE };
    const made = site.schedules.create(body, false, 'me');
    expect(made).toMatchObject({
      content: { kind: 'programme', id: 'notice', title: 'Bản tin notice', durationMs: 5 * MINUTE },
      durationMs: 17 * MINUTE,
      devices: 3,
      targets: [
        { kind: 'area', id: 'ward', name: 'Area ward' },
        { kind: 'device', id: 'c', name: 'Cụm 3' },
      ],
    });
    expect(made.next[0]).toBe(site.clock.at + HOUR);
    expect(made.timetable.zone).toBe('Asia/Ho_Chi_Minh');
  });

  test('that cannot be is refused with the reason', () => {
    const preview = (change: Parameters<typeof bodyOf>[1]) => () =>
      site.schedules.preview(bodyOf('notice', change), undefined);
    expect(codeOf(preview({ targets: [{ kind: 'group', id: 'nobody' }] }))).toBe('unknown-target');
    expect(codeOf(preview({ content: { kind: 'playlist', id: 'nothing' } }))).toBe('unknown-content');
    const dates = { startDate: '2026-12-02', endDate: '2026-12-01' };
    expect(codeOf(preview({ timetable: { ...daily('06:00'), ...dates } }))).toBe('end-before-start');
    const past = { kind: 'once' as const, date: '2026-11-22', times: ['06:00'] };
    expect(codeOf(preview({ timetable: { ...daily('06:00'), rule: past } }))).toBe('never-occurs');
    const seconds = { kind: 'cron' as const, expression: '* * * * * *' };
    expect(codeOf(preview({ timetable: { ...daily('06:00'), rule: seconds } }))).toBe('too-often');
  });

  test('with a cron expression that cannot be read is refused by the field', () => {
    const rule = { kind: 'cron', expression: '0 25 * * *' };
    const body = { ...bodyOf('notice'), timetable: { ...daily('06:00'), rule } };
    const result = scheduleRoutes['POST /schedules'].body.safeParse(body);
    expect(result.success).toBe(false);
    expect(result.error?.issues[0]?.message).toMatch(/"25" is not a hour|hour/);
  });

  test('keeps everything that a change does not mention', () => {
    const made = site.schedules.create(
      bodyOf('notice', { priority: 'priority', gainDb: -7, maxLatenessMs: 1_000, resume: 'skip' }),
      false,
      'me',
    );
    const change = scheduleRoutes['PATCH /schedules/{id}'].body.parse({ title: 'Tên mới' });
    const { acceptOverlaps, ...fields } = change;
    site.clock.at += 1;
    const changed = site.schedules.change(made.id, fields, acceptOverlaps);
    expect(changed).toEqual({ ...made, title: 'Tên mới', updatedAt: made.updatedAt + 1 });
  });

  test('that is over, or names a device that was retired since, can still be renamed', () => {
    const rule = { kind: 'once' as const, date: '2026-11-23', times: ['06:00'] };
    const targets = [{ kind: 'device' as const, id: 'c' }];
    const made = site.schedules.create(
      bodyOf('notice', { timetable: { ...daily('06:00'), rule }, targets }),
      false,
      'me',
    );
    site.clock.at += DAY;
    site.store.sqlite.exec("UPDATE device SET removed_at = 1 WHERE id = 'c'");
    expect(site.schedules.change(made.id, { title: 'Xong' }, false)).toMatchObject({
      title: 'Xong',
      next: [],
      devices: 0,
    });
  });

  test('is gone when removed, and back when that is undone, unless its content is gone', () => {
    const made = site.schedules.create(bodyOf('notice'), false, 'me');
    site.schedules.remove(made.id);
    expect(codeOf(() => site.schedules.get(made.id))).toBe('not-found');
    expect(site.schedules.list(undefined)).toEqual([]);
    expect(site.schedules.restore(made.id).targets).toEqual(made.targets);
    site.schedules.remove(made.id);
    site.store.sqlite.exec("UPDATE programme SET removed_at = 1 WHERE id = 'notice'");
    expect(codeOf(() => site.schedules.restore(made.id))).toBe('unknown-content');
  });

  test('is found by words without marks, the next to come first', () => {
    site.schedules.create(bodyOf('notice', { title: 'Thể dục', timetable: daily('17:00') }), false, 'me');
    site.schedules.create(bodyOf('notice', { title: 'Đọc báo', timetable: daily('05:30') }), false, 'me');
    expect(site.schedules.list(undefined).map(({ title }) => title)).toEqual(['Đọc báo', 'Thể dục']);
    expect(site.schedules.list('the duc').map(({ title }) => title)).toEqual(['Thể dục']);
    expect(site.schedules.list('doc').map(({ title }) => title)).toEqual(['Đọc báo']);
  });
});

describe('an overlap', () => {
  beforeEach(() => {
    site.schedules.create(bodyOf('news', { title: 'Thời sự', timetable: daily('05:30') }), false, 'me');
  });
  const notice = () =>
    bodyOf('notice', {
      title: 'Thông báo',
      targets: [{ kind: 'group', id: 'g' }],
      timetable: daily('06:00'),
    });

  test('is explained before saving: what, when, for how long, where, and what the devices will do', () => {
    const { overlaps } = site.schedules.preview(notice(), undefined);
    const at = site.clock.at + HOUR;
    expect(overlaps).toMatchObject([
      {
        first: { title: 'Thời sự', startAt: at - 30 * MINUTE, endAt: at + 4 * MINUTE },
        second: { scheduleId: null, title: 'Thông báo', startAt: at },
        overlapMs: 4 * MINUTE,
        deviceCount: 2,
        devices: [
          { id: 'b', name: 'Cụm 2' },
          { id: 'c', name: 'Cụm 3' },
        ],
        outcome: 'second-waits',
      },
    ]);
    expect(overlaps[0]?.times).toBeGreaterThan(30);
    const urgent = site.schedules.preview({ ...notice(), priority: 'priority' }, undefined);
    expect(urgent.overlaps).toMatchObject([{ outcome: 'second-interrupts' }]);
    const punctual = site.schedules.preview({ ...notice(), maxLatenessMs: MINUTE }, undefined);
    expect(punctual.overlaps).toMatchObject([{ outcome: 'first-keeps' }]);
  });

  test('stops the saving, unless it is accepted', () => {
    expect(codeOf(() => site.schedules.create(notice(), false, 'me'))).toBe('overlaps');
    expect(site.schedules.list(undefined)).toHaveLength(1);
    const made = site.schedules.create(notice(), true, 'me');
    expect(codeOf(() => site.schedules.change(made.id, { title: 'x' }, false))).toBe('overlaps');
    expect(site.schedules.change(made.id, { timetable: daily('06:04') }, false).title).toBe('Thông báo');
  });

  test('is none on other devices, at other times, when disabled, or with its own older version', () => {
    const none = (change: Parameters<typeof bodyOf>[1]) =>
      expect(site.schedules.preview({ ...notice(), ...change }, undefined).overlaps).toEqual([]);
    none({ timetable: daily('06:04') });
    none({ enabled: false });
    const [news] = site.schedules.list(undefined);
    const again = bodyOf('news', { timetable: daily('05:31') });
    expect(site.schedules.preview(again, news?.id).overlaps).toEqual([]);
    addDevice(site, 'd');
    site.schedules.change(news!.id, { targets: [{ kind: 'device', id: 'd' }] }, false);
    none({});
  });

  test('is not cried over a board where the other has nothing to show on boards', () => {
    addDevice(site, 'board', { kind: 'board' });
    addProgramme(site, 'both', { durationMs: 5 * MINUTE, notice: true });
    const both = (device: string) =>
      bodyOf('both', { timetable: daily('06:00'), targets: [{ kind: 'device', id: device }] });
    expect(site.schedules.preview(both('board'), undefined)).toMatchObject({ devices: 1, overlaps: [] });
    expect(site.schedules.preview(both('a'), undefined).overlaps).toHaveLength(1);
  });

  test('is told with every schedule that collides, also where many are aimed alike', () => {
    const aimed = [
      ['Một', { kind: 'group', id: 'g' }],
      ['Hai', { kind: 'group', id: 'g' }],
      ['Ba', { kind: 'area', id: 'tdp-1' }],
    ] as const;
    for (const [title, target] of aimed) {
      const body = bodyOf('notice', { title, targets: [target], timetable: daily('07:00') });
      site.schedules.create(body, true, 'me');
    }
    const found = (targets: ReturnType<typeof bodyOf>['targets']) =>
      site.schedules
        .preview(bodyOf('notice', { targets, timetable: daily('07:02') }), undefined)
        .overlaps.map(({ first, deviceCount }) => [first.title, deviceCount])
        .sort();
    expect(found([{ kind: 'all', id: '' }])).toEqual([
      ['Ba', 1],
      ['Hai', 2],
      ['Một', 2],
    ]);
    expect(found([{ kind: 'device', id: 'a' }])).toEqual([['Ba', 1]]);
    const counts = site.schedules.list(undefined).map(({ title, devices }) => [title, devices]);
    expect(counts.sort()).toEqual([
      ['Ba', 1],
      ['Hai', 2],
      ['Một', 2],
      ['Thời sự', 3],
    ]);
  });

  test('is found however far away the first time is', () => {
    const rule = { kind: 'once' as const, date: '2027-06-01', times: ['05:40'] };
    const { overlaps } = site.schedules.preview(
      { ...notice(), timetable: { ...daily('06:00'), rule } },
      undefined,
    );
    expect(overlaps).toMatchObject([{ times: 1, first: { title: 'Thời sự' } }]);
  });
});

describe('the calendar', () => {
  test('shows what reaches nobody, so that its author sees that nobody will hear it', () => {
    addArea(site, 'empty', 'ward');
    const targets = [{ kind: 'area' as const, id: 'empty' }];
    site.schedules.create(bodyOf('notice', { targets }), false, 'me');
    const window = { from: site.clock.at, to: site.clock.at + DAY };
    expect(viewOccurrences(site.store, window, site.clock.at, site.guards)).toMatchObject([{ devices: 0 }]);
    expect(viewOccurrences(site.store, { ...window, device: 'a' }, site.clock.at, site.guards)).toEqual([]);
  });

  test('shows the past as it went and the future as it is planned, each occurrence once', () => {
    const made = site.schedules.create(bodyOf('notice'), false, 'me');
    const insert = site.store.sqlite.prepare(
      `INSERT INTO play (occurrence, device_id, schedule_id, title, priority, start_at, end_at, not_after, parts, due_ms,
        plan_sha256, verdict) VALUES (?, ?, ?, 'Đã qua', 'scheduled', ?, ?, 0, '[]', 1, '', ?)`,
    );
    const past = site.clock.at - DAY + HOUR;
    const soon = site.clock.at + HOUR;
    for (const [device, verdict] of [
      ['a', 'played'],
      ['b', 'played'],
      ['c', 'missed'],
    ]) {
      insert.run(`${made.id}@${past}`, device, made.id, past, past + 1, verdict);
    }
    insert.run(`${made.id}@${soon}`, 'a', made.id, soon, soon + 1, 'pending');
    const views = viewOccurrences(site.store, { from: past, to: soon + DAY + 1 }, site.clock.at, site.guards);
    expect(views).toMatchObject([
      { startAt: past, title: 'Đã qua', devices: 3, verdicts: { played: 2, missed: 1 } },
      { startAt: soon, verdicts: {} },
      { startAt: soon + DAY, devices: 3, verdicts: {} },
    ]);
    const mine = viewOccurrences(
      site.store,
      { from: past, to: soon + DAY + 1, device: 'c' },
      site.clock.at,
      site.guards,
    );
    expect(mine.map(({ startAt, devices }) => [startAt, devices])).toEqual([
      [past, 1],
      [soon, 1],
      [soon + DAY, 1],
    ]);
  });

  test('refuses a window that is too long', () => {
    const query = { from: site.clock.at, to: site.clock.at + 63 * DAY };
    expect(codeOf(() => viewOccurrences(site.store, query, site.clock.at, site.guards))).toBe(
      'window-too-long',
    );
  });
});
