import { expect, test } from 'vitest';
import { QUARTER_MS, quarterOf, rollUp as rollUpStretches } from '#controller/registry/roll-up';
import { Heartbeat } from '#devices/messages/heartbeat';

const beat = (changes: Partial<Heartbeat> = {}): Heartbeat =>
  Heartbeat.parse({
    v: 1,
    session: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    at: 0,
    uptimeS: 1,
    clock: { synced: true, offsetMs: 0, errorMs: 2 },
    desiredRevision: 1,
    plan: null,
    playing: null,
    outbox: 0,
    faults: [],
    ...changes,
  });

const rollUp = (beats: Heartbeat[]) => rollUpStretches(beats.map((one) => ({ beat: one, repeats: 0 })));

test('minimum, average and maximum are of the beats that measured', () => {
  const quarter = rollUp([
    beat({ temperatureC: 30, mainsV: 220, signalDbm: -80, storage: { totalBytes: 100, freeBytes: 40 } }),
    beat({ temperatureC: 40, mainsV: 198 }),
    beat({ outbox: 7, faults: ['no-amplifier'] }),
    beat({
      temperatureC: 53,
      playing: { occurrence: 'a@1', title: 'Tin' },
      clock: { synced: true, offsetMs: 1, errorMs: 9 },
    }),
  ]);
  expect(quarter).toEqual({
    beats: 4,
    clock_error_max: 9,
    temperature_min: 30,
    temperature_avg: 41,
    temperature_max: 53,
    mains_min: 198,
    mains_max: 220,
    signal_min: -80,
    signal_avg: -80,
    storage_free_min: 40,
    outbox_max: 7,
    playing_beats: 1,
    fault_beats: 1,
  });
});

test('what a device does not measure stays unknown, and is not zero', () => {
  const quarter = rollUp([beat(), beat({ clock: { synced: false, offsetMs: 0, errorMs: 0 } })]);
  expect(quarter).toMatchObject({
    beats: 2,
    temperature_avg: null,
    mains_min: null,
    signal_avg: null,
    storage_free_min: null,
  });
  expect(quarter.clock_error_max, 'an unsynchronised clock has no error bound').toBe(2);
});

test('a quarter begins on the quarter and holds fifteen minutes', () => {
  const start = Date.UTC(2026, 10, 23, 6, 45);
  expect(quarterOf(start)).toBe(start);
  expect(quarterOf(start + QUARTER_MS - 1)).toBe(start);
  expect(quarterOf(start + QUARTER_MS)).toBe(start + QUARTER_MS);
});

test('a short beat counts like the whole one that it repeats', () => {
  const hot = beat({ temperatureC: 50, faults: ['no-amplifier'] });
  const cool = beat({ temperatureC: 30 });
  const short = rollUpStretches([
    { beat: hot, repeats: 2 },
    { beat: cool, repeats: 0 },
  ]);
  expect(short).toEqual(rollUp([hot, hot, hot, cool]));
  expect(short).toMatchObject({ beats: 4, fault_beats: 3, temperature_avg: 45 });
});
