import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import { describe, expect, test } from 'vitest';
import { LevelWatch } from '../../web-console/pages/on-air/microphone/level.ts';
import { oggOf } from '../../web-console/pages/on-air/microphone/ogg.ts';
import { wavOf } from '../../web-console/pages/on-air/microphone/wav.ts';
import { wholeNumbers } from '../../web-console/pages/on-air/microphone/whole-numbers.ts';
import { spokenPackets } from '../support/live-microphone.ts';
import { samplesOf } from '../support/signal.ts';

const RATE = 48_000;
const BLOCK = 480;

/** So many milliseconds of a tone of that height. */
function feed(watch: LevelWatch, amplitude: number, ms: number): void {
  for (let at = 0; at < ms; at += 10)
    watch.feed(
      Float32Array.from({ length: BLOCK }, (_, index) => amplitude * Math.sin((2 * Math.PI * index) / 48)),
    );
}

describe('how loud a voice is, in words', () => {
  test('nothing is said before anything was heard', () => {
    const watch = new LevelWatch(RATE);
    feed(watch, 0.1, 200);
    expect(watch.loudness).toBeNull();
  });

  test.each([
    ['silent', 0.0001],
    ['quiet', 0.008],
    ['good', 0.1],
    ['clipping', 1],
  ] as const)('a voice that is %s is told so', (loudness, amplitude) => {
    const watch = new LevelWatch(RATE);
    feed(watch, amplitude, 3_000);
    expect(watch.loudness).toBe(loudness);
  });

  test('a pause between two sentences is no silence, and a cut sample is forgotten after three seconds', () => {
    const watch = new LevelWatch(RATE);
    feed(watch, 1, 20);
    feed(watch, 0.1, 2_000);
    feed(watch, 0, 900);
    expect(watch.loudness).toBe('clipping');
    feed(watch, 0.1, 300);
    expect(watch.loudness).toBe('good');
  });

  test('the mark of the peak is held and falls slowly', () => {
    const watch = new LevelWatch(RATE);
    feed(watch, 0.5, 10);
    const highest = watch.peakDbfs;
    expect(highest).toBeCloseTo(-6, 0);
    feed(watch, 0, 500);
    expect(watch.peakDbfs).toBeCloseTo(highest - 6, 0);
  });
});

describe('what was recorded in the browser is a file that others can read', () => {
  async function decoded(blob: Blob, name: string): Promise<Float32Array> {
    const directory = await mkdtemp(path.join(tmpdir(), 'loa-recorded-'));
    try {
      const file = path.join(directory, name);
      await writeFile(file, Buffer.from(await blob.arrayBuffer()));
      // Any damage of the container is an error.
      await promisify(execFile)(ffmpegInstaller.path, [
        ...['-v', 'error', '-xerror', '-err_detect', 'explode', '-i', file, '-f', 'null', '-'],
      ]);
      return await samplesOf(file, RATE);
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  test('Opus packets in Ogg, to the packet', async () => {
    const packets = await spokenPackets(3);
    const samples = await decoded(oggOf(packets, 20), 'recorded.ogg');
    expect(samples.length / RATE).toBeCloseTo(packets.length * 0.02, 1);
    expect(samples.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
  });

  test('plain samples in WAV, to the sample', async () => {
    const block = Float32Array.from({ length: 4_800 }, (_, index) => Math.sin(index / 10));
    const samples = await decoded(wavOf([wholeNumbers(block), wholeNumbers(block)], RATE), 'recorded.wav');
    expect(samples.length).toBe(9_600);
    expect(Math.abs((samples[4_800 + 16] ?? 0) - Math.sin(1.6))).toBeLessThan(0.001);
  });
});
