import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Broadcast, broadcastOccurrenceId } from '#devices/broadcast';
import { EVERY_DEVICE, groupTopic } from '#devices/topics';
import { Device } from '#firmware-sim/device';
import { DeviceBench } from '../support/device-bench.ts';
import { broadcastOf, broadcastPart } from '../support/fake-broadcast.ts';
import { until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';
import { levelOf, readWav, rmsDbfs, tone } from '../support/sound.ts';

const PATIENCE = { timeout: 90_000 };
let bench: DeviceBench;
let short: Buffer;
let long: Buffer;
let opus: Buffer;
let neighbours: { device: Device; dir: string }[] = [];

beforeAll(async () => {
  short = await tone(3, 1_500, 'mp3');
  long = await tone(12, 1_500, 'mp3');
  opus = await tone(20, 440);
}, 60_000);
beforeEach(async () => {
  bench = await DeviceBench.open();
});
afterEach(async () => {
  await Promise.all(neighbours.map(({ device }) => device.stop()));
  await bench.close();
  await Promise.all(neighbours.map(({ dir }) => rm(dir, { recursive: true, force: true })));
  neighbours = [];
});

/** Another speaker on the same site. */
async function neighbour(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'loa-neighbour-'));
  const device = new Device({
    ...{ kind: 'speaker', http: bench.controller.url, dir, pairRetryMs: 50 },
    ...{ reconnect: { minMs: 50, maxMs: 300 }, downloadRetry: { minMs: 50, maxMs: 300 } },
  });
  neighbours.push({ device, dir });
  await device.start();
}

const prepare = (broadcast: Broadcast) => ({ v: 1 as const, type: 'prepare' as const, broadcast });
const start = (broadcast: Broadcast, t0: number) => ({
  v: 1 as const,
  type: 'start' as const,
  broadcast,
  t0,
});
const stop = (broadcast: string) => ({ v: 1 as const, type: 'stop' as const, broadcast });

async function order(body: Parameters<typeof bench.controller.signCommand>[0], id: string): Promise<void> {
  const { controller } = bench;
  controller.command(await controller.signCommand(body, { id }));
}

const acked = (id: string, state: string, count = 1) =>
  until(`${count} × ${state} of ${id}`, () => {
    const acks = bench.controller.acksOf(id).filter((ack) => ack.state === state);
    return acks.length >= count ? acks : null;
  });

test(
  'one message to all makes every speaker ready, the next starts them together, and each proves it',
  PATIENCE,
  async () => {
    const { controller } = bench;
    controller.addBlob(short);
    await bench.on();
    await neighbour();
    await neighbour();
    await until('three are born', () => controller.births().length >= 3);
    const broadcast = broadcastOf([broadcastPart(short, 3_000)]);
    const all = { audience: EVERY_DEVICE };
    const topic = groupTopic(EVERY_DEVICE);
    controller.publish(topic, await controller.signCommand(prepare(broadcast), { ...all, id: 'prepare' }));
    const ready = await acked('prepare', 'ready', 3);
    expect(new Set(ready.map(({ device }) => device)).size).toBe(3);
    const t0 = Date.now() + 1_000;
    controller.publish(topic, await controller.signCommand(start(broadcast, t0), { ...all, id: 'start' }));
    const started = await acked('start', 'started', 3);
    for (const { startedAt } of started) {
      // Never early; how late is a matter of the machine, and of the benchmark.
      expect((startedAt ?? 0) - t0).toBeGreaterThan(-5);
    }
    await acked('start', 'ended', 3);
    const id = broadcastOccurrenceId(broadcast.id, t0);
    await until('three records', () => bench.recordsOf(id).length === 3);
    for (const record of bench.recordsOf(id)) {
      expect(record).toMatchObject({ end: 'completed', schedule: broadcast.id, title: 'Thông báo khẩn' });
    }
    // The same start once more, by another group: nobody plays it again.
    controller.publish(topic, await controller.signCommand(start(broadcast, t0), { ...all, id: 'again' }));
    await acked('again', 'ended', 3);
    expect(bench.recordsOf(id)).toHaveLength(3);
  },
);

