import { existsSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DeviceBench } from '../support/device-bench.ts';
import { until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';
import { levelOf, readWav, rmsDbfs, tone } from '../support/sound.ts';

const PATIENCE = { timeout: 90_000 };
let bench: DeviceBench;
let low: Buffer;
let high: Buffer;

beforeAll(async () => {
  low = await tone(6, 440);
  high = await tone(2, 1_500, 'mp3');
}, 60_000);
beforeEach(async () => {
  bench = await DeviceBench.open();
});
afterEach(() => bench.close());

test(
  'a programme is heard at its time, whole and at its level, and the proof arrives',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const sha = controller.addBlob(low);
    const chime = controller.addBlob(high);
    await bench.on();
    await bench.born();
    const due = Date.now() + 4_000;
    const parts = [
      part(chime, 2_000, { role: 'chime', title: 'Nhạc hiệu', type: 'audio/mpeg' }),
      part(sha, 6_000, { offsetMs: 2_500 }),
    ];
    const news = occurrence(due, parts, { gainDb: -6 });
    const { id } = await controller.desire(planOf([news], controller.blobs));
    await bench.ready(id);
    await until('it is on the air', () =>
      controller
        .heartbeats()
        .some((beat) => beat.playing?.occurrence === news.id && beat.playing.title === 'Bản tin sáng'),
    );
    const record = await until('the record of the second part comes', () => bench.recordOf(news.id, 1));
    expect(record).toMatchObject({
      end: 'completed',
      sha256: sha,
      clockSynced: true,
      volume: 100,
      muted: false,
    });
    expect(record).toMatchObject({ dueAt: news.startAt + 2_500, dueMs: 6_000, part: { index: 1, of: 2 } });
    expect(record.playedMs).toBeGreaterThan(5_900);
    expect(record.playedMs).toBeLessThanOrEqual(6_250);
    expect(bench.recordOf(news.id, 0)).toMatchObject({ end: 'completed', sha256: chime, title: 'Nhạc hiệu' });
    // Not before its time, on any machine; how late is a matter of the machine, and of the benchmark.
    expect((record.startedAt ?? 0) - record.dueAt).toBeGreaterThan(-record.clockErrorMs - 5);

    await until('the recording appears whole', () => existsSync(bench.wav(news.id)));
    const wav = await readWav(bench.wav(news.id));
    const second = wav.subarray(wav.length - 5 * 48_000, wav.length - 48_000);
    expect(wav.length / 48).toBeGreaterThan(8_400);
    expect(levelOf(wav.subarray(4_800, 4_800 + 48_000), 1_500)).toBeGreaterThan(-30);
    expect(levelOf(second, 440) - levelOf(second, 1_500)).toBeGreaterThan(30);
    // The gap between chime and programme is silence, and the gain of the plan was applied after measuring.
    expect(rmsDbfs(wav.subarray(Math.round(2.15 * 48_000), Math.round(2.4 * 48_000)))).toBeLessThan(-60);
    expect(rmsDbfs(second)).toBeCloseTo((record.levelDbfs ?? 0) - 6, 0);
  },
);

test(
  'with the controller dead and after a restart, the plan is played all the same, and told later',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const sha = controller.addBlob(high);
    await bench.on();
    await bench.born();
    const news = occurrence(Date.now() + 9_000, [part(sha, 2_000, { type: 'audio/mpeg' })]);
    const { id } = await controller.desire(planOf([news], controller.blobs));
    await bench.ready(id);
    await controller.stop();
    await bench.off();
    await bench.on({ clockPatienceMs: 200 });
    await until('it has played', () => bench.events.some((event) => event.type === 'record'));
    await bench.off();
    await controller.listen();
    await bench.on();
    const record = await until('the record comes', () => bench.recordOf(news.id));
    expect(record).toMatchObject({ end: 'completed', boot: 2, clockSynced: false });
    expect(controller.births().at(-1)).toMatchObject({ boot: 3, plan: { sha256: expect.any(String) } });
    expect(controller.pairRequests).toHaveLength(1);
  },
);

