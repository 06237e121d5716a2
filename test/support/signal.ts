import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';

const run = promisify(execFile);

/** Any sound file as mono samples from -1 to 1 at `rate` Hz, decoded by ffmpeg. */
export async function samplesOf(file: string, rate: number): Promise<Float32Array> {
  const { stdout } = await run(
    ffmpegInstaller.path,
    ['-v', 'error', '-i', file, '-ac', '1', '-ar', String(rate), '-f', 'f32le', 'pipe:1'],
    { encoding: 'buffer', maxBuffer: 1 << 30 },
  );
  return new Float32Array(stdout.buffer, stdout.byteOffset, stdout.byteLength >> 2);
}

/** Integrated loudness and true peak of a file, by ffmpeg's ebur128 filter (EBU R 128). */
export async function loudnessOf(file: string): Promise<{ lufs: number; truePeakDbtp: number }> {
  const { stderr } = await run(
    ffmpegInstaller.path,
    ['-hide_banner', '-nostats', '-i', file, '-af', 'ebur128=peak=true', '-f', 'null', '-'],
    { maxBuffer: 1 << 28 },
  );
  const summary = stderr.slice(stderr.lastIndexOf('Summary:'));
  const number = (pattern: RegExp): number => {
    const match = pattern.exec(summary);
    if (match?.[1] === undefined) throw new Error(`ffmpeg measured nothing of ${file}:\n${stderr}`);
    return Number(match[1]);
  };
  return { lufs: number(/I:\s+(-?[\d.]+) LUFS/), truePeakDbtp: number(/Peak:\s+(-?[\d.]+) dBFS/) };
}

/**
 * The best alignment of `b` within ± `maxLag` samples of `a`.
 * @returns the lag in samples, positive when `b` is later, and the normalised correlation there, -1 to 1.
 */
export function correlate(
  a: Float32Array,
  b: Float32Array,
  maxLag: number,
): { lag: number; correlation: number } {
  let best = { lag: 0, correlation: -1 };
  for (let lag = -maxLag; lag <= maxLag; lag += 1) {
    let product = 0;
    let energyA = 0;
    let energyB = 0;
    const from = Math.max(0, -lag);
    const to = Math.min(a.length, b.length - lag);
    for (let index = from; index < to; index += 1) {
      const x = a[index] as number;
      const y = b[index + lag] as number;
      product += x * y;
      energyA += x * x;
      energyB += y * y;
    }
    const correlation = product / Math.sqrt(energyA * energyB || 1);
    if (correlation > best.correlation) best = { lag, correlation };
  }
  return best;
}

/** Pieces of speech that are long enough to be told from any other. */
const PIECE_MS = 2_000;
const FRAME_MS = 10;

/**
 * How much of what was heard is what was said over and over, by how loudness rises and falls: that outlives codecs and
 * what a browser does to a voice. Chimes and pauses do not count.
 * @returns seconds.
 */
export function spokenIn(heard: Float32Array, said: Float32Array, rate: number): number {
  const once = loudnessOver(said, rate);
  const original = Float32Array.of(...once, ...once);
  const copy = loudnessOver(heard, rate);
  const length = PIECE_MS / FRAME_MS;
  let alike = 0;
  for (let from = 0; from + length <= copy.length; from += length / 2) {
    const piece = aroundMean(copy.subarray(from, from + length));
    let best = 0;
    for (let at = 0; at + length <= original.length; at += 1)
      best = Math.max(best, correlate(aroundMean(original.subarray(at, at + length)), piece, 0).correlation);
    if (best > 0.85) alike += 1;
  }
  return (alike * PIECE_MS) / 2_000;
}

/** The longest stretch in which nothing is heard, seconds. */
export function longestSilence(heard: Float32Array, rate: number): number {
  let longest = 0;
  let now = 0;
  for (const level of loudnessOver(heard, rate)) {
    now = level < -60 ? now + FRAME_MS : 0;
    longest = Math.max(longest, now);
  }
  return longest / 1_000;
}

/** The level of each ten milliseconds, dB of full scale, not below −70. */
function loudnessOver(samples: Float32Array, rate: number): Float32Array {
  const size = (rate * FRAME_MS) / 1_000;
  return Float32Array.from({ length: Math.floor(samples.length / size) }, (_, frame) => {
    let squares = 0;
    for (let index = frame * size; index < (frame + 1) * size; index += 1)
      squares += (samples[index] as number) ** 2;
    return Math.max(-70, 10 * Math.log10(squares / size + 1e-12));
  });
}

function aroundMean(levels: Float32Array): Float32Array {
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  return levels.map((level) => level - mean);
}
