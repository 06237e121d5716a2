import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Dispatcher } from '#controller/dispatch/dispatcher';
import { exportPlays } from '#controller/playback/csv-export';
import { CSV_WORDS } from '#controller/playback/csv-words';
import { PlayQuery } from '#controller/playback/play-query';
import { PlaybackLog } from '#controller/playback/playback-log';
import { letIn } from '#controller/registry/let-in';
import type { AsRunRecord } from '#devices/as-run';
import type { Tell } from '#devices/messages/tell';
import type { PlanOccurrence } from '#devices/plan';
import { parseCsv } from '../support/parse-csv.ts';
import {
  addArea,
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
  shaOf,
} from '../support/timetable-site.ts';

const log = pino({ level: 'silent' });
let site: Site;
let playback: PlaybackLog;
let told: Tell[];
let occurrences: readonly PlanOccurrence[];

beforeEach(async () => {
  site = await openSite();
  told = [];
  playback = new PlaybackLog({ ...site, log, tell: (_device, tell) => void told.push(tell) });
  await site.planner.start();
  addArea(site, 'ward');
  addArea(site, 'tdp-1', 'ward');
  addProgramme(site, 'p1', { title: 'Thời sự' });
  addDevice(site, 'a', { area: 'tdp-1', name: 'Cụm loa tổ 3' });
  addDevice(site, 'b');
  site.schedules.create(bodyOf('p1', { title: 'Thời sự', timetable: daily('06:00', '17:00') }), false, 'me');
  await site.planner.flush();
  occurrences = planOf(site, 'a').occurrences;
});
afterEach(async () => {
  await site.planner.stop();
  await site.store.close();
});

const rows = () =>
  site.store.sqlite.prepare('SELECT device_id, boot, seq FROM as_run ORDER BY 1, 2, 3').all();
const gaps = () =>
  site.store.sqlite
    .prepare<[], { first_seq: number; last_seq: number }>(
      'SELECT first_seq, last_seq FROM as_run_gap ORDER BY 1',
    )
    .all()
    .map(({ first_seq, last_seq }) => [first_seq, last_seq]);
const verdictOf = (occurrence: string, device = 'a') =>
  site.store.sqlite
    .prepare(
      'SELECT verdict, reason, played_ms, lateness_ms FROM play WHERE occurrence = ? AND device_id = ?',
    )
    .get(occurrence, device);
const batch = (records: AsRunRecord[], oldest = 1, boot = 1) => ({ v: 1 as const, boot, oldest, records });
const numbered = (seq: number): AsRunRecord => recordsOf(occurrences[seq % occurrences.length]!, seq)[0]!;

describe('a batch of records', () => {
  test('is stored once and acknowledged again, when its answer was lost and it comes twice', async () => {
    const records = recordsOf(occurrences[0]!);
    const heard: string[] = [];
    playback.onPlayed(({ device, record }) => heard.push(`${device} ${record.occurrence}`));
    await playback.receive('a', batch(records));
    await playback.receive('a', batch(records));
    expect(rows()).toEqual([{ device_id: 'a', boot: 1, seq: 1 }]);
    expect(told).toEqual([
      { v: 1, type: 'recorded', boot: 1, seq: 1 },
      { v: 1, type: 'recorded', boot: 1, seq: 1 },
    ]);
    expect(heard).toEqual([`a ${occurrences[0]!.id}`]);
    expect(verdictOf(occurrences[0]!.id)).toEqual({
      verdict: 'played',
      reason: null,
      played_ms: 600_000,
      lateness_ms: 12,
    });
  });

  test('that overtook another lets the device forget only what is stored without a hole', async () => {
    await playback.receive('a', batch([numbered(3), numbered(4)]));
    await playback.receive('a', batch([numbered(1)]));
    await playback.receive('a', batch([numbered(2)]));
    expect(told.map((tell) => ('seq' in tell ? tell.seq : null))).toEqual([0, 1, 4]);
    expect(gaps()).toEqual([]);
  });

  test('that begins later than the last one tells what the device lost, once', async () => {
    await playback.receive('a', batch([numbered(1)]));
    await playback.receive('a', batch([numbered(4)], 4));
    await playback.receive('a', batch([numbered(4)], 4));
    expect(gaps()).toEqual([[2, 3]]);
    expect(told.at(-1)).toMatchObject({ seq: 4 });
    // A program that forgot what it has looked at finds nothing new.
    playback = new PlaybackLog({ ...site, log, tell: () => undefined });
    await playback.receive('a', batch([numbered(5)], 5));
    await playback.receive('a', batch([numbered(9)], 9));
    expect(gaps()).toEqual([
      [2, 3],
      [6, 8],
    ]);
  });

  test('that cannot be stored holds up none of those that came with it', async () => {
    // The database itself refuses it: such a record never passes the schema of the message.
    const broken = batch([{ ...numbered(1), endedAt: Number.NaN }]);
    const outcomes = await Promise.allSettled([
      playback.receive('a', batch([numbered(1)])),
      playback.receive('b', broken),
      playback.receive('c', batch([numbered(3)], 3)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(rows()).toMatchObject([{ device_id: 'a' }, { device_id: 'c' }]);
    expect(gaps()).toEqual([[1, 2]]);
    expect(told).toHaveLength(2);
  });

  test('of another boot is another numbering', async () => {
    await playback.receive('a', batch([numbered(1)], 1, 1));
    await playback.receive('a', batch([numbered(1)], 1, 2));
    await playback.receive('b', batch([numbered(1)], 1, 1));
    expect(rows()).toHaveLength(3);
    expect(gaps()).toEqual([]);
  });

  test('in any order, any number of times: nothing is lost, nothing doubled, all is acknowledged', async () => {
    const batches = fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 6 }),
        async (order, again) => {
          site.store.sqlite.exec('DELETE FROM as_run; DELETE FROM play; DELETE FROM as_run_gap');
          playback = new PlaybackLog({ ...site, log, tell: (_device, tell) => void told.push(tell) });
          for (const each of [...order, ...again]) {
            await playback.receive('a', batch([numbered(2 * each - 1), numbered(2 * each)]));
          }
          expect(rows()).toHaveLength(16);
          expect(gaps()).toEqual([]);
          expect(told.at(-1)).toMatchObject({ seq: 16 });
          const plays = site.store.sqlite
            .prepare("SELECT count(*) FROM play WHERE verdict = 'played'")
            .pluck()
            .get();
          expect(plays).toBe(16);
        },
      ),
      { numRuns: 25 },
    );
  });
});

