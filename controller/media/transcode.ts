import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import {
  encodeCommand,
  FILES,
  type Limiting,
  measureCommand,
  measureLimitedCommand,
  verifyCommand,
  WAVEFORM_RATE,
} from './commands.ts';
import { FfmpegError, type MediaRunner } from './ffmpeg.ts';
import { firstDrive, fitsLinearly, isDriven, isSilent, nextDrive } from './level.ts';
import { type Loudness, readLoudness } from './loudness.ts';
import { type Probed, probe } from './probe.ts';
import { Refusal } from './refusal.ts';
import { Waveform } from './waveform.ts';
import { shareThere } from './whole.ts';

export interface MediaLimits {
  readonly longestSeconds: number;
  readonly shortestSeconds: number;
}

export type TranscodeStage = 'probing' | 'measuring' | 'encoding' | 'storing';

export interface TranscodeJob {
  /** Holds `source`; the renditions appear beside it. */
  readonly cwd: string;
  readonly limits: MediaLimits;
  readonly signal: AbortSignal;
  readonly onStage: (stage: TranscodeStage, ratio: number) => void;
}

export interface Transcoded {
  readonly format: string;
  /** Counted on the samples that went into the encoders; whole milliseconds. */
  readonly durationMs: number;
  readonly source: Loudness;
  /** Of the Opus rendition, decoded again: what devices will play. */
  readonly rendition: Loudness;
  readonly peaks: Uint8Array;
}

/** Slower than a real voice has ever been coded; see {@link refuseLong}. */
const LEAST_BYTES_PER_SECOND = 400;
const MOST_DRIVES = 3;
/** A rendition farther from the target than this is not let through. */
const MOST_ERROR_LU = 2;

/**
 * Makes the two renditions of `source`: probe, measure, if the peaks ask for it press them until one turn of the knob
 * brings the sound to the target, encode, and measure what came out.
 * @throws Refusal saying why the file is not taken; the signal's reason when cancelled. The renditions that may lie
 *   half-written in the directory are the caller's to remove.
 */
export async function transcode(runner: MediaRunner, job: TranscodeJob): Promise<Transcoded> {
  const { cwd, limits, signal, onStage } = job;
  onStage('probing', 0);
  const { size } = await stat(path.join(cwd, FILES.source));
  if (size === 0) throw new Refusal('empty');
  const probed = await probe(runner, job);
  const share = await shareThere(probed.container, cwd);
  const promised = share < 1 ? (probed.likelySeconds ?? 0) / share : (probed.claimedSeconds ?? 0);
  refuseLong(promised, size, limits);

  // A little more than allowed is decoded, so that "exactly the limit" and "more" are told apart.
  const limitSeconds = limits.longestSeconds + 2;
  const timeoutMs = 120_000 + limits.longestSeconds * 500;
  const measure = (command: ReturnType<typeof measureCommand>, from: number, to: number) =>
    runner.run(command, {
      cwd,
      signal,
      timeoutMs,
      onProgress: (seconds) =>
        onStage('measuring', from + (to - from) * ratioOf(seconds, probed.claimedSeconds)),
    });
  onStage('measuring', 0);
  const heard = await measure(measureCommand(limitSeconds), 0, 0.5).catch(refuseUndecodable);
  if (heard.seconds > limits.longestSeconds) refuseLong(heard.seconds, size, limits);
  refuseTruncated(probed, heard.seconds, endsEarly(probed, heard.log) ? Math.min(share, 0.99) : share);
  if (heard.seconds < limits.shortestSeconds) {
    throw new Refusal('too-short', { seconds: limits.shortestSeconds });
  }
  const source = readLoudness(heard.log);
  if (isSilent(source)) throw new Refusal('silent');

  let limiting: Limiting | null = null;
  let measured = source;
  if (!fitsLinearly(source)) {
    for (let drive = 0; drive < MOST_DRIVES && (limiting === null || !isDriven(measured)); drive += 1) {
      limiting = limiting === null ? firstDrive(source) : nextDrive(limiting, measured);
      const again = await measure(measureLimitedCommand(limiting, limitSeconds), 0.5, 1);
      measured = readLoudness(again.log);
    }
  }

  onStage('encoding', 0);
  // An ffmpeg that outlived a killed controller may still write into the old files; the new ones are others.
  for (const name of [FILES.opus, FILES.mp3]) await rm(path.join(cwd, name), { force: true });
  const pipe = new Waveform();
  await runner.run(
    encodeCommand(measured, limiting, {
      seconds: limitSeconds,
      bytes: 65_536 + Math.ceil(heard.seconds * 24_000),
    }),
    {
      cwd,
      signal,
      timeoutMs,
      pipe,
      onProgress: (seconds) => onStage('encoding', ratioOf(seconds, heard.seconds)),
    },
  );
  const durationMs = Math.round((pipe.samples / WAVEFORM_RATE) * 1_000);

  onStage('storing', 0);
  const played = await runner.run(verifyCommand(limitSeconds), {
    cwd,
    signal,
    timeoutMs,
    onProgress: (seconds) => onStage('storing', ratioOf(seconds, heard.seconds)),
  });
  const rendition = readLoudness(played.log);
  verify(rendition, played.seconds, durationMs);
  await breathe();
  return {
    format: `${probed.container.split(',', 1)[0]}/${probed.codec}`,
    durationMs,
    source,
    rendition,
    peaks: pipe.peaks,
  };
}