test('a start without a prepare fetches first, and joins where the others are', PATIENCE, async () => {
  const { controller } = bench;
  controller.addBlob(long);
  await bench.on();
  await bench.born();
  const broadcast = broadcastOf([broadcastPart(long, 12_000)]);
  const t0 = Date.now() - 3_000;
  await order(start(broadcast, t0), 'start');
  const [started] = await acked('start', 'started');
  expect((started?.startedAt ?? 0) - t0).toBeGreaterThan(3_000);
  await acked('start', 'ended');
  const record = await until('it is told', () => bench.recordOf(broadcastOccurrenceId(broadcast.id, t0)));
  // In step: what it skipped is what it was late.
  expect(record.fromMs).toBeGreaterThan(3_000);
  expect(Math.abs((record.startedAt ?? 0) - (record.fromMs ?? 0) - t0)).toBeLessThan(100);
  expect(record.playedMs).toBeLessThan(9_000);
});

test(
  'a file that the controller has not got is told at once, and when it comes the speaker joins',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await bench.on();
    await bench.born();
    const broadcast = broadcastOf([broadcastPart(long, 12_000)]);
    await order(prepare(broadcast), 'prepare');
    const [refused] = await acked('prepare', 'rejected');
    expect(refused?.reason).toBe('blob-missing');
    const t0 = Date.now();
    await order(start(broadcast, t0), 'start');
    controller.addBlob(long);
    await acked('start', 'started');
    await order(stop(broadcast.id), 'stop');
    const [ended] = await acked('start', 'ended');
    expect(ended?.reason).toBe('stopped');
  },
);

test('a file that never comes is a missed broadcast, and its reason is known', PATIENCE, async () => {
  await bench.on();
  await bench.born();
  const broadcast = broadcastOf([broadcastPart(short, 3_000)], { notAfter: Date.now() + 3_000 });
  const t0 = Date.now() + 200;
  await order(start(broadcast, t0), 'start');
  const [refused] = await acked('start', 'rejected');
  expect(refused?.reason).toBe('blob-missing');
  const record = await until('it is told', () => bench.recordOf(broadcastOccurrenceId(broadcast.id, t0)));
  expect(record).toMatchObject({ end: 'missed', reason: 'blob-missing' });
});

test('a speaker that has no decoder for any form says so', PATIENCE, async () => {
  const { controller } = bench;
  controller.addBlob(opus);
  await bench.on({ codec: 'mp3' });
  await bench.born();
  const renditions = [{ sha256: 'a'.repeat(64), bytes: 10, type: 'audio/ogg' as const }];
  await order(prepare(broadcastOf([broadcastPart(opus, 3_000, { renditions })])), 'prepare');
  expect((await acked('prepare', 'rejected'))[0]?.reason).toBe('unsupported');
});

test(
  'an emergency interrupts the news in an instant, at its own volume, and the news goes on after it',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const sha = controller.addBlob(opus);
    controller.addBlob(short);
    await bench.on();
    await bench.born();
    const news = occurrence(Date.now() + 3_000, [part(sha, 10_000)], { resume: 'resume' });
    const plan = planOf([news], controller.blobs);
    await bench.ready((await controller.desire(plan, { settings: { volume: 50 } })).id);
    const storm = broadcastOf([broadcastPart(short, 3_000)], { priority: 'emergency', volume: 100 });
    await order(prepare(storm), 'prepare');
    await acked('prepare', 'ready');
    await until('the news is heard', () => Date.now() > news.startAt + 2_000);
    const t0 = Date.now() + 1_200;
    await order(start(storm, t0), 'start');
    await acked('start', 'ended');
    const record = await until('it is told', () => bench.recordOf(broadcastOccurrenceId(storm.id, t0)));
    expect(record).toMatchObject({ end: 'completed', volume: 100, priority: 'emergency' });
    const stretches = await until('the news is over', () => {
      const told = bench.recordsOf(news.id);
      return told.length === 2 ? told : null;
    });
    expect(stretches[0]).toMatchObject({ end: 'preempted', volume: 50 });
    expect(stretches[1]).toMatchObject({ end: 'completed', volume: 50 });
    // It stopped when the emergency was due, and not when it was told.
    expect(Math.abs((stretches[0]?.endedAt ?? 0) - t0)).toBeLessThan(400);
  },
);

