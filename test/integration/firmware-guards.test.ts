import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Guards } from '#devices/guards';
import { conduct, START } from '../support/conducted.ts';
import { DeviceBench } from '../support/device-bench.ts';
import { until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';
import { tone } from '../support/sound.ts';

const SHA = 'a'.repeat(64);
const DAY_MS = 86_400_000;
const minuteOf = (at: number): number => Math.floor(at / 60_000) % 1_440;
/** Allowed for an hour that begins two hours after a moment. */
const quietAt = (at: number): Guards => ({
  allowed: [{ from: minuteOf(at + 7_200_000), until: minuteOf(at + 10_800_000) }],
});

describe('whatever a plan says, a device', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('begins nothing in its quiet hours but an emergency, says why, and lets nobody wait for it', async () => {
    const night = occurrence(START + 10_000, [part(SHA, 20_000)], { schedule: 'night' });
    const after = occurrence(START + 20_000, [part(SHA, 5_000)], {
      schedule: 'storm',
      priority: 'emergency',
    });
    const { heard, settled } = await conduct([night, after], 120_000, undefined, quietAt(START));
    expect(heard.map(({ id }) => id)).toEqual([after.id]);
    expect(heard[0]?.from).toBeCloseTo(after.startAt, 0);
    expect(settled.get(night.id)?.reason).toBe('quiet-hours');
  });

  test('stays silent where music lies on a day of mourning, and speaks before and after it on time', async () => {
    const guards = { mourning: [{ from: START - DAY_MS, until: START + DAY_MS }] };
    const song = part(SHA, 10_000, { offsetMs: 10_000, music: true });
    const news = occurrence(START + 10_000, [
      part(SHA, 10_000),
      song,
      part(SHA, 10_000, { offsetMs: 20_000 }),
    ]);
    const concert = occurrence(START + 60_000, [part(SHA, 10_000, { music: true })], { schedule: 'concert' });
    const { heard, settled } = await conduct([news, concert], 120_000, undefined, guards);
    expect(heard.map(({ id, part: index, from }) => [id, index, Math.round(from - news.startAt)])).toEqual([
      [news.id, 0, 0],
      [news.id, 2, 20_000],
    ]);
    expect(settled.get(news.id)?.reasons[1]).toBe('mourning-day');
    expect(settled.get(concert.id)?.reason).toBe('mourning-day');
  });

  test('ends what is too long when its time is up, and lets the next one begin', async () => {
    const long = occurrence(START + 10_000, [part(SHA, 60_000)], { schedule: 'long' });
    const next = occurrence(START + 35_000, [part(SHA, 10_000)], { schedule: 'next' });
    const { heard, settled } = await conduct([long, next], 180_000, undefined, { longestMs: 20_000 });
    expect(heard.map(({ id, from, to }) => [id, Math.round(from - START), Math.round(to - START)])).toEqual([
      [long.id, 10_000, 30_000],
      [next.id, 35_000, 45_000],
    ]);
    expect(settled.get(long.id)?.reason).toBe('too-long');
  });
});

describe('a real device', () => {
  let bench: DeviceBench;
  beforeEach(async () => {
    bench = await DeviceBench.open();
  });
  afterEach(() => bench.close());

  test('refuses a signed plan for an hour at which people sleep, and proves that it was silent', {
    timeout: 60_000,
  }, async () => {
    const { controller } = bench;
    const sound = await tone(2, 440);
    const sha256 = controller.addBlob(sound);
    await bench.on();
    await bench.born();
    const startAt = Date.now() + 4_000;
    const night = occurrence(startAt, [part(sha256, 2_000)], { schedule: 'night' });
    const storm = occurrence(startAt + 3_000, [part(sha256, 2_000)], {
      schedule: 'storm',
      priority: 'emergency',
    });
    const settings = { guards: { ...quietAt(startAt), loudest: 40 } };
    await controller.desire(planOf([night, storm], controller.blobs), { settings });
    const record = await until('the night to be told as missed', () => bench.recordOf(night.id));
    expect(record).toMatchObject({ end: 'missed', reason: 'quiet-hours', startedAt: null, playedMs: 0 });
    const played = await until('the emergency to be told as played', () => bench.recordOf(storm.id));
    expect(played).toMatchObject({ end: 'completed', volume: 40 });
  });
});
