import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Broadcast, type BroadcastPart, broadcastOccurrenceId } from '#devices/broadcast';
import { EVERY_DEVICE, groupTopic } from '#devices/topics';
import { systemClock } from '#firmware-sim/clock';
import { skewedClock } from '#firmware-sim/clock-simulated';
import { Device } from '#firmware-sim/device';
import { DeviceBench } from '../support/device-bench.ts';
import { broadcastOf, broadcastPart } from '../support/fake-broadcast.ts';
import { until } from '../support/fake-controller.ts';
import { FakeMicrophone, livePart } from '../support/fake-microphone.ts';
import { LossyLink, MOBILE } from '../support/lossy-link.ts';
import { clicks, type OpusStream, onsets, opusPackets, sine } from '../support/opus-stream.ts';
import { Recording } from '../support/recording.ts';
import { levelOf, readWav, rmsDbfs, tone } from '../support/sound.ts';

const PATIENCE = { timeout: 60_000 };
const CLICK_MS = 500;
/** So early that a machine which is busy with other tests still hears every word. */
const LEAD_MS = 600;
let bench: DeviceBench;
let microphone: FakeMicrophone;
let clicking: OpusStream;
let chime: Buffer;

beforeAll(async () => {
  clicking = await opusPackets(clicks(4, CLICK_MS));
  chime = await tone(1, 1_500, 'mp3');
}, 60_000);
beforeEach(async () => {
  bench = await DeviceBench.open();
  microphone = new FakeMicrophone(bench.controller);
});
afterEach(() => bench.close());

/** A crystal that is off, a battery clock that is wrong, a card with a rate of its own. */
const skewed = () => ({
  clock: skewedClock(systemClock, { offsetMs: 37_000, driftPpm: 60 }),
  cardPpm: -80,
});

const chimePart = (): BroadcastPart =>
  broadcastPart(chime, 1_000, { role: 'chime', title: 'Nhạc hiệu', programme: null });

async function order(body: Parameters<typeof bench.controller.signCommand>[0]): Promise<string> {
  const { controller } = bench;
  const id = ulid();
  controller.command(await controller.signCommand(body, { id }));
  return id;
}

async function listens(broadcast: Broadcast): Promise<void> {
  const id = await order({ v: 1, type: 'prepare', broadcast });
  await until('it is ready', () => bench.controller.acksOf(id).some(({ state }) => state === 'ready'));
  expect(microphone.listening(broadcast.id)).toBe(1);
}

const begin = (broadcast: Broadcast, t0: number) => order({ v: 1, type: 'start', broadcast, t0 });
const told = (broadcast: Broadcast, t0: number, part: number) =>
  until('its record comes', () => bench.recordOf(broadcastOccurrenceId(broadcast.id, t0), part));
const wavOf = (broadcast: Broadcast, t0: number) =>
  join(bench.dir, 'wav', `${broadcastOccurrenceId(broadcast.id, t0)}.wav`);

/** What the machine's steady counter shows at a moment of the controller's time. */
const steadyAt = (utcMs: number): number =>
  utcMs - performance.timeOrigin + (Number(process.hrtime.bigint()) / 1e6 - performance.now());

/** How far each click of the recording is from its moment, ms. */
function clickErrors(recording: Recording, at: number): number[] {
  return onsets(recording.samples).map((sample) => {
    const sinceMs = recording.momentOf(sample) - steadyAt(at + clicking.lookAheadMs);
    const nearest = Math.round((sinceMs - CLICK_MS / 2) / CLICK_MS) * CLICK_MS + CLICK_MS / 2;
    return sinceMs - nearest;
  });
}

async function live(
  parts: (id: string) => BroadcastPart[],
  more: Partial<Broadcast> = {},
): Promise<Broadcast> {
  const id = ulid();
  const broadcast = broadcastOf(parts(id), { id, priority: 'live', ...more });
  await bench.on(skewed());
  await bench.born();
  await until('its clock is right', () => bench.controller.heartbeats().at(-1)?.clock.synced);
  return broadcast;
}