test('the log keeps what was played when programme, schedule and device are gone', async () => {
  const [first] = occurrences;
  await playback.receive('a', batch(recordsOf(first!)));
  site.store.sqlite.exec(
    `DELETE FROM schedule_target; DELETE FROM schedule; DELETE FROM programme; DELETE FROM asset;
     DELETE FROM device_plan; DELETE FROM plan_blob; DELETE FROM plan; DELETE FROM device`,
  );
  const { items } = new PlayQuery(site.store).page({ from: 0, to: site.clock.at + DAY }, 10, null);
  expect(items).toMatchObject([{ title: 'Thời sự', deviceName: 'a', verdict: 'played', playedMs: 600_000 }]);
});

test('a record of something that no plan of ours holds stands in the log by its own word', async () => {
  const startAt = site.clock.at - HOUR;
  const one = {
    ...numbered(1),
    occurrence: `gone@${startAt}`,
    schedule: 'gone',
    title: 'Bản tin cũ',
    dueAt: startAt,
    startedAt: startAt,
  };
  const two = {
    ...one,
    seq: 2,
    part: { index: 1, of: 2 },
    sha256: shaOf('two'),
    dueAt: startAt + 600_000,
    startedAt: startAt + 600_000,
  };
  await playback.receive('a', batch([{ ...one, part: { index: 0, of: 2 } }]));
  await playback.receive('a', batch([two], 2));
  const play = new PlayQuery(site.store).one(one.occurrence, 'a');
  expect(play).toMatchObject({
    title: 'Bản tin cũ',
    startAt,
    verdict: 'played',
    playedMs: 1_200_000,
    dueMs: 1_200_000,
  });
});

test('a muted speaker did not play', async () => {
  await playback.receive('a', batch(recordsOf(occurrences[0]!, 1, { muted: true })));
  site.clock.at += HOUR + 12 * MINUTE;
  await new Dispatcher({ ...site, log }).tick();
  expect(verdictOf(occurrences[0]!.id)).toMatchObject({ verdict: 'missed', reason: 'muted' });
});

