import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Output } from '#firmware-sim/speaker/output';
import { alsaIsHere } from '../support/alsa.ts';
import { DeviceBench } from '../support/device-bench.ts';
import { until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';
import { levelOf, readWav, tone } from '../support/sound.ts';

/** What a real card and a command are given, without either being there: ALSA's library with its `file` plugin, and `cat`. */
const PATIENCE = { timeout: 90_000 };
let bench: DeviceBench;
let sound: Buffer;
let folder = '';
const before = process.env.ALSA_CONFIG_PATH;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-alsa-'));
  const config = join(folder, 'asound.conf');
  const pcm = (name: string, file: string) =>
    `pcm.${name} { type file file "${join(folder, file)}" format raw slave { pcm { type null } } }\n`;
  await writeFile(config, pcm('paper', 'paper.raw') + pcm('wide', 'wide.raw'));
  process.env.ALSA_CONFIG_PATH = config;
  sound = await tone(3, 700);
}, 60_000);
afterAll(async () => {
  if (before === undefined) delete process.env.ALSA_CONFIG_PATH;
  else process.env.ALSA_CONFIG_PATH = before;
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  bench = await DeviceBench.open();
});
afterEach(() => bench.close());

/** Lets the device play a programme of two parts. @returns what it says that came out, and the proof. */
async function play(output: Output, volume = 50): Promise<Int16Array> {
  const { controller } = bench;
  const sha = controller.addBlob(sound);
  await bench.on({ output });
  await bench.born();
  const parts = [part(sha, 3_000, { role: 'chime' }), part(sha, 3_000, { offsetMs: 3_400 })];
  const news = occurrence(Date.now() + 5_000, parts);
  const { id } = await controller.desire(planOf([news], controller.blobs), { settings: { volume } });
  await bench.ready(id);
  const record = await until('the proof comes', () => bench.recordOf(news.id, 1), 60_000);
  expect(record).toMatchObject({ end: 'completed', volume });
  await until('the recording appears whole', () => existsSync(bench.wav(news.id)));
  const heard = await readWav(bench.wav(news.id));
  // What left the program is still on its way through the card's buffer: a device that is switched off now cuts it.
  await sleep(1_000);
  await bench.off();
  return heard;
}

async function samplesIn(file: string): Promise<Int16Array> {
  const bytes = await readFile(file);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
}

/** Where a piece begins within a longer one, sample by sample; -1 when it is nowhere. */
function placeOf(piece: Int16Array, whole: Int16Array): number {
  const needle = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength).indexOf(needle) / 2;
}

/** Without the silence at either end. */
function voiced(samples: Int16Array): Int16Array {
  const first = samples.findIndex((sample) => sample !== 0);
  return samples.subarray(first, samples.findLastIndex((sample) => sample !== 0) + 1);
}

test.skipIf(!alsaIsHere)(
  'a sound card is given the programme sample by sample, and silence around it',
  PATIENCE,
  async () => {
    const heard = voiced(await play({ to: 'alsa', name: 'paper', channels: undefined }));
    expect(heard.length / 48, 'two parts and the pause between').toBeGreaterThan(6_300);
    expect(
      levelOf(heard.subarray(4_800, 100_000), 700),
      'the tone at a quarter of its level',
    ).toBeGreaterThan(-40);
    const card = await samplesIn(join(folder, 'paper.raw'));
    const place = placeOf(heard, card);
    expect(place, 'what is in the recording went through the card').toBeGreaterThan(0);
    expect(voiced(card), 'and nothing else').toHaveLength(heard.length);
    expect(bench.events.filter(({ type }) => type === 'fault')).toEqual([]);
  },
);

test.skipIf(!alsaIsHere)('a card with two channels is given both', PATIENCE, async () => {
  const heard = voiced(await play({ to: 'alsa', name: 'wide', channels: 2 }));
  const both = await samplesIn(join(folder, 'wide.raw'));
  const left = both.filter((_, index) => index % 2 === 0);
  const right = both.filter((_, index) => index % 2 === 1);
  expect(placeOf(heard, left)).toBeGreaterThan(0);
  expect(right).toEqual(left);
});

test('a command is given the programme on its input, at its pace', PATIENCE, async () => {
  const file = join(folder, 'cat.raw');
  const heard = voiced(await play({ to: 'command', command: `cat > "${file}"`, channels: 1 }));
  const taken = await samplesIn(file);
  expect(placeOf(heard, taken)).toBeGreaterThan(0);
  expect(voiced(taken)).toHaveLength(heard.length);
});

test('a command that ends is started again, and what it missed is told', PATIENCE, async () => {
  const file = join(folder, 'runs.txt');
  const { controller } = bench;
  await bench.on({
    output: { to: 'command', command: `echo run >> "${file}"; head -c 400000 > /dev/null`, channels: 1 },
  });
  await bench.born();
  await until(
    'it is started a second time',
    async () => (await readFile(file, 'utf8')).split('\n').length > 2,
  );
  expect(bench.events).toContainEqual(expect.objectContaining({ type: 'fault', what: 'output-lost' }));
  await until('the controller hears of it', () =>
    controller.heartbeats().some(({ faults }) => faults.includes('output-lost')),
  );
  expect((await stat(file)).size).toBeGreaterThan(0);
});

test.skipIf(!alsaIsHere)(
  'a card that is not there is named with what to do, and the device runs all the same',
  PATIENCE,
  async () => {
    await bench.on({ output: { to: 'alsa', name: 'horn-on-the-roof', channels: undefined } });
    await bench.born();
    const fault = bench.events.find((event) => event.type === 'fault' && event.what === 'output-lost');
    expect(fault).toMatchObject({ detail: expect.stringContaining('horn-on-the-roof') });
    expect(fault).toMatchObject({ detail: expect.stringContaining('aplay -L') });
  },
);

test('what went to an output that was away does not count as played', PATIENCE, async () => {
  const file = join(folder, 'broken');
  const { controller } = bench;
  const sha = controller.addBlob(sound);
  // It plays until somebody breaks it, and cannot be started again as long as it is broken.
  const command = `[ ! -e "${file}" ] || exit 1; while [ ! -e "${file}" ]; do head -c 9600 > /dev/null; done`;
  await bench.on({ output: { to: 'command', command, channels: 1 } });
  await bench.born();
  const news = occurrence(Date.now() + 6_000, [part(sha, 3_000), part(sha, 3_000, { offsetMs: 3_000 })]);
  const { id } = await controller.desire(planOf([news], controller.blobs));
  await bench.ready(id);
  await until('it is on the air', () =>
    controller.heartbeats().some(({ playing }) => playing?.occurrence === news.id),
  );
  await writeFile(file, '');
  const record = await until('the record comes', () => bench.recordOf(news.id, 1), 60_000);
  expect(record).toMatchObject({ end: 'fault', reason: 'output-lost' });
  expect(record.playedMs).toBeLessThan(1_000);
});