test('a storm warning is heard at once, and the news goes on where it was cut off', PATIENCE, async () => {
  const { controller } = bench;
  const sha = controller.addBlob(low);
  const siren = controller.addBlob(high);
  await bench.on();
  await bench.born();
  const due = Date.now() + 4_000;
  const news = occurrence(due, [part(sha, 6_000)], { resume: 'resume' });
  const storm = occurrence(due + 2_000, [part(siren, 2_000, { type: 'audio/mpeg', title: 'Bão' })], {
    schedule: 's2',
    priority: 'emergency',
  });
  const { id } = await controller.desire(planOf([news, storm], controller.blobs));
  await bench.ready(id);
  await until('the news came to its end', () => bench.recordsOf(news.id).length === 2);
  const [before, after] = bench.recordsOf(news.id);
  expect(before).toMatchObject({ end: 'preempted', part: { index: 0, of: 1 } });
  expect(after).toMatchObject({ end: 'completed' });
  expect(bench.recordOf(storm.id)).toMatchObject({ end: 'completed', priority: 'emergency' });
  // What came out in the two stretches is the whole programme, once.
  expect((before?.playedMs ?? 0) + (after?.playedMs ?? 0)).toBeGreaterThan(5_800);
  expect((before?.playedMs ?? 0) + (after?.playedMs ?? 0)).toBeLessThan(6_300);
  expect(after?.startedAt ?? 0).toBeGreaterThanOrEqual((before?.endedAt ?? 0) + 1_900);
});

test('a technician hears what the speaker plays now, at its volume', PATIENCE, async () => {
  const { controller } = bench;
  const sha = controller.addBlob(low);
  await bench.on();
  await bench.born();
  const news = occurrence(Date.now() + 3_500, [part(sha, 6_000)]);
  await bench.ready(
    (await controller.desire(planOf([news], controller.blobs), { settings: { volume: 50 } })).id,
  );
  await until('it is on the air', () => controller.heartbeats().some((beat) => beat.playing !== null));
  controller.command(await controller.signCommand({ v: 1, type: 'capture', seconds: 2 }));
  const recording = await until('the recording comes', () => [...controller.evidence.values()][0]);
  expect(recording.type).toBe('audio/wav');
  expect(recording.body.readUInt32LE(24)).toBe(16_000);
  expect(recording.body.length).toBe(44 + 2 * 2 * 16_000);
  const samples = new Int16Array(recording.body.buffer.slice(recording.body.byteOffset + 44));
  const record = await until('the record comes', () => bench.recordOf(news.id));
  expect(record).toMatchObject({ volume: 50 });
  // Half the volume is a quarter of the amplitude: 12 dB below what was decoded.
  expect(rmsDbfs(samples.subarray(0, 24_000))).toBeCloseTo((record.levelDbfs ?? 0) - 12, 0);
});

test('stop silences at once and the rest does not come back', PATIENCE, async () => {
  const { controller } = bench;
  const sha = controller.addBlob(low);
  await bench.on();
  await bench.born();
  const news = occurrence(Date.now() + 3_500, [part(sha, 6_000), part(sha, 6_000, { offsetMs: 6_500 })]);
  await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
  await until('it is on the air', () => controller.heartbeats().some((beat) => beat.playing !== null));
  controller.command(await controller.signCommand({ v: 1, type: 'stop' }, { id: 'stop-1' }));
  const record = await until('it was stopped', () => bench.recordOf(news.id));
  expect(record).toMatchObject({ end: 'stopped' });
  expect(record.playedMs).toBeLessThan(6_000);
  const rest = await until('the rest is told of', () => bench.recordOf(news.id, 1));
  expect(rest).toMatchObject({ end: 'missed', reason: 'stopped', startedAt: null, playedMs: 0 });
  await until('it is told as done', () =>
    controller.acks().some((ack) => ack.id === 'stop-1' && ack.state === 'ended'),
  );
});