describe('the log on the screen', () => {
  beforeEach(async () => {
    const dispatcher = new Dispatcher({ ...site, log });
    await dispatcher.tick();
    site.clock.at += 3 * DAY;
    await dispatcher.tick();
    await playback.receive('a', batch(recordsOf(occurrences[0]!)));
  });

  const all = { from: 0, to: Number.MAX_SAFE_INTEGER };

  test('comes page by page, newest first, each line once', () => {
    const query = new PlayQuery(site.store);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { items, next } = query.page(all, 5, cursor);
      seen.push(...items.map(({ startAt, deviceId }) => `${startAt} ${deviceId}`));
      cursor = next;
    } while (cursor !== null);
    expect(seen).toHaveLength(12);
    expect(new Set(seen).size).toBe(12);
    expect(seen).toEqual(seen.toSorted().reverse());
  });

  test('is filtered by area, device, verdict and words without marks', () => {
    const query = new PlayQuery(site.store);
    const count = (filter: object) => query.page({ ...all, ...filter }, 100, null).items.length;
    expect(count({ area: 'ward' })).toBe(6);
    expect(count({ device: 'b' })).toBe(6);
    expect(count({ verdict: 'played' })).toBe(1);
    expect(count({ search: 'thoi su' })).toBe(12);
    expect(count({ search: 'TO 3' })).toBe(6);
    expect(count({ search: '%' })).toBe(0);
    expect(query.counts({ ...all, area: 'ward', verdict: 'missed' })).toMatchObject({
      played: 1,
      unknown: 5,
      missed: 0,
    });
  });

  test('refuses a cursor that is none', () => {
    expect(() => new PlayQuery(site.store).page(all, 5, 'x')).toThrow(/first page/);
  });

  test('exports to a spreadsheet what it shows, in the language asked for', async () => {
    const query = new PlayQuery(site.store);
    for (const language of ['vi', 'en'] as const) {
      const words = CSV_WORDS[language];
      const out = new PassThrough();
      const [bytes] = await Promise.all([
        buffer(out),
        exportPlays(query, all, out, { words, zone: 'Asia/Ho_Chi_Minh' }),
      ]);
      expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
      const [header, ...lines] = parseCsv(bytes.subarray(3).toString(), words.separator);
      expect(header).toEqual(words.columns);
      expect(lines).toHaveLength(12);
      const played = lines.find((line) => line.includes(words.verdicts.played));
      expect(played?.slice(0, 4)).toEqual([
        language === 'vi' ? '23/11/2026' : '2026-11-23',
        '06:00:00',
        'Thời sự',
        'Cụm loa tổ 3',
      ]);
      expect(played?.slice(9, 13)).toEqual(['06:00:00', '12', '600', '600']);
      expect(lines.flat().join()).not.toMatch(/undefined|null|NaN/);
    }
  });

  test('does not hold an export in memory that nobody reads, and lets go when the reader leaves', async () => {
    const insert = site.store.sqlite.prepare(
      `INSERT INTO play SELECT ?, device_id, schedule_id, title, priority, start_at, end_at, not_after, parts, due_ms,
        plan_sha256, verdict, reason, first_sample_at, lateness_ms, played_ms, verdict_at FROM play WHERE occurrence = ?`,
    );
    site.store.sqlite.transaction(() => {
      for (let index = 0; index < 5_000; index += 1) insert.run(`x@${index}`, occurrences[0]!.id);
    })();
    const out = new PassThrough({ highWaterMark: 1_000 });
    const work = exportPlays(new PlayQuery(site.store), all, out, { words: CSV_WORDS.vi, zone: 'UTC' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(out.writableLength + out.readableLength).toBeLessThan(400_000);
    out.destroy();
    await expect(work).resolves.toBeUndefined();
  });
});

test('the records of a device whose memory was replaced are not taken for those of its old one', async () => {
  const [first, second] = occurrences;
  await playback.receive('a', { v: 1, boot: 1, oldest: 1, records: recordsOf(first!) });
  const letInWith = (publicKey: string) =>
    letIn(
      site.store,
      {
        ...{ id: 'pairing', code: 'ABCDEFGH', thumbprint: publicKey, public_key: publicKey, kind: 'speaker' },
        ...{ model: 'M', serial: 'a', firmware: '1', capabilities: '{"codecs":["opus"],"outputDelayMs":0}' },
        ...{ remote_address: null, state: 'pending', device_id: null, requested_at: 0, last_asked_at: 0 },
        ...{ expires_at: 0, decided_at: null, decided_by: null },
      },
      { name: 'Cụm', areaId: null },
      'hash',
      site.clock.at,
    );
  expect(letInWith('new key')).toEqual({ device: 'a', replaced: true });
  // The new memory counts from 1 again.
  told.length = 0;
  const again = { v: 1 as const, boot: 1, oldest: 1, records: recordsOf(second!) };
  await playback.receive('a', again);
  await playback.receive('a', again);
  expect(rows()).toEqual([
    { device_id: 'a', boot: 1, seq: 1 },
    { device_id: 'a', boot: 2, seq: 1 },
  ]);
  expect(told).toEqual([
    { v: 1, type: 'recorded', boot: 1, seq: 1 },
    { v: 1, type: 'recorded', boot: 1, seq: 1 },
  ]);
  // The same key is the same memory: what it sends again is known.
  expect(letInWith('new key')).toEqual({ device: 'a', replaced: true });
  await playback.receive('a', again);
  expect(rows()).toHaveLength(2);
});