test(
  'a stop of one broadcast ends it and nothing else; one that came first keeps it from starting',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const sha = controller.addBlob(opus);
    controller.addBlob(long);
    await bench.on();
    await bench.born();
    const news = occurrence(Date.now() + 2_500, [part(sha, 20_000)]);
    await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
    const broadcast = broadcastOf([broadcastPart(long, 12_000)]);
    await order(start(broadcast, Date.now() + 500), 'start');
    await acked('start', 'started');
    await order(stop(broadcast.id), 'stop');
    expect((await acked('start', 'ended'))[0]?.reason).toBe('stopped');
    await until('the news is on the air', () =>
      controller.heartbeats().some((beat) => beat.playing?.occurrence === news.id),
    );
    const other = broadcastOf([broadcastPart(long, 12_000)], { priority: 'emergency' });
    await order(stop(other.id), 'stop-first');
    await acked('stop-first', 'ended');
    await order(start(other, Date.now() + 300), 'too-late');
    expect((await acked('too-late', 'ended'))[0]?.reason).toBe('stopped');
    expect(bench.recordsOf(news.id)).toHaveLength(0);
    await order({ v: 1, type: 'stop' }, 'all');
    expect(await until('the news was stopped', () => bench.recordOf(news.id))).toMatchObject({
      end: 'stopped',
    });
  },
);

test(
  'the volume of one broadcast is changed before and while it plays, and its neighbours are as loud as before',
  PATIENCE,
  async () => {
    const { controller } = bench;
    controller.addBlob(long);
    await bench.on();
    await bench.born();
    const broadcast = broadcastOf([broadcastPart(long, 12_000)]);
    await order({ v: 1, type: 'set-volume', broadcast: broadcast.id, volume: 20 }, 'softly');
    await acked('softly', 'ended');
    const t0 = Date.now() + 700;
    await order(start(broadcast, t0), 'start');
    await acked('start', 'started');
    await until('five seconds are heard', () => Date.now() > t0 + 5_000);
    await order({ v: 1, type: 'set-volume', broadcast: broadcast.id, volume: 60 }, 'louder');
    await acked('start', 'ended');
    const id = broadcastOccurrenceId(broadcast.id, t0);
    const record = await until('it is told', () => bench.recordOf(id));
    // What most of it was heard at.
    expect(record.volume).toBe(60);
    const wav = await until('the recording appears', () => readWav(bench.wav(id)).catch(() => null));
    const early = rmsDbfs(wav.subarray(48_000, 3 * 48_000));
    const late = rmsDbfs(wav.subarray(8 * 48_000, 10 * 48_000));
    expect(late - early).toBeCloseTo(40 * Math.log10(60 / 20), 0);
    expect(levelOf(wav.subarray(8 * 48_000, 9 * 48_000), 1_500)).toBeGreaterThan(-40);
  },
);

test(
  'a reboot in the middle of a broadcast: it is told what was heard, joined again, and the reboot is reported',
  PATIENCE,
  async () => {
    const { controller } = bench;
    controller.addBlob(long);
    await bench.on();
    await bench.born();
    const broadcast = broadcastOf([broadcastPart(long, 12_000)]);
    const t0 = Date.now() + 700;
    await order(start(broadcast, t0), 'start');
    await acked('start', 'started');
    await until('three seconds are heard', () => Date.now() > t0 + 3_000);
    await order({ v: 1, type: 'reboot' }, 'reboot');
    await acked('reboot', 'ended');
    expect(controller.acksOf('reboot').map(({ state }) => state)).toEqual(['received', 'started', 'ended']);
    expect(controller.births().at(-1)?.boot).toBe(2);
    const id = broadcastOccurrenceId(broadcast.id, t0);
    await acked('start', 'ended');
    const told = await until('both stretches are told', () => {
      const records = bench.recordsOf(id);
      return records.length >= 2 ? records : null;
    });
    expect(told.map(({ boot, end }) => [boot, end])).toEqual([
      [1, 'power'],
      [2, 'completed'],
    ]);
    const [before, after] = told;
    // Nothing is heard twice: it goes on behind where it was cut, as late as the reboot took.
    expect(after?.fromMs ?? 0).toBeGreaterThan((before?.fromMs ?? 0) + (before?.playedMs ?? 0));
  },
);

test('what plays by plan goes on after a reboot in step, and nothing of it twice', PATIENCE, async () => {
  const { controller } = bench;
  const sha = controller.addBlob(opus);
  await bench.on();
  await bench.born();
  const news = occurrence(Date.now() + 2_500, [part(sha, 12_000)]);
  await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
  await until('four seconds are heard', () => Date.now() > news.startAt + 4_000);
  await order({ v: 1, type: 'reboot' }, 'reboot');
  const told = await until('both stretches are told', () => {
    const records = bench.recordsOf(news.id);
    return records.length >= 2 ? records : null;
  });
  expect(told.map(({ end }) => end)).toEqual(['power', 'completed']);
  const [before, after] = told;
  expect(after?.fromMs ?? 0).toBeGreaterThan((before?.fromMs ?? 0) + (before?.playedMs ?? 0));
  await acked('reboot', 'ended');
});
