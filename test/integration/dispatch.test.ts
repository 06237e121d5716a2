import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Dispatcher } from '#controller/dispatch/dispatcher';
import { PlaybackLog } from '#controller/playback/playback-log';
import {
  addDevice,
  addProgramme,
  bodyOf,
  DAY,
  daily,
  HOUR,
  MINUTE,
  openSite,
  planOf,
  recordsOf,
  type Site,
} from '../support/timetable-site.ts';

let site: Site;
let dispatcher: Dispatcher;
let playback: PlaybackLog;
const log = pino({ level: 'silent' });

const newDispatcher = () => new Dispatcher({ ...site, log });

/** Every line of the log as `device occurrence-time verdict reason`, by time. */
const lines = () =>
  site.store.sqlite
    .prepare<[], { device_id: string; start_at: number; verdict: string; reason: string | null }>(
      'SELECT device_id, start_at, verdict, reason FROM play ORDER BY start_at, device_id',
    )
    .all()
    .map(({ device_id, start_at, verdict, reason }) =>
      [device_id, new Date(start_at + 7 * HOUR).toISOString().slice(8, 16), verdict, reason ?? '']
        .join(' ')
        .trim(),
    );

/** What its heartbeats would have entered: the device holds its plan and has nothing left to tell. */
function holdsAndDrained(device: string): void {
  const { sha256 } = planOf(site, device);
  site.store.sqlite
    .prepare('UPDATE device SET held_plan_sha256 = ?, outbox_empty_at = ?, last_heard_at = ? WHERE id = ?')
    .run(sha256, site.clock.at, site.clock.at, device);
}

async function runUntil(at: number): Promise<void> {
  while (site.clock.at < at) {
    site.clock.at = Math.min(at, site.clock.at + MINUTE);
    await dispatcher.tick();
  }
}

beforeEach(async () => {
  site = await openSite();
  dispatcher = newDispatcher();
  playback = new PlaybackLog({ ...site, log, tell: () => undefined });
  await site.planner.start();
  addProgramme(site, 'p1');
  addProgramme(site, 'p2');
  addDevice(site, 'a');
  addDevice(site, 'b');
  await dispatcher.tick();
});
afterEach(async () => {
  await dispatcher.stop();
  await site.planner.stop();
  await site.store.close();
});

test('an occurrence stands in the log before it starts, once for each device, however often the clock ticks', async () => {
  site.schedules.create(bodyOf('p1', { timetable: daily('06:00', '06:30') }), false, 'me');
  await site.planner.flush();
  await runUntil(site.clock.at + HOUR - MINUTE);
  for (let times = 0; times < 3; times += 1) await dispatcher.tick();
  expect(lines()).toEqual(['a 23T06:00 pending', 'b 23T06:00 pending']);
});

test('after a stand-still the whole of it is caught up with, from the plans that were in force', async () => {
  const one = site.schedules.create(bodyOf('p1'), false, 'me');
  await site.planner.flush();
  await dispatcher.tick();
  site.clock.at += 2 * DAY;
  // Changed before the program ran again: what was played in between went by the old plan.
  site.schedules.change(one.id, { timetable: daily('09:00') }, false);
  await site.planner.flush();
  dispatcher = newDispatcher();
  await dispatcher.start();
  expect(lines()).toEqual([
    'a 23T06:00 unknown no-word-since',
    'b 23T06:00 unknown no-word-since',
    'a 24T06:00 unknown no-word-since',
    'b 24T06:00 unknown no-word-since',
  ]);
});

test('a device that was killed in the middle of a plan still has its evidence counted after our restart', async () => {
  site.schedules.create(bodyOf('p1'), false, 'me');
  await site.planner.flush();
  await dispatcher.tick();
  const [occurrence] = planOf(site, 'a').occurrences;
  if (occurrence === undefined) throw new Error('nothing is planned');
  site.clock.at += 5 * HOUR;
  // The record comes before the log was caught up with.
  await playback.receive('a', { v: 1, boot: 1, oldest: 1, records: recordsOf(occurrence) });
  expect(lines()).toEqual(['a 23T06:00 played']);
  dispatcher = newDispatcher();
  await dispatcher.start();
  expect(lines()).toEqual(['a 23T06:00 played', 'b 23T06:00 unknown no-word-since']);
});

