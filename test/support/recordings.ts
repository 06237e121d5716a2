import { execFile } from 'node:child_process';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import ffprobeInstaller from '@ffprobe-installer/ffprobe';
import { speakTo } from './spoken.ts';

const run = promisify(execFile);

/** The programs that come with the packages: the same on every machine, and the oldest that must do. */
export const PACKAGED = { ffmpeg: ffmpegInstaller.path, ffprobe: ffprobeInstaller.path };

/** Runs ffmpeg by hand, as a person at a terminal. */
export async function byHand(...args: string[]): Promise<void> {
  await run(PACKAGED.ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args], { maxBuffer: 1 << 26 });
}

/** Real speech of `seconds`, saved by ffmpeg with these options, such as `['-c:a', 'libmp3lame']`. */
export async function speechFile(
  file: string,
  { seconds = 12, options = [] }: { seconds?: number; options?: readonly string[] } = {},
): Promise<string> {
  const spoken = `${file}.spoken.wav`;
  await speakTo(spoken);
  await byHand('-stream_loop', '100', '-i', spoken, '-t', String(seconds), '-map', '0:a', ...options, file);
  return file;
}

/** Sound of ffmpeg's own sources, such as `anullsrc=r=48000:cl=mono`. */
export async function synthetic(file: string, source: string, options: readonly string[]): Promise<string> {
  await byHand('-f', 'lavfi', '-i', source, ...options, file);
  return file;
}

/** A copy that broke off: the first `share` of the bytes. */
export async function brokenOff(file: string, share: number): Promise<string> {
  const copy = path.join(path.dirname(file), `broken-${path.basename(file)}`);
  const bytes = await readFile(file);
  await writeFile(copy, bytes);
  await truncate(copy, Math.floor(bytes.length * share));
  return copy;
}

/** A WAV header that promises `seconds`, with almost nothing behind it. */
export async function boast(file: string, seconds: number): Promise<string> {
  const head = Buffer.alloc(44 + 8_000);
  const promised = seconds * 8_000;
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE((36 + promised) >>> 0, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(promised >>> 0, 40);
  await writeFile(file, head);
  return file;
}

/** What ffprobe says of a stream. */
export async function streamOf(
  file: string,
): Promise<{ codec: string; rate: number; channels: number; seconds: number; bitRate: number }> {
  const { stdout } = await run(PACKAGED.ffprobe, [
    '-v',
    'error',
    '-of',
    'json',
    '-show_entries',
    'stream=codec_name,sample_rate,channels:format=duration,bit_rate',
    file,
  ]);
  const { streams, format } = JSON.parse(stdout);
  return {
    codec: streams[0].codec_name,
    rate: Number(streams[0].sample_rate),
    channels: streams[0].channels,
    seconds: Number(format.duration),
    bitRate: Number(format.bit_rate),
  };
}