test('what is said into the microphone is heard at its moment, after the chime, and its proof tells its true length', {
  ...PATIENCE,
}, async () => {
  bench.controller.addBlob(chime);
  const broadcast = await live((id) => [chimePart(), livePart(id, 1_000, 3_600_000)]);
  await listens(broadcast);
  const t0 = Date.now() + 700;
  await begin(broadcast, t0);
  const { packets } = clicking;
  await microphone.speak(broadcast.id, packets, { at: t0 + 1_000, leadMs: LEAD_MS });
  const record = await told(broadcast, t0, 1);
  const said = packets.length * 20;
  expect(record).toMatchObject({ end: 'completed', dueAt: t0 + 1_000, fromMs: 0 });
  expect(record.dueMs).toBeCloseTo(said, 0);
  expect(record.playedMs).toBeGreaterThan(said - 100);
  expect(record.playedMs).toBeLessThanOrEqual(said + 1);
  expect((await told(broadcast, t0, 0)).end).toBe('completed');
  const path = wavOf(broadcast, t0);
  const recording = await until('the recording', () => Recording.read(path).catch(() => null));
  const spoken = new Int16Array(recording.samples.subarray(48_000));
  expect(levelOf(recording.samples.subarray(4_800, 43_200), 1_500)).toBeGreaterThan(-30);
  expect(onsets(spoken).length).toBeGreaterThanOrEqual(7);
  const errors = clickErrors(recording, t0 + 1_000).slice(-onsets(spoken).length);
  // Its clock is as right as it says, and the words keep their distances.
  expect(Math.max(...errors.map(Math.abs))).toBeLessThan(1 + record.clockErrorMs);
  expect(Math.max(...errors) - Math.min(...errors)).toBeLessThan(1);
  const report = microphone.reports[0];
  expect(report).toMatchObject({ late: 0, missing: 0 });
});

test('two speakers of different crystals, one of them behind a bad mobile network, say every word together', {
  timeout: 90_000,
}, async () => {
  const { controller } = bench;
  const dir = await mkdtemp(join(tmpdir(), 'loa-neighbour-'));
  const broadcast = await live((id) => [livePart(id, 0, 3_600_000)]);
  const link = await LossyLink.open({ port: Number(new URL(controller.url).port) }, { ...MOBILE, seed: 5 });
  controller.publicUrl = `http://127.0.0.1:${link.port}`;
  const neighbour = new Device({
    ...{ kind: 'speaker', http: controller.publicUrl, dir, wav: true, heartbeatMs: 300, pairRetryMs: 50 },
    ...{ clock: skewedClock(systemClock, { offsetMs: -5_000, driftPpm: -40 }), cardPpm: 90 },
  });
  try {
    await neighbour.start();
    await until(
      'the neighbour is born',
      () => controller.births().length > 0 && controller.pairRequests.length >= 2,
    );
    await until('both clocks are right', () => {
      const synced = controller.heard.filter(({ kind, message }) => {
        return kind === 'heartbeat' && JSON.stringify(message).includes('"synced":true');
      });
      return new Set(synced.map(({ device }) => device)).size === 2;
    });
    const jws = await controller.signCommand(
      { v: 1, type: 'prepare', broadcast },
      { audience: EVERY_DEVICE },
    );
    controller.publish(groupTopic(EVERY_DEVICE), jws);
    await until('both listen', () => microphone.listening(broadcast.id) === 2);
    const t0 = Date.now() + 1_500;
    const start = { v: 1 as const, type: 'start' as const, broadcast, t0 };
    controller.publish(
      groupTopic(EVERY_DEVICE),
      await controller.signCommand(start, { audience: EVERY_DEVICE }),
    );
    await microphone.speak(broadcast.id, clicking.packets, { at: t0, leadMs: 1_000 });
    await until('both have told', () => controller.records.size === 2);
    for (const record of controller.records.values()) expect(record.end).toBe('completed');
    const name = `${broadcastOccurrenceId(broadcast.id, t0)}.wav`;
    const paths = [join(bench.dir, 'wav', name), join(dir, 'wav', name)];
    const [one, other] = await Promise.all(
      paths.map((path) => until('the recording', () => Recording.read(path).catch(() => null))),
    );
    if (one === undefined || other === undefined) throw new Error('a recording is missing');
    for (const errors of [clickErrors(one, t0), clickErrors(other, t0)]) {
      expect(errors.length).toBeGreaterThanOrEqual(7);
      // Neither clock was compared for more than some seconds, and one of them over a bad link.
      expect(Math.max(...errors.map(Math.abs))).toBeLessThan(20);
    }
    // What the controller lost of the sound would be told here; TCP brings it all, a little late.
    expect(microphone.reports.every(({ missing }) => missing === 0)).toBe(true);
  } finally {
    await neighbour.stop();
    await link.stop();
    controller.publicUrl = null;
    await rm(dir, { recursive: true, force: true });
  }
});