describe('when a schedule changes before it starts', () => {
  test('its play is withdrawn from the log, and the moved one entered', async () => {
    const one = site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    await runUntil(site.clock.at + HOUR - MINUTE / 2);
    expect(lines()).toEqual(['a 23T06:00 pending', 'b 23T06:00 pending']);
    site.schedules.change(one.id, { timetable: daily('06:01') }, false);
    await site.planner.flush();
    await dispatcher.tick();
    expect(lines()).toEqual(['a 23T06:01 pending', 'b 23T06:01 pending']);
  });

  test('a device that was offline and played by its old plan is shown to have played', async () => {
    const one = site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    const [occurrence] = planOf(site, 'a').occurrences;
    if (occurrence === undefined) throw new Error('nothing is planned');
    await runUntil(site.clock.at + HOUR - MINUTE);
    site.schedules.remove(one.id);
    await site.planner.flush();
    await runUntil(site.clock.at + HOUR);
    expect(lines()).toEqual([]);
    await playback.receive('a', { v: 1, boot: 1, oldest: 1, records: recordsOf(occurrence) });
    expect(lines()).toEqual(['a 23T06:00 played']);
  });

  test('what is under way stays in the log', async () => {
    const one = site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    await runUntil(site.clock.at + HOUR + MINUTE);
    site.schedules.remove(one.id);
    await site.planner.flush();
    await dispatcher.tick();
    expect(lines()).toEqual(['a 23T06:00 pending', 'b 23T06:00 pending']);
  });

  test('a schedule made a minute after its start is entered where devices may still join in', async () => {
    await runUntil(site.clock.at + HOUR + MINUTE);
    site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    await dispatcher.tick();
    expect(lines()).toEqual(['a 23T06:00 pending', 'b 23T06:00 pending']);
  });
});

describe('what is over', () => {
  test('is missed where the device has nothing to tell of it, unknown where it was not heard, and settled when it is', async () => {
    site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    await runUntil(site.clock.at + HOUR + 5 * MINUTE);
    expect(lines()).toEqual(['a 23T06:00 pending', 'b 23T06:00 pending']);
    await runUntil(site.clock.at + 5 * MINUTE);
    site.clock.at += MINUTE;
    holdsAndDrained('a');
    await dispatcher.tick();
    expect(lines()).toEqual(['a 23T06:00 missed no-record', 'b 23T06:00 unknown no-word-since']);

    await runUntil(site.clock.at + HOUR);
    const [occurrence] = planOf(site, 'b').occurrences;
    if (occurrence === undefined) throw new Error('nothing is planned');
    await playback.receive('b', {
      v: 1,
      boot: 4,
      oldest: 1,
      records: recordsOf(occurrence, 1, { playedMs: 200_000 }),
    });
    expect(lines()[1]).toMatch(/^b 23T06:00 partial/);
  });

  test('an unknown play is missed when its device comes back with an empty outbox', async () => {
    site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    await runUntil(site.clock.at + 2 * HOUR);
    expect(lines()).toContain('b 23T06:00 unknown no-word-since');
    holdsAndDrained('b');
    await runUntil(site.clock.at + MINUTE);
    expect(lines()).toContain('b 23T06:00 missed no-record');
  });

  test('a device that never got the plan is not said to have disobeyed', async () => {
    site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    await runUntil(site.clock.at + HOUR + 12 * MINUTE);
    site.store.sqlite
      .prepare("UPDATE device SET outbox_empty_at = ?, last_heard_at = ? WHERE id = 'a'")
      .run(site.clock.at, site.clock.at);
    await runUntil(site.clock.at + MINUTE);
    expect(lines()).toContain('a 23T06:00 missed no-plan');
  });
});

