import { ulid } from 'ulid';
import { beforeEach, expect, test } from 'vitest';
import type { ScheduleBody } from '#controller/http/contract/schedules';
import { relaysToCome } from '#controller/relay/to-come';
import { viewOccurrences } from '#controller/timetable/occurrence-view';
import { noGuards } from '../support/any-hour.ts';
import {
  addDevice,
  addProgramme,
  bodyOf,
  DAY,
  daily,
  MINUTE,
  openSite,
  planOf,
  type Site,
} from '../support/timetable-site.ts';

let site: Site;
let source: string;
beforeEach(async () => {
  site = await openSite();
  source = ulid();
  site.store.sqlite
    .prepare(
      `INSERT INTO relay_source (id, title, url, silence_ms, created_at, updated_at)
        VALUES (?, 'Đài tỉnh', 'http://radio.test/', 15000, 0, 0)`,
    )
    .run(source);
  addDevice(site, 'loa-1');
});

const relay = (change: Partial<ScheduleBody> = {}): ScheduleBody =>
  bodyOf('', { content: { kind: 'relay', id: source, minutes: 30 }, resume: 'join', ...change });

test('a relay in a schedule is foretold like everything else, and is in no device’s plan', async () => {
  const made = site.schedules.create(relay(), false, 'op');
  addProgramme(site, 'p1');
  site.schedules.create(bodyOf('p1', { timetable: daily('07:00') }), false, 'op');
  expect(made).toMatchObject({
    content: { kind: 'relay', id: source, title: 'Đài tỉnh', minutes: 30, durationMs: 30 * MINUTE },
    durationMs: 30 * MINUTE,
    devices: 1,
  });
  await site.planner.topUp();
  const planned = planOf(site, 'loa-1').occurrences.map(({ schedule }) => schedule);
  expect(planned.length).toBeGreaterThan(0);
  expect(planned).not.toContain(made.id);
  const now = site.clock.at;
  const week = viewOccurrences(site.store, { from: now, to: now + 7 * DAY }, now, noGuards(site.store));
  const relays = week.filter(({ scheduleId }) => scheduleId === made.id);
  expect(relays).toHaveLength(7);
  expect(relays[0]).toMatchObject({
    title: made.title,
    devices: 1,
    endAt: (relays[0]?.startAt ?? 0) + 30 * MINUTE,
  });
  expect(relaysToCome(site.store, 'loa-1', now, now + 2 * DAY).map(({ startAt }) => startAt)).toEqual(
    relays.slice(0, 2).map(({ startAt }) => startAt),
  );
});

test('a relay that would still run when a programme starts is told before it is saved', () => {
  addProgramme(site, 'p1');
  site.schedules.create(bodyOf('p1', { timetable: daily('06:20') }), false, 'op');
  const { overlaps, durationMs } = site.schedules.preview(relay(), undefined);
  expect(durationMs).toBe(30 * MINUTE);
  expect(overlaps).toMatchObject([{ overlapMs: 10 * MINUTE, deviceCount: 1, outcome: 'first-keeps' }]);
  expect(() => site.schedules.create(relay(), false, 'op')).toThrow(
    expect.objectContaining({ code: 'overlaps' }),
  );
});

test('what cannot be relayed is refused at saving', () => {
  const content = { kind: 'relay', id: ulid(), minutes: 30 } as const;
  expect(() => site.schedules.create(relay({ content }), false, 'op')).toThrow(
    expect.objectContaining({ code: 'unknown-content' }),
  );
  const timetable = { ...daily('06:00'), repeat: { count: 2, gapMs: 0 } };
  expect(() => site.schedules.create(relay({ timetable }), false, 'op')).toThrow(
    expect.objectContaining({ code: 'relay-repeats' }),
  );
});

test('a schedule can turn from a programme into a relay and back, and keeps its minutes when it is renamed', () => {
  addProgramme(site, 'p1');
  const { id } = site.schedules.create(bodyOf('p1'), false, 'op');
  const change = (more: Partial<ScheduleBody>) => site.schedules.change(id, more, false).content;
  expect(change({ content: { kind: 'relay', id: source, minutes: 45 } })).toMatchObject({
    kind: 'relay',
    minutes: 45,
  });
  expect(change({ title: 'Thời sự' })).toMatchObject({ kind: 'relay', minutes: 45 });
  expect(change({ content: { kind: 'programme', id: 'p1' } })).toMatchObject({ kind: 'programme', id: 'p1' });
});