test(
  'a speaker switched on in the middle of a programme joins it in step, and says that it was partial',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const sha = controller.addBlob(low);
    await bench.on();
    await bench.born();
    const news = occurrence(Date.now() + 4_000, [part(sha, 6_000), part(sha, 6_000, { offsetMs: 6_000 })]);
    await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
    await bench.off();
    await until('the first part is over', () => Date.now() > news.startAt + 7_000);
    await bench.on();
    const joined = await until('the rest was heard', () => bench.recordOf(news.id, 1));
    expect(joined).toMatchObject({ end: 'completed', dueMs: 6_000 });
    expect(joined.playedMs).toBeLessThan(5_000);
    expect(joined.playedMs).toBeGreaterThan(500);
    // In step: it ends when the others end.
    expect(Math.abs(joined.endedAt - news.endAt)).toBeLessThan(1_500);
    const first = await until('the first part is told of', () => bench.recordOf(news.id, 0));
    expect(first).toMatchObject({ end: 'missed', reason: 'powered-off' });
  },
);

test('what was due while the power was off is told as missed, once', PATIENCE, async () => {
  const { controller } = bench;
  const sha = controller.addBlob(high);
  await bench.on();
  await bench.born();
  const mp3 = { type: 'audio/mpeg' } as const;
  const news = occurrence(Date.now() + 5_000, [part(sha, 2_000, mp3)], {
    notAfter: Math.round(Date.now() + 6_000),
  });
  await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
  await bench.off();
  await until('its time has passed', () => Date.now() > news.endAt + 500);
  await bench.on();
  const record = await until('it is told of', () => bench.recordOf(news.id));
  expect(record).toMatchObject({ end: 'missed', reason: 'powered-off', startedAt: null, playedMs: 0 });
  await bench.off();
  const births = controller.births().length;
  await bench.on();
  await bench.born(births);
  await until('a heartbeat with an empty outbox', () => controller.heartbeats().at(-1)?.outbox === 0);
  expect(bench.recordsOf(news.id)).toHaveLength(1);
});

test(
  'a file that cannot be decoded is told as such, and the next part is heard all the same',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const noise = controller.addBlob(Buffer.alloc(40_000, 'không phải âm thanh'));
    const sha = controller.addBlob(high);
    await bench.on();
    await bench.born();
    const parts = [part(noise, 2_000), part(sha, 2_000, { offsetMs: 2_000, type: 'audio/mpeg' })];
    const news = occurrence(Date.now() + 3_500, parts);
    await bench.ready((await controller.desire(planOf([news], controller.blobs))).id);
    expect(await until('the first is told', () => bench.recordOf(news.id, 0))).toMatchObject({
      end: 'missed',
      reason: 'decode-failed',
      startedAt: null,
    });
    expect(await until('the second is told', () => bench.recordOf(news.id, 1))).toMatchObject({
      end: 'completed',
    });
    const beats = controller.heartbeats().length;
    const beat = await until('a heartbeat', () => controller.heartbeats()[beats + 1]);
    expect(beat.faults).toContain('decode-failed');
  },
);

test(
  'with an amplifier that needs time, the samples leave earlier, and are heard when due',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const sha = controller.addBlob(high);
    await bench.on();
    await bench.born();
    const news = occurrence(Date.now() + 4_500, [part(sha, 2_000, { type: 'audio/mpeg' })]);
    const settings = { outputDelayMs: 350, volume: 0 };
    await bench.ready((await controller.desire(planOf([news], controller.blobs), { settings })).id);
    const record = await until('it is told', () => bench.recordOf(news.id));
    expect(record).toMatchObject({ end: 'completed', volume: 0 });
    // Decoded and measured, though nobody could hear it: the volume tells that.
    expect(record.levelDbfs).toBeGreaterThan(-40);
    expect((record.startedAt ?? 0) - record.dueAt).toBeGreaterThan(-record.clockErrorMs - 5);
  },
);
