import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#firmware-sim/clock';
import { skewedClock } from '#firmware-sim/clock-simulated';
import { DeviceBench } from '../support/device-bench.ts';
import { until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

const PATIENCE = { timeout: 90_000 };
let bench: DeviceBench;

beforeEach(async () => {
  bench = await DeviceBench.open();
});
afterEach(() => bench.close());

test('a device learns how fast its crystal runs, and tells', PATIENCE, async () => {
  await bench.on({
    decoder: 'silent',
    clock: skewedClock(systemClock, { offsetMs: 7_200_000, driftPpm: 90 }),
  });
  await bench.born();
  const beat = await until('it knows its drift to some ppm', () =>
    bench.controller.heartbeats().findLast(({ clock }) => Math.abs((clock.driftPpm ?? 0) - 90) < 25),
  );
  expect(Math.abs(beat.clock.offsetMs - 7_200_000)).toBeLessThan(1_000);
  expect(beat.clock.errorMs).toBeLessThan(200);
});

test(
  'after a power cut with an empty battery nothing is begun at a wrong time; what was due meanwhile is told so',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const sha = controller.addBlob(Buffer.from('not decoded'));
    await bench.on({ decoder: 'silent' });
    await bench.born();
    await until('it knows the time', () => bench.events.some(({ type }) => type === 'clock'));
    const missed = occurrence(Date.now() + 5_000, [part(sha, 1_000)], {
      schedule: 's1',
      notAfter: Math.round(Date.now() + 6_000),
    });
    const heard = occurrence(Date.now() + 16_000, [part(sha, 1_000)], { schedule: 's2' });
    await bench.ready((await controller.desire(planOf([missed, heard], controller.blobs))).id);
    await controller.stop();
    await bench.off();
    await bench.on({
      decoder: 'silent',
      clock: skewedClock(systemClock, { dead: true }),
      clockPatienceMs: 200,
    });
    await until('its time has passed', () => Date.now() > missed.notAfter + 1_500);
    expect(bench.events.some(({ type }) => type === 'record')).toBe(false);
    await controller.listen();
    expect(await until('what was missed is told', () => bench.recordOf(missed.id))).toMatchObject({
      end: 'missed',
      reason: 'clock-unsynced',
      startedAt: null,
    });
    const played = await until('the next one is heard', () => bench.recordOf(heard.id));
    expect(played).toMatchObject({ end: 'completed', clockSynced: true });
    expect(Math.abs((played.startedAt ?? 0) - heard.startAt)).toBeLessThan(2_000);
  },
);

test(
  'what was begun by a battery clock that is wrong is marked so, and how wrong it was is told when it is known',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const clock = skewedClock(systemClock, {});
    const sha = controller.addBlob(Buffer.from('not decoded'));
    await bench.on({ decoder: 'silent', clock });
    await bench.born();
    await until('it knows the time', () => bench.events.some(({ type }) => type === 'clock'));
    const news = occurrence(Date.now() + 22_000, [part(sha, 30_000)]);
    await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
    await controller.stop();
    await bench.off();
    clock.step(15_000);
    await bench.on({ decoder: 'silent', clock, clockPatienceMs: 200 });
    await until('it plays, too early', () => Date.now() > news.startAt - 13_000);
    await controller.listen();
    const record = await until('the first stretch is told', () => bench.recordOf(news.id));
    expect(record).toMatchObject({ clockSynced: false, end: 'fault', reason: 'clock-stepped' });
    // By the true time it began some 15 s before it was due.
    expect(Math.abs((record.startedAt ?? 0) - (news.startAt - 15_000))).toBeLessThan(2_000);
    expect(record.clockErrorMs).toBeGreaterThan(14_000);
    expect(record.clockErrorMs).toBeLessThan(17_000);
  },
);