describe('a device that told nothing of a play', () => {
  const tell = (sql: string, ...values: unknown[]) => site.store.sqlite.prepare(sql).run(...values);
  /** The bulletin of six o'clock, planned an hour before it. */
  async function planned(): Promise<{ due: number; issued: number }> {
    const issued = site.clock.at;
    site.schedules.create(bodyOf('p1'), false, 'me');
    await site.planner.flush();
    return { due: issued + HOUR, issued };
  }
  const gone = (at: number) =>
    tell("INSERT INTO device_status_change (device_id, at, status) VALUES ('a', ?, 'offline')", at);
  const drained = () => tell("UPDATE device SET outbox_empty_at = ? WHERE id = 'a'", site.clock.at);
  const beat = (at: number, body: object) =>
    tell(
      "INSERT INTO heartbeat (device_id, received_at, body) VALUES ('a', ?, ?)",
      at,
      JSON.stringify({ faults: [], ...body }),
    );
  const line = async () => {
    await runUntil(site.clock.at + MINUTE);
    return lines().find((each) => each.startsWith('a 23T06:00'));
  };

  test('because it was offline since before that was planned, missed it: nobody waits for its word', async () => {
    gone(site.clock.at - MINUTE);
    await planned();
    await runUntil(site.clock.at + HOUR + 12 * MINUTE);
    expect(await line()).toBe('a 23T06:00 missed offline-since');
  });

  test('though it went offline later, may have played it, and is waited for', async () => {
    const { issued } = await planned();
    gone(issued + MINUTE);
    await runUntil(site.clock.at + HOUR + 12 * MINUTE);
    expect(await line()).toBe('a 23T06:00 unknown no-word-since');
  });

  test('and still goes by an older plan that has it, may have played it, offline or not', async () => {
    await planned();
    holdsAndDrained('a');
    gone(site.clock.at + 1);
    site.clock.at += MINUTE;
    site.schedules.create(bodyOf('p2', { timetable: daily('07:00') }), false, 'me');
    await site.planner.flush();
    await runUntil(site.clock.at + HOUR + 12 * MINUTE);
    expect(await line()).toBe('a 23T06:00 unknown no-word-since');
  });

  test('because it refused the plan, or had not fetched it, is said to', async () => {
    const { due } = await planned();
    beat(due - MINUTE, { fetching: { blobs: 2, bytes: 100 } });
    await runUntil(site.clock.at + HOUR + 12 * MINUTE);
    drained();
    expect(await line()).toBe('a 23T06:00 missed blob-missing');
    tell("UPDATE play SET verdict = 'unknown' WHERE device_id = 'a'");
    tell(
      `INSERT INTO refusal (device_id, source, reason, topic, count, first_at, last_at)
        VALUES ('a', 'device', 'bad-signature', 'loa/v1/down/a/desired (plan)', 1, ?, ?)`,
      due - MINUTE,
      due - MINUTE,
    );
    drained();
    expect(await line()).toBe('a 23T06:00 missed refused');
  });

  test('because of a fault that it told, or because it lost the record, is said to', async () => {
    const { due } = await planned();
    holdsAndDrained('a');
    beat(due + 1_000, { faults: ['disk-full'] });
    await runUntil(site.clock.at + HOUR + 12 * MINUTE);
    drained();
    expect(await line()).toBe('a 23T06:00 missed device-fault');
    tell("UPDATE play SET verdict = 'unknown' WHERE device_id = 'a'");
    tell(
      "INSERT INTO as_run_gap (device_id, boot, first_seq, last_seq, noticed_at) VALUES ('a', 1, 1, 2, ?)",
      due + HOUR,
    );
    drained();
    expect(await line()).toBe('a 23T06:00 missed record-lost');
  });
});

test('plans that nobody was to hold for a week go, and what was played stays', async () => {
  const one = site.schedules.create(bodyOf('p1'), false, 'me');
  await site.planner.flush();
  await runUntil(site.clock.at + HOUR);
  const old = planOf(site, 'a').sha256;
  site.schedules.change(one.id, { gainDb: -6 }, false);
  await site.planner.flush();
  const current = planOf(site, 'a').sha256;
  site.clock.at += 5 * DAY;
  await dispatcher.tick();
  await dispatcher.tend();
  expect(site.shelf.read(old)).not.toBeNull();
  site.clock.at += 3 * DAY;
  await dispatcher.tick();
  await dispatcher.tend();
  expect(site.shelf.read(old)).toBeNull();
  expect(planOf(site, 'a').sha256).not.toBe(current);
  expect(lines().filter((line) => line.startsWith('a '))).toHaveLength(9);
});
