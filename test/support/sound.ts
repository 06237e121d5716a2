import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '#firmware-sim/speaker/ffmpeg';

const run = promisify(execFile);

/** A tone as an Ogg Opus or MP3 file, made by the real encoder. */
export async function tone(seconds: number, frequency: number, form: 'ogg' | 'mp3' = 'ogg'): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), 'loa-tone-'));
  const path = join(dir, `tone.${form}`);
  const codec = form === 'ogg' ? ['-c:a', 'libopus', '-b:a', '48k'] : ['-c:a', 'libmp3lame', '-b:a', '96k'];
  const source = `sine=frequency=${frequency}:sample_rate=48000:duration=${seconds}`;
  await run(await findFfmpeg(undefined), [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    source,
    '-ac',
    '1',
    ...codec,
    path,
  ]);
  const bytes = await readFile(path);
  await rm(dir, { recursive: true });
  return bytes;
}

/** The samples of a 16-bit mono WAV, checked to be one of 48 kHz. */
export async function readWav(path: string): Promise<Int16Array> {
  const bytes = await readFile(path);
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.readUInt32LE(24) !== 48_000)
    throw new Error(`${path} is no WAV`);
  const length = bytes.readUInt32LE(40);
  if (bytes.length !== 44 + length)
    throw new Error(`${path} is not whole: ${bytes.length} of ${44 + length} bytes`);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length));
}

/** The level of one frequency in the samples, in dB of full scale (Goertzel). */
export function levelOf(samples: Int16Array, frequency: number): number {
  const omega = (2 * Math.PI * frequency) / 48_000;
  let real = 0;
  let imaginary = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = (samples[index] ?? 0) / 32_768;
    real += sample * Math.cos(omega * index);
    imaginary += sample * Math.sin(omega * index);
  }
  return 20 * Math.log10((2 * Math.hypot(real, imaginary)) / samples.length + 1e-9);
}

export function rmsDbfs(samples: Int16Array): number {
  let squares = 0;
  for (const sample of samples) squares += (sample / 32_768) ** 2;
  return 10 * Math.log10(squares / samples.length + 1e-12);
}
