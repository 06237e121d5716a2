import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#firmware-sim/clock';
import { skewedClock } from '#firmware-sim/clock-simulated';
import { DeviceBench } from '../support/device-bench.ts';
import { until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

const PATIENCE = { timeout: 60_000 };
let bench: DeviceBench;

beforeEach(async () => {
  bench = await DeviceBench.open();
});
afterEach(() => bench.close());

const presences = () =>
  bench.controller.heard
    .filter(({ kind }) => kind === 'presence')
    .map(({ message }) => message as { session: string; online: boolean });

test(
  'a speaker whose own clock is three minutes slow and drifts is heard at the true time',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const sha = controller.addBlob(Buffer.from('not decoded'));
    await bench.on({
      decoder: 'silent',
      clock: skewedClock(systemClock, { offsetMs: -180_000, driftPpm: 100 }),
    });
    await bench.born();
    const news = occurrence(Date.now() + 4_000, [part(sha, 1_500)]);
    await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
    const record = await until('it is told', () => bench.recordOf(news.id));
    expect(record).toMatchObject({ end: 'completed', clockSynced: true });
    // By the controller's own watch: neither minutes early nor minutes late.
    expect(Date.now()).toBeGreaterThan(news.endAt - 50);
    expect(Math.abs((record.startedAt ?? 0) - news.startAt)).toBeLessThan(5_000);
    expect(record.clockErrorMs).toBeLessThan(1_000);
    const beat = controller.heartbeats().at(-1);
    expect(beat?.clock.synced).toBe(true);
    expect(Math.abs((beat?.clock.offsetMs ?? 0) + 180_000)).toBeLessThan(1_000);
  },
);

test('a wrong battery clock is remembered as wrong over a restart without a link', PATIENCE, async () => {
  const { controller } = bench;
  const clock = skewedClock(systemClock, { offsetMs: -180_000 });
  const sha = controller.addBlob(Buffer.from('not decoded'));
  await bench.on({ decoder: 'silent', clock });
  await bench.born();
  await until('it knows the time', () => bench.events.some(({ type }) => type === 'clock'));
  const news = occurrence(Date.now() + 6_000, [part(sha, 1_500)]);
  await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
  await controller.stop();
  await bench.off();
  await bench.on({ decoder: 'silent', clock, clockPatienceMs: 200 });
  await until('it has played', () => bench.events.some(({ type }) => type === 'record'));
  expect(Math.abs(Date.now() - news.endAt)).toBeLessThan(10_000);
  await controller.listen();
});

test('after an outage it comes back by itself, as a new session', PATIENCE, async () => {
  const { controller } = bench;
  await bench.on();
  await bench.born();
  const first = presences().find(({ online }) => online)?.session ?? '';
  await controller.stop();
  await until('it notices', () => bench.events.some(({ type }) => type === 'disconnected'));
  const births = controller.births().length;
  await controller.listen();
  await bench.born(births);
  const second = controller.births().at(-1)?.session ?? '';
  // Sessions sort by time: that is how an old last will is known to be old.
  expect(second > first).toBe(true);
});

test('a speaker that is switched off says so', PATIENCE, async () => {
  await bench.on();
  await bench.born();
  const { session } = bench.controller.births()[0] ?? { session: '' };
  await bench.off();
  await until('it said good-bye', () => presences().some((one) => one.session === session && !one.online));
});

test('settings reach the speaker while it is on, and hold after a restart', PATIENCE, async () => {
  const { controller } = bench;
  await bench.on();
  await bench.born();
  await bench.ready((await controller.desire(null, { settings: { volume: 35, muted: true } })).id);
  await until('it tells its volume', () => controller.heartbeats().at(-1)?.volume === 35);
  await bench.off();
  const before = controller.heartbeats().length;
  await bench.on();
  const beat = await until('it beats again', () => controller.heartbeats()[before]);
  expect(beat).toMatchObject({ volume: 35, muted: true });
});
