import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OggPackets } from '#controller/live-audio/ogg-packets';
import { opusDurationMs, SILENCE } from '#controller/live-audio/opus-packet';
import { mendRecording, Recorder } from '#controller/live-audio/recorder';
import { spokenPackets } from '../support/live-microphone.ts';
import { PACKAGED } from '../support/recordings.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'loa-recording-'));
});
afterEach(() => rm(directory, { recursive: true }));

const speech = await spokenPackets(8);

async function record(packets: readonly Uint8Array[]): Promise<string> {
  const file = path.join(directory, 'said.ogg');
  const recorder = await Recorder.open(file);
  for (const packet of packets) recorder.take(packet);
  await recorder.finish();
  return file;
}

/** Seconds that ffmpeg decodes of it, without a complaint. */
async function seconds(file: string): Promise<number> {
  const { stderr } = await promisify(execFile)(PACKAGED.ffmpeg, [
    ...['-nostdin', '-hide_banner', '-xerror', '-i', file, '-f', 'null', '-'],
  ]);
  const [, hours, minutes, rest] = /time=(\d+):(\d+):([\d.]+)(?!.*time=)/s.exec(stderr) ?? [];
  expect(stderr).not.toMatch(/error|invalid|corrupt/i);
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
}

test('what is said is written as a file that other programs read, packet for packet', async () => {
  const file = await record(speech);
  expect(new OggPackets().feed(await readFile(file)).map((each) => Buffer.from(each))).toEqual(
    speech.map((each) => Buffer.from(each)),
  );
  expect(Math.abs((await seconds(file)) - speech.length / 50)).toBeLessThan(0.1);
});

test('a recording that broke off anywhere is read up to there', async () => {
  const whole = await readFile(await record(speech));
  for (const share of [0.3, 0.5, 0.77, 0.999]) {
    const file = path.join(directory, `broken-${share}.ogg`);
    await writeFile(file, whole);
    await truncate(file, Math.floor(whole.length * share));
    const ms = await mendRecording(file);
    // Pages of a second, and packets of about one size.
    expect(ms).toBeGreaterThan(speech.length * 20 * share - 2_500);
    expect(Math.abs((await seconds(file)) * 1_000 - ms)).toBeLessThan(100);
  }
});

test('a recording that is not even begun is nothing, and no error', async () => {
  const file = path.join(directory, 'empty.ogg');
  await writeFile(file, '');
  expect(await mendRecording(file)).toBe(0);
  await writeFile(file, 'OggS');
  expect(await mendRecording(file)).toBe(0);
});

test('how long a packet sounds is read from its first byte, and nonsense is nothing', () => {
  expect(speech.every((packet) => opusDurationMs(packet) === 20)).toBe(true);
  expect(opusDurationMs(SILENCE)).toBe(20);
  expect(opusDurationMs(Uint8Array.of(0b0001_0000, 1))).toBe(40);
  expect(opusDurationMs(Uint8Array.of(0b1111_1011, 3, 1, 1))).toBe(60);
  expect(opusDurationMs(Uint8Array.of(0b0001_1011, 3, 1))).toBeNull();
  expect(opusDurationMs(Uint8Array.of(0b1111_1011))).toBeNull();
  expect(opusDurationMs(Uint8Array.of())).toBeNull();
  expect(opusDurationMs(new Uint8Array(5_000))).toBeNull();
});

test('what is no Ogg is told from what is not all there yet', () => {
  expect(() => new OggPackets().feed(Buffer.from('RIFF and so on, and more than a header'))).toThrow(
    /not Ogg/,
  );
  expect(new OggPackets().feed(Buffer.from('OggS'))).toEqual([]);
});