test('when the controller falls silent, or somebody else speaks in its name, it is over in five seconds', {
  ...PATIENCE,
}, async () => {
  const broadcast = await live((id) => [livePart(id, 0, 3_600_000)], { resume: 'join' });
  await listens(broadcast);
  const t0 = Date.now() + 700;
  const started = await begin(broadcast, t0);
  const spoken = clicking.packets.slice(0, 100);
  await microphone.speak(broadcast.id, spoken, { at: t0, leadMs: LEAD_MS }, { noLast: true });
  const silentAt = Date.now();
  // Signed for another broadcast: a replay of what was said elsewhere.
  const forger = setInterval(async () => {
    const frame = {
      seq: 200,
      heardAt: Date.now() + 300,
      last: false,
      packets: [spoken[0] ?? new Uint8Array(1)],
    };
    microphone.send(broadcast.id, await microphone.message(broadcast.id, frame, ulid()));
  }, 200);
  const record = await told(broadcast, t0, 0);
  clearInterval(forger);
  expect(record).toMatchObject({ end: 'expired', reason: 'lease-over' });
  expect(record.dueMs).toBeCloseTo(2_000, 0);
  expect(record.playedMs).toBeLessThanOrEqual(2_001);
  expect(record.playedMs).toBeGreaterThan(1_500);
  expect(Date.now() - silentAt).toBeGreaterThan(4_000);
  await until('the end is told', () =>
    bench.controller.acksOf(started).some(({ state }) => state === 'ended'),
  );
  expect(microphone.listening(broadcast.id)).toBe(0);
});

test('a stop is heard at once, though the microphone goes on', { ...PATIENCE }, async () => {
  const broadcast = await live((id) => [livePart(id, 0, 3_600_000)]);
  await listens(broadcast);
  const t0 = Date.now() + 700;
  await begin(broadcast, t0);
  const speaking = microphone.speak(broadcast.id, clicking.packets, { at: t0, leadMs: LEAD_MS });
  await until('it sounds', () =>
    bench.controller.heartbeats().at(-1)?.playing?.occurrence.startsWith(broadcast.id),
  );
  const stoppedAt = Date.now();
  await order({ v: 1, type: 'stop', broadcast: broadcast.id });
  const record = await told(broadcast, t0, 0);
  expect(record).toMatchObject({ end: 'stopped', reason: 'stopped' });
  expect(record.endedAt).toBeGreaterThan(stoppedAt - 100);
  expect(record.endedAt).toBeLessThan(stoppedAt + 1_000);
  await speaking;
  expect(microphone.listening(broadcast.id)).toBe(0);
});

test('an emergency comes before what is said live, which is joined again afterwards where it has got to', {
  ...PATIENCE,
}, async () => {
  const { controller } = bench;
  const siren = await tone(1.5, 800, 'mp3');
  controller.addBlob(siren);
  const broadcast = await live((id) => [livePart(id, 0, 3_600_000)], { resume: 'join' });
  await listens(broadcast);
  const t0 = Date.now() + 700;
  await begin(broadcast, t0);
  const sound = (await opusPackets(sine(6, 440))).packets;
  const speaking = microphone.speak(broadcast.id, sound, { at: t0, leadMs: LEAD_MS });
  await until('it sounds', () =>
    controller.heartbeats().at(-1)?.playing?.occurrence.startsWith(broadcast.id),
  );
  const emergency = broadcastOf([broadcastPart(siren, 1_500)], { priority: 'emergency' });
  const prepared = await order({ v: 1, type: 'prepare', broadcast: emergency });
  await until('it is ready', () => controller.acksOf(prepared).some(({ state }) => state === 'ready'));
  const e0 = Date.now() + 600;
  await begin(emergency, e0);
  await speaking;
  expect((await told(emergency, e0, 0)).end).toBe('completed');
  const records = await until('both stretches are told', () => {
    const all = bench.recordsOf(broadcastOccurrenceId(broadcast.id, t0));
    return all.length === 2 && all;
  });
  expect(records.map(({ end }) => end)).toEqual(['preempted', 'completed']);
  const [before, after] = records;
  expect(before?.endedAt).toBeGreaterThan(e0 - 50);
  expect(before?.endedAt).toBeLessThan(e0 + 50);
  expect(after?.startedAt).toBeGreaterThan(e0 + 1_450);
  // In step: its place in what was said is the time that has passed.
  expect((after?.startedAt ?? 0) - (after?.fromMs ?? 0)).toBeCloseTo(t0, -1);
  expect(after?.dueMs).toBeCloseTo(6_000, -2);
});

