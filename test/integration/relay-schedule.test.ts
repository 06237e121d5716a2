import { afterAll, beforeAll, expect, test } from 'vitest';
import { Radio } from '../support/radio.ts';
import { Ear, openRelaySite, type RelaySite } from '../support/relay-site.ts';
import { levelOf } from '../support/sound.ts';
import { until } from '../support/until.ts';

const STREAM_HZ = 440;

let radio: Radio;
beforeAll(async () => {
  radio = await Radio.open();
  await radio.station('/a', STREAM_HZ);
});
afterAll(() => radio.close());

/** A schedule once at `at`, as it is stored; for so many minutes. */
function schedule(
  { store }: RelaySite,
  id: string,
  sourceId: string,
  at: number,
  more: { minutes?: number; latenessMs?: number; madeAt?: number } = {},
): void {
  const { minutes = 1, latenessMs = 300_000, madeAt = 0 } = more;
  const iso = new Date(at).toISOString();
  const timetable = {
    rule: { kind: 'once', date: iso.slice(0, 10), times: [iso.slice(11, 19)] },
    ...{ zone: 'UTC', startDate: null, endDate: null, exceptDates: [], repeat: { count: 1, gapMs: 0 } },
  };
  store.sqlite
    .prepare(
      `INSERT INTO schedule (id, title, relay_source_id, relay_minutes, timetable, priority, resume, max_lateness_ms,
          gain_db, enabled, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 'scheduled', 'join', ?, 0, 1, ?, ?)`,
    )
    .run(id, `Tiếp âm ${id}`, sourceId, minutes, JSON.stringify(timetable), latenessMs, madeAt, madeAt);
  store.sqlite
    .prepare(`INSERT INTO schedule_target (schedule_id, kind, target_id) VALUES (?, 'all', '')`)
    .run(id);
}
/** A whole second, so many ms from now. */
const inMs = (ms: number): number => Math.ceil((Date.now() + ms) / 1_000) * 1_000;
const runsOf = ({ relays }: RelaySite, scheduleId: string) =>
  relays.list().filter((run) => run.scheduleId === scheduleId);
const playsOf = ({ store }: RelaySite, scheduleId: string) =>
  store.sqlite
    .prepare(
      'SELECT occurrence, device_id AS device, verdict, reason FROM play WHERE schedule_id = ? ORDER BY device_id',
    )
    .all(scheduleId);

test('a schedule’s relay is on the air at its time, once, and goes on after a start of the program in the middle', async () => {
  const site = await openRelaySite({ privateHosts: [radio.host], keeper: true });
  const { port } = site.broker;
  const source = site.source(radio.url('/a'));
  const startAt = inMs(5_000);
  schedule(site, 'S1', source.id, startAt);
  // Three looks at once, and those of the clock.
  await Promise.all([site.keeper.look(), site.keeper.look(), site.keeper.look()]);
  const run = await until('the relay of the schedule', () => runsOf(site, 'S1')[0]);
  expect(run).toMatchObject({
    title: 'Tiếp âm S1',
    startedAt: startAt,
    endAt: startAt + 60_000,
    sourceId: source.id,
  });
  const ear = new Ear(await site.listen(run.id));
  await until('some sound', async () => (await ear.until()) >= startAt + 2_000);
  expect(levelOf(await ear.samples(startAt + 500, startAt + 1_500), STREAM_HZ)).toBeGreaterThan(-30);
  await site.keeper.look();
  expect(runsOf(site, 'S1')).toHaveLength(1);
  await site.stop();

  const next = await openRelaySite({
    privateHosts: [radio.host],
    keeper: true,
    directory: site.directory,
    port,
  });
  await next.keeper.look();
  const [again, before] = await until('the relay to go on', () => {
    const runs = runsOf(next, 'S1');
    return runs.length === 2 ? runs : null;
  });
  expect(before).toMatchObject({ id: run.id, state: 'ended', end: 'controller-stopped' });
  expect(again).toMatchObject({ endAt: startAt + 60_000, scheduleId: 'S1' });
  await until('the stream to be heard again', () => next.relays.get(again?.id ?? '').hears === 'stream');
  // Stopped by a person it is over for good, whatever the schedule says.
  await next.relays.halt(again?.id ?? '', 'Cán bộ đài');
  await next.keeper.look();
  expect(runsOf(next, 'S1')).toHaveLength(2);
  await next.stop();
  await next.discard();
});

test('what could not be started is tried again, and stands in the log as missed, with the reason, when its time is over', async () => {
  const site = await openRelaySite({ privateHosts: [radio.host] });
  const source = site.source(radio.url('/a'));
  // The program was down at the first; the second was made too late to be meant; the third reaches nobody who hears.
  schedule(site, 'S1', source.id, inMs(-120_000));
  schedule(site, 'S2', source.id, inMs(-120_000), { madeAt: Date.now() - 60_000 });
  await site.keeper.look();
  const occurrence = expect.stringMatching(/^S1@\d+$/);
  const missed = { occurrence, verdict: 'missed', reason: 'controller-stopped' };
  expect(playsOf(site, 'S1')).toEqual([
    { ...missed, device: 'loa-00000' },
    { ...missed, device: 'loa-00001' },
  ]);
  expect(playsOf(site, 'S2')).toEqual([]);
  site.store.sqlite.exec(`UPDATE device SET capabilities = '{"codecs":["opus"]}'`);
  const startAt = inMs(0);
  schedule(site, 'S3', source.id, startAt, { latenessMs: 2_000 });
  await site.keeper.look();
  expect(playsOf(site, 'S3')).toEqual([]);
  await until('the time to be over', () => Date.now() > startAt + 2_000);
  await site.keeper.look();
  expect(playsOf(site, 'S3')).toMatchObject([{ reason: 'nobody-to-play' }, { reason: 'nobody-to-play' }]);
  expect(site.relays.list()).toEqual([]);
  await site.stop();
  await site.discard();
});

test('a relay whose schedule is switched off in the middle is not heard any more', async () => {
  const site = await openRelaySite({ privateHosts: [radio.host] });
  const source = site.source(radio.url('/a'));
  schedule(site, 'S1', source.id, inMs(-2_000));
  await site.keeper.look();
  expect(runsOf(site, 'S1')).toMatchObject([{ state: 'starting' }]);
  site.store.sqlite.exec('UPDATE schedule SET enabled = 0');
  await site.keeper.look();
  expect(runsOf(site, 'S1')).toMatchObject([{ state: 'ended', end: 'by-operator' }]);
  await site.stop();
  await site.discard();
});

test('a stream that a schedule names, or a playlist that stands in for one, cannot be removed under it', async () => {
  const site = await openRelaySite({ privateHosts: [radio.host] });
  const playlist = await site.playlist('standin', 1_500);
  const source = site.source(radio.url('/a'), { fallbackPlaylistId: playlist });
  schedule(site, 'S1', source.id, inMs(86_400_000));
  expect(() => site.sources.remove(source.id)).toThrow(expect.objectContaining({ code: 'in-use' }));
  const other = { title: 'Khác', url: 'http://other.test/', fallbackPlaylistId: null, silenceMs: 15_000 };
  expect(() => site.sources.add(other, null)).toThrow(expect.objectContaining({ code: 'relay-refused' }));
  expect(() => site.sources.change(source.id, { url: 'http://other.test/' })).toThrow(
    expect.objectContaining({ code: 'relay-refused' }),
  );
  expect(() => site.sources.change(source.id, { fallbackPlaylistId: 'none' })).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  );
  await site.stop();
  await site.discard();
});
