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