test('an emergency whose files are not here sounds at once with a tone, goes over to the message, and its proof does not call the tone a message', {
  ...PATIENCE,
}, async () => {
  const { controller } = bench;
  const message = await tone(8, 1_500, 'mp3');
  controller.faults.set(controller.addBlob(message), { pace: 60_000 });
  await bench.on();
  await bench.born();
  await until('its clock is right', () => controller.heartbeats().at(-1)?.clock.synced);
  const emergency = broadcastOf([broadcastPart(message, 8_000)], { priority: 'emergency' });
  const t0 = Date.now() + 400;
  const id = await begin(emergency, t0);
  const records = await until('both stretches are told', () => {
    const all = bench.recordsOf(broadcastOccurrenceId(emergency.id, t0));
    return all.length === 2 && all;
  });
  const [alarm, said] = records;
  expect(alarm).toMatchObject({ end: 'fault', reason: 'built-in-tone', playedMs: 0 });
  expect(said?.end).toBe('completed');
  expect(said?.fromMs).toBeGreaterThan(1_000);
  expect(said?.playedMs).toBeCloseTo(8_000 - (said?.fromMs ?? 0), -2);
  expect(Math.abs((said?.startedAt ?? 0) - (said?.fromMs ?? 0) - t0)).toBeLessThan(20);
  const started = controller.acksOf(id).find(({ state }) => state === 'started');
  expect((started?.startedAt ?? 0) - t0).toBeLessThan(1_000);
  const wav = await until('the recording', () => readWav(wavOf(emergency, t0)).catch(() => null));
  const turn = Math.round((((said?.startedAt ?? 0) - (alarm?.startedAt ?? 0)) / 1_000) * 48_000);
  expect(rmsDbfs(wav.subarray(0, turn - 4_800))).toBeGreaterThan(-15);
  expect(levelOf(wav.subarray(0, 24_000), 1_500)).toBeLessThan(-35);
  expect(levelOf(wav.subarray(turn + 4_800, turn + 28_800), 1_500)).toBeGreaterThan(-25);
});

test('a speaker whose power went and came joins what is said live, and tells both stretches', {
  ...PATIENCE,
}, async () => {
  const broadcast = await live((id) => [livePart(id, 0, 3_600_000)]);
  await listens(broadcast);
  const t0 = Date.now() + 700;
  await begin(broadcast, t0);
  const sound = (await opusPackets(sine(9, 440))).packets;
  const speaking = microphone.speak(broadcast.id, sound, { at: t0, leadMs: LEAD_MS });
  await until('it sounds', () =>
    bench.controller.heartbeats().at(-1)?.playing?.occurrence.startsWith(broadcast.id),
  );
  await bench.off();
  await bench.on(skewed());
  await speaking;
  const records = await until('both stretches are told', () => {
    const all = bench.recordsOf(broadcastOccurrenceId(broadcast.id, t0));
    return all.length === 2 && all;
  });
  expect(records.map(({ end }) => end)).toEqual(['power', 'completed']);
  const [before, after] = records;
  expect(after?.dueMs).toBeCloseTo(9_000, -2);
  expect(after?.fromMs).toBeGreaterThan((before?.playedMs ?? 0) - 100);
  expect(Math.abs((after?.playedMs ?? 0) + (after?.fromMs ?? 0) - (after?.dueMs ?? 0))).toBeLessThan(300);
});

test('a device of a fleet, which decodes nothing, takes live sound at its time and tells its length', {
  ...PATIENCE,
}, async () => {
  const id = ulid();
  const broadcast = broadcastOf([livePart(id, 0, 3_600_000)], { id, priority: 'live' });
  await bench.on({ decoder: 'silent', wav: false });
  await bench.born();
  await until('its clock is right', () => bench.controller.heartbeats().at(-1)?.clock.synced);
  await listens(broadcast);
  const t0 = Date.now() + 700;
  await begin(broadcast, t0);
  await microphone.speak(id, clicking.packets.slice(0, 100), { at: t0, leadMs: LEAD_MS });
  const record = await told(broadcast, t0, 0);
  expect(record).toMatchObject({ end: 'completed', fromMs: 0 });
  expect(record.dueMs).toBeCloseTo(2_000, 0);
});
