import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Settings } from '#devices/kind';
import { Amplifier } from '#firmware-sim/amplifier';
import { DeviceBench } from '../support/device-bench.ts';
import { broadcastOf, broadcastPart } from '../support/fake-broadcast.ts';
import { until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';
import { readWav, rmsDbfs, tone } from '../support/sound.ts';

const PATIENCE = { timeout: 60_000 };
const SELF_TEST = { v: 1, type: 'self-test' } as const;
const MP3 = { type: 'audio/mpeg' } as const;
let bench: DeviceBench;
let sound: Buffer;

beforeAll(async () => {
  sound = await tone(3, 700, 'mp3');
}, 60_000);
beforeEach(async () => {
  bench = await DeviceBench.open();
});
afterEach(() => bench.close());

async function selfTest(id: string) {
  const { controller } = bench;
  controller.command(await controller.signCommand(SELF_TEST, { id }));
  return until('the self-test is over', () =>
    controller.acksOf(id).find(({ state }) => state === 'ended' || state === 'rejected'),
  );
}

/** Plays the sound once, soon, and returns its record. */
async function play(settings: Partial<Settings> = {}) {
  const { controller } = bench;
  const sha = controller.addBlob(sound);
  const news = occurrence(Date.now() + 3_000, [part(sha, 3_000, MP3)]);
  await bench.ready((await controller.desire(planOf([news], controller.blobs), { settings })).id);
  const record = await until('it is told', () => bench.recordOf(news.id));
  return { record, id: news.id };
}

test('a self-test of a good horn is heard, and tells how clearly', PATIENCE, async () => {
  await bench.on();
  await bench.born();
  const ack = await selfTest('good');
  expect(ack.state).toBe('ended');
  const measure = ack.selfTest;
  expect(measure).toMatchObject({ sentDbfs: -20, ok: true });
  // The microphone stands 18 dB away from the horn.
  expect(measure?.heardDbfs).toBeCloseTo(-38, 0);
  expect(measure?.noiseDbfs).toBeLessThan(-60);
});

test(
  'a self-test of a dead amplifier hears nothing, and the fault is shown until it is mended',
  PATIENCE,
  async () => {
    const amplifier = new Amplifier();
    amplifier.dead = true;
    await bench.on({ amplifier });
    await bench.born();
    const ack = await selfTest('dead');
    expect(ack.selfTest?.ok).toBe(false);
    expect(ack.selfTest?.heardDbfs ?? 0).toBeLessThan(-60);
    const faults = () => bench.controller.heartbeats().at(-1)?.faults ?? [];
    await until('it is a fault', () => faults().includes('amplifier-dead'));
    amplifier.dead = false;
    expect((await selfTest('mended')).selfTest?.ok).toBe(true);
    await until('it is none any more', () => !faults().includes('amplifier-dead'));
  },
);

test(
  'a programme that left the device and was not heard is a fault of the amplifier, or of who turned it off',
  PATIENCE,
  async () => {
    const amplifier = new Amplifier();
    await bench.on({ amplifier });
    await bench.born();
    const good = await play();
    expect(good.record.end).toBe('completed');
    // Heard as it left, 18 dB weaker.
    expect((good.record.heardDbfs ?? 0) - (good.record.levelDbfs ?? 0)).toBeCloseTo(-18, 0);
    expect(bench.events.some((event) => event.type === 'fault')).toBe(false);
    amplifier.muted = true;
    const off = await play();
    expect(off.record).toMatchObject({ end: 'fault', reason: 'output-muted', levelDbfs: expect.any(Number) });
    expect(off.record.heardDbfs ?? 0).toBeLessThan(-60);
    const faults = () => bench.controller.heartbeats().at(-1)?.faults ?? [];
    await until('it is told', () => faults().includes('output-muted'));
  },
);

test('a volume of nothing and a mute are no fault of the amplifier', PATIENCE, async () => {
  await bench.on();
  await bench.born();
  const { record } = await play({ muted: true });
  expect(record.heardDbfs ?? 0).toBeLessThan(-60);
  expect(bench.events.some((event) => event.type === 'fault')).toBe(false);
  // Who is to be silent is not tested.
  expect(await selfTest('silent')).toMatchObject({ state: 'rejected', reason: 'muted' });
});

test(
  'nobody is disturbed by a self-test: while something plays, or is about to, it is refused',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await bench.on();
    await bench.born();
    controller.addBlob(sound);
    const broadcast = broadcastOf([broadcastPart(sound, 3_000)]);
    const start = { v: 1 as const, type: 'start' as const, broadcast, t0: Date.now() + 1_500 };
    controller.command(await controller.signCommand(start, { id: 'start' }));
    await until('it is on its way', () => controller.acksOf('start').length > 0);
    expect(await selfTest('early')).toMatchObject({ state: 'rejected', reason: 'busy' });
    await until('it plays', () => controller.acksOf('start').some(({ state }) => state === 'started'));
    expect(await selfTest('meanwhile')).toMatchObject({ state: 'rejected', reason: 'busy' });
  },
);

test('a board has no voice to test', PATIENCE, async () => {
  await bench.on({ kind: 'board' });
  await bench.born();
  expect(await selfTest('board')).toMatchObject({ state: 'rejected', reason: 'unsupported' });
});

test(
  'an amplifier that sleeps swallows the first words, unless its model is fed silence before',
  PATIENCE,
  async () => {
    const asleep = () => new Amplifier({ wakeMs: 800 });
    await bench.on({ amplifier: asleep() });
    await bench.born();
    const first = async (settings: Partial<Settings>) => {
      const { id } = await play(settings);
      const wav = await until('the recording appears', () => readWav(bench.wav(id)).catch(() => null));
      return rmsDbfs(wav.subarray(0.2 * 48_000, 0.6 * 48_000));
    };
    expect(await first({})).toBeLessThan(-60);
    await bench.off();
    await bench.on({ amplifier: asleep() });
    expect(await first({ quirks: { wakeMs: 900 } })).toBeGreaterThan(-40);
  },
);

test(
  'at its minute the volume of the evening holds, also in the middle of a programme',
  PATIENCE,
  async () => {
    // The time of this site is a few seconds before a full minute, whatever the machine says.
    const { controller } = bench;
    controller.clockOffsetMs = 60_000 - (Date.now() % 60_000) - 7_500;
    const sha = controller.addBlob(await tone(8, 700, 'mp3'));
    await bench.on();
    await bench.born();
    const now = controller.now();
    const minute = (Math.floor(now / 60_000) + 1) % 1_440;
    const volumeSteps = [
      { minute, volume: 20 },
      { minute: (minute + 600) % 1_440, volume: 80 },
    ].sort((one, other) => one.minute - other.minute);
    // Four seconds before the minute and four after it.
    const news = occurrence(Math.ceil(now / 60_000) * 60_000 - 4_000, [part(sha, 8_000, MP3)]);
    const settings = { volumeSteps, quirks: { gainDb: -3 } };
    await bench.ready((await controller.desire(planOf([news], controller.blobs), { settings })).id);
    await until('it is told', () => bench.recordOf(news.id));
    const wav = await until('the recording appears', () => readWav(bench.wav(news.id)).catch(() => null));
    const before = rmsDbfs(wav.subarray(48_000, 3 * 48_000));
    const after = rmsDbfs(wav.subarray(5 * 48_000, 7 * 48_000));
    expect(after - before).toBeCloseTo(40 * Math.log10(20 / 80), 0);
    await until('the heartbeat tells it', () => controller.heartbeats().at(-1)?.volume === 20);
  },
);
