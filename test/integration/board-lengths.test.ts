import { afterEach, expect, test } from 'vitest';
import { viewOccurrences } from '#controller/timetable/occurrence-view';
import {
  addDevice,
  addProgramme,
  bodyOf,
  HOUR,
  MINUTE,
  openSite,
  type Site,
} from '../support/timetable-site.ts';

let site: Site;
afterEach(() => site.store.close());

test('a bulletin that is heard for ten minutes and stands on boards until evening says both, foretold and as it went', async () => {
  site = await openSite();
  const speaker = addDevice(site, 'loa');
  const board = addDevice(site, 'bang', { kind: 'board' });
  const programme = addProgramme(site, 'p', { durationMs: 10 * MINUTE, notice: true });
  const { id } = site.schedules.create(bodyOf(programme, { boardMinutes: 12 * 60 }), false, 'me');
  const from = site.clock.at;
  const look = (device?: string) =>
    viewOccurrences(
      site.store,
      { from: from - HOUR, to: from + 20 * HOUR, ...(device === undefined ? {} : { device }) },
      site.clock.at,
      site.guards,
    ).find(({ scheduleId }) => scheduleId === id);
  const start = look()?.startAt ?? 0;
  const both = { endAt: start + 12 * HOUR, heardUntil: start + 10 * MINUTE };
  expect(look()).toMatchObject(both);

  const play = site.store.sqlite.prepare(
    `INSERT INTO play (occurrence, device_id, schedule_id, plan_sha256, title, priority, start_at, end_at, verdict, due_ms,
        not_after, parts) VALUES (?, ?, ?, 'x', 'Bản tin', 'scheduled', ?, ?, 'played', 1, 0, '[]')`,
  );
  play.run(`${id}@${start}`, speaker, id, start, both.heardUntil);
  play.run(`${id}@${start}`, board, id, start, both.endAt);
  site.clock.at = start + HOUR;
  expect(look()).toMatchObject({ ...both, devices: 2, verdicts: { played: 2 } });
  expect(look(speaker), 'on the loudspeaker alone it is over').toMatchObject({
    endAt: both.heardUntil,
    heardUntil: null,
  });
  expect(look(board)).toMatchObject({ endAt: both.endAt, heardUntil: null });
});

test('what all devices have for equally long has one length', async () => {
  site = await openSite();
  addDevice(site, 'loa');
  const programme = addProgramme(site, 'p', { durationMs: 10 * MINUTE });
  site.schedules.create(bodyOf(programme), false, 'me');
  const [view] = viewOccurrences(
    site.store,
    { from: site.clock.at, to: site.clock.at + 20 * HOUR },
    site.clock.at,
    site.guards,
  );
  expect(view).toMatchObject({ heardUntil: null });
});