const ratioOf = (seconds: number, total: number | null): number =>
  total === null || total <= 0 ? 0 : Math.min(1, seconds / total);

/**
 * Too long is too long; but 24 hours in 100 kB is no recording, and is called what it is.
 * @param seconds claimed, or decoded so far.
 */
function refuseLong(seconds: number, bytes: number, { longestSeconds }: MediaLimits): void {
  if (seconds <= longestSeconds) return;
  if (bytes / seconds < LEAST_BYTES_PER_SECOND) throw new Refusal('bomb');
  throw new Refusal('too-long', { minutes: Math.round(longestSeconds / 60) });
}

/**
 * MP3 without a length header, ADTS and the like say nothing about their length: of such a file that was cut, nobody
 * can know it, and what is there is taken.
 */
function refuseTruncated({ claimedSeconds }: Probed, heardSeconds: number, share: number): void {
  const found = Math.round(heardSeconds * 10) / 10;
  if (share < 1) {
    const expectedSeconds = Math.round((heardSeconds / Math.max(share, 0.001)) * 10) / 10;
    throw new Refusal('truncated', share > 0.98 ? {} : { expectedSeconds, foundSeconds: found });
  }
  if (claimedSeconds === null) return;
  if (heardSeconds < claimedSeconds - Math.max(0.5, claimedSeconds * 0.02)) {
    throw new Refusal('truncated', {
      expectedSeconds: Math.round(claimedSeconds * 10) / 10,
      foundSeconds: found,
    });
  }
}

/** Matroska and WebM that broke off inside a cluster; ffmpeg 4 and 5 have different words for it. */
const endsEarly = ({ container }: Probed, log: readonly string[]): boolean =>
  container.startsWith('matroska') && log.some((line) => /File ended prematurely|\] Read error/.test(line));

/** A header that looked right with nothing behind it that decodes. */
function refuseUndecodable(error: unknown): never {
  if (error instanceof FfmpegError) throw new Refusal('not-audio', {}, error);
  throw error;
}

function verify(rendition: Loudness, seconds: number, durationMs: number): void {
  if (Math.abs(seconds * 1_000 - durationMs) > 100) {
    throw new Refusal('failed', {
      detail: `the rendition has ${seconds} s instead of ${durationMs / 1_000} s`,
    });
  }
  if (Math.abs(rendition.integratedLufs + 16) > MOST_ERROR_LU) {
    throw new Refusal('not-exact', { lufs: rendition.integratedLufs });
  }
}
