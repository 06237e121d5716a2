import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Dispatcher } from '#controller/dispatch/dispatcher';
import { Overview } from '#controller/http/contract/overview';
import { overviewOf } from '#controller/overview/handlers';
import { PlaybackLog } from '#controller/playback/playback-log';
import {
  addArea,
  addDevice,
  addProgramme,
  bodyOf,
  DAY,
  HOUR,
  MINUTE,
  openSite,
  planOf,
  recordsOf,
  type Site,
} from '../support/timetable-site.ts';

const log = pino({ level: 'silent' });
let site: Site;
let dispatcher: Dispatcher;
let view: () => Overview;

beforeEach(async () => {
  site = await openSite();
  dispatcher = new Dispatcher({ ...site, log });
  const overview = overviewOf({ ...site, config: { LOA_TIMEZONE: 'Asia/Ho_Chi_Minh' } });
  view = () => Overview.parse(overview());
  await site.planner.start();
  addArea(site, 'tdp-1');
  addProgramme(site, 'p1');
  addDevice(site, 'a', { area: 'tdp-1' });
  addDevice(site, 'b', { area: 'tdp-1' });
  site.schedules.create(bodyOf('p1', { title: 'Thời sự' }), false, 'me');
  await site.planner.flush();
  await dispatcher.tick();
});
afterEach(async () => {
  await site.planner.stop();
  await site.store.close();
});

function heartbeat(device: string, playing: string | null): void {
  const body = {
    at: site.clock.at,
    playing: playing === null ? null : { occurrence: playing, title: 'Thời sự', levelDbfs: -20 },
    faults: [],
  };
  site.store.sqlite
    .prepare('UPDATE device SET last_heartbeat = ?, last_heard_at = ? WHERE id = ?')
    .run(JSON.stringify(body), site.clock.at, device);
}

test('before the first programme all is calm, and what comes next is told', () => {
  const { onAir, next, problems, devices, today } = view();
  expect(onAir).toEqual([]);
  expect(problems).toEqual([]);
  expect(devices).toMatchObject({ online: 2, offline: 0 });
  expect(next).toMatchObject([{ title: 'Thời sự', startAt: site.clock.at + HOUR, devices: 2 }]);
  expect(Object.values(today).every((count) => count === 0)).toBe(true);
});

test('on the air: how many of those that should play say that they do', async () => {
  site.clock.at += HOUR;
  await dispatcher.tick();
  const [occurrence] = planOf(site, 'a').occurrences;
  heartbeat('a', occurrence!.id);
  heartbeat('b', null);
  expect(view().onAir).toMatchObject([
    {
      title: 'Thời sự',
      startAt: occurrence!.startAt,
      devices: { due: 2, playing: 1 },
      levelDbfs: -20,
      areas: ['Area tdp-1'],
    },
  ]);
  site.clock.at = occurrence!.endAt;
  expect(view().onAir).toEqual([]);
});

test('what is wrong is sorted by what it costs, and the day is counted by the clock of the site', async () => {
  const playback = new PlaybackLog({ ...site, log, tell: () => undefined });
  const [occurrence] = planOf(site, 'a').occurrences;
  site.clock.at += HOUR + 20 * MINUTE;
  await playback.receive('a', { v: 1, boot: 1, oldest: 3, records: recordsOf(occurrence!, 3) });
  const { sqlite } = site.store;
  sqlite.prepare("UPDATE device SET outbox_empty_at = ? WHERE id = 'b'").run(site.clock.at);
  sqlite.exec("UPDATE device SET status = 'offline' WHERE id = 'b'");
  sqlite.exec(
    "UPDATE asset SET state = 'refused', refusal = 'silent', updated_at = 9e15 WHERE id = 'asset-p1'",
  );
  await dispatcher.tick();
  const { problems, today } = view();
  expect(problems.map(({ code, deviceId }) => [code, deviceId])).toEqual([
    ['plays-missed', null],
    ['device-offline', 'b'],
    ['plan-not-held', 'a'],
    ['records-lost', 'a'],
    ['asset-refused', null],
  ]);
  expect(problems[0]).toMatchObject({ params: { title: 'Thời sự', plays: 1 }, severity: 'serious' });
  expect(problems[3]).toMatchObject({ params: { records: 2 } });
  expect(today).toMatchObject({ played: 1, missed: 1 });
  // Midnight in Hà Nội, not in London.
  site.clock.at = Date.UTC(2026, 10, 23, 16, 59);
  expect(view().today).toMatchObject({ played: 1, missed: 1 });
  site.clock.at += 2 * MINUTE;
  expect(view().today).toMatchObject({ played: 0, missed: 0 });
  expect(site.clock.at).toBeLessThan(occurrence!.startAt + DAY);
});
