import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  encodeCommand,
  FILES,
  type Limiting,
  type MediaCommand,
  measureCommand,
  measureLimitedCommand,
  type OpusMode,
  verifyCommand,
  WAVEFORM_RATE,
} from './commands.ts';
import { FfmpegError, type MediaRunner, type RunOptions, type RunResult } from './ffmpeg.ts';
import { type MediaLimits, refuseLong, refuseTruncated } from './inspect.ts';
import { firstDrive, fitsLinearly, isDriven, isSilent, nextDrive, reachableLufs } from './level.ts';
import { type Loudness, readLoudness } from './loudness.ts';
import { probe } from './probe.ts';
import { Refusal } from './refusal.ts';
import { Waveform } from './waveform.ts';
import { shareThere } from './whole.ts';

export type TranscodeStage = 'probing' | 'measuring' | 'encoding' | 'storing';

export interface TranscodeJob {
  /** Holds `source`; the renditions appear beside it. */
  readonly cwd: string;
  readonly limits: MediaLimits;
  /** Somebody waits for it, and it is a synthetic voice. */
  readonly inHaste?: boolean;
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

const MOST_DRIVES = 3;
/** Farther from the target than this, the sound is coded once more in the mode that keeps levels better. */
const GOOD_ERROR_LU = 1;
/** Farther than this, something went wrong that nobody should hear first on the air. */
const MOST_ERROR_LU = 4;

/**
 * Makes the two renditions of `source`: probe; measure; if the peaks ask for it, press them until one turn of the knob brings
 * the sound to the target; encode; measure what came out.
 * @throws Refusal saying why the file is not taken; the signal's reason when cancelled. The renditions that may lie
 *   half-written in the directory are the caller's to remove.
 */
export async function transcode(runner: MediaRunner, job: TranscodeJob): Promise<Transcoded> {
  const turn = new Turn(runner, job);
  const { format, seconds, source } = await turn.inspect();
  const level = await turn.findLevel(source);
  const made = await turn.encode(level, seconds, 'audio');
  const missed = Math.abs(made.rendition.integratedLufs - level.target);
  const best = missed <= GOOD_ERROR_LU ? made : await turn.encode(level, seconds, 'lowdelay');
  if (Math.abs(best.rendition.integratedLufs - level.target) > MOST_ERROR_LU) {
    throw new Refusal('not-exact', { lufs: best.rendition.integratedLufs });
  }
  return { format, source, ...best };
}

interface Level {
  readonly limiting: Limiting | null;
  /** Of the source, after the limiter if there is one. */
  readonly measured: Loudness;
  readonly target: number;
}

/** One file's way through ffmpeg. */
class Turn {
  readonly #runner: MediaRunner;
  readonly #job: TranscodeJob;
  /** A little more than allowed is decoded, so that "exactly the limit" and "more" are told apart. */
  readonly #limitSeconds: number;
  #expectedSeconds: number | null = null;

  constructor(runner: MediaRunner, job: TranscodeJob) {
    this.#runner = runner;
    this.#job = job;
    this.#limitSeconds = job.limits.longestSeconds + 2;
  }

  async inspect(): Promise<{ format: string; seconds: number; source: Loudness }> {
    const { cwd, limits, onStage } = this.#job;
    onStage('probing', 0);
    const { size } = await stat(path.join(cwd, FILES.source));
    if (size === 0) throw new Refusal('empty');
    const probed = await probe(this.#runner, this.#job);
    const share = await shareThere(probed.container, cwd);
    const promised = share < 1 ? (probed.likelySeconds ?? 0) / share : (probed.claimedSeconds ?? 0);
    refuseLong(promised, size, limits);
    this.#expectedSeconds = probed.likelySeconds;
    onStage('measuring', 0);
    const { seconds, log } = await this.#run(measureCommand(this.#limitSeconds), 'measuring', 0, 0.5).catch(
      refuseUndecodable,
    );
    refuseLong(seconds, size, limits);
    refuseTruncated(probed, seconds, share, log);
    if (seconds < limits.shortestSeconds) throw new Refusal('too-short', { seconds: limits.shortestSeconds });
    const source = readLoudness(log);
    if (isSilent(source)) throw new Refusal('silent');
    this.#expectedSeconds = seconds;
    return { format: `${probed.container.split(',', 1)[0]}/${probed.codec}`, seconds, source };
  }

  async findLevel(source: Loudness): Promise<Level> {
    if (fitsLinearly(source)) return { limiting: null, measured: source, target: reachableLufs(source) };
    let limiting = firstDrive(source);
    for (let drive = 1; ; drive += 1) {
      const command = measureLimitedCommand(limiting, this.#limitSeconds);
      const measured = readLoudness((await this.#run(command, 'measuring', 0.5, 1)).log);
      if (drive === MOST_DRIVES || isDriven(source, limiting, measured)) {
        return { limiting, measured, target: reachableLufs(measured) };
      }
      limiting = nextDrive(source, limiting, measured);
    }
  }

  async encode(
    { measured, limiting, target }: Level,
    seconds: number,
    opus: OpusMode,
  ): Promise<Pick<Transcoded, 'durationMs' | 'rendition' | 'peaks'>> {
    const { cwd, onStage } = this.#job;
    onStage('encoding', 0);
    // An ffmpeg that outlived a killed controller may still write into the old files; the new ones are others.
    for (const name of [FILES.opus, FILES.mp3]) await rm(path.join(cwd, name), { force: true });
    const pipe = new Waveform();
    const limits = {
      seconds: this.#limitSeconds,
      bytes: 65_536 + Math.ceil(seconds * 24_000),
      inHaste: this.#job.inHaste === true,
    };
    await this.#run(encodeCommand(measured, limiting, target, opus, limits), 'encoding', 0, 1, pipe);
    const durationMs = Math.round((pipe.samples / WAVEFORM_RATE) * 1_000);
    onStage('storing', 0);
    const played = await this.#run(verifyCommand(this.#limitSeconds), 'storing', 0, 1);
    if (Math.abs(played.seconds * 1_000 - durationMs) > 100) {
      const detail = `the rendition has ${played.seconds} s instead of ${durationMs / 1_000} s`;
      throw new Refusal('failed', { detail });
    }
    return { durationMs, rendition: readLoudness(played.log), peaks: pipe.peaks };
  }

  /** @param from and `to`: the part of the stage that this run is. */
  #run(
    command: MediaCommand,
    stage: TranscodeStage,
    from: number,
    to: number,
    pipe?: Waveform,
  ): Promise<RunResult> {
    const { cwd, signal, limits, onStage } = this.#job;
    const options: RunOptions = {
      cwd,
      signal,
      timeoutMs: 120_000 + limits.longestSeconds * 500,
      onProgress: (seconds) => {
        const expected = this.#expectedSeconds;
        const ratio = expected === null ? 0 : Math.min(1, seconds / expected);
        onStage(stage, from + (to - from) * ratio);
      },
    };
    return this.#runner.run(command, pipe === undefined ? options : { ...options, pipe });
  }
}

/** A header that looked right with nothing behind it that decodes. */
function refuseUndecodable(error: unknown): never {
  if (error instanceof FfmpegError) throw new Refusal('not-audio', {}, error);
  throw error;
}
