import { type ChildProcess, spawn } from 'node:child_process';
import { decodeArguments, type Source } from './decode-arguments.ts';
import { framesOf, RATE } from './sound-card.ts';

/** Decoded sound, waiting in a bounded buffer. */
export interface Decoder {
  /**
   * Up to so many frames, in order; empty when none are ready yet.
   * @param owed so many of them must be had now or never: live sound gives something else for what did not come.
   */
  take(frames: number, owed?: number): Int16Array;
  /** Of live sound: the time for so many frames is past, and they are not wanted any more. */
  pass?(frames: number): void;
  /** Of live sound: frames that were taken, and for which nothing had come. */
  readonly absent?: number;
  /** Of live sound: the end of what was said so far, epoch ms. */
  readonly saidUntil?: number;
  /** True when everything was taken and no more will come. */
  readonly ended: boolean;
  /** Why it broke, when it did. */
  readonly failure: string | null;
  close(): void;
}

export type OpenDecoder = (source: Source) => Decoder;

/** Five seconds decoded and waiting are enough for any stall, and are half a megabyte. */
const HIGH_WATER_BYTES = framesOf(5_000) * 2;

/** The real thing: an ffmpeg of its own per file, held back through its pipe when the buffer is full. */
export const ffmpegDecoder =
  (ffmpeg: string): OpenDecoder =>
  (source) =>
    new FfmpegDecoder(ffmpeg, source);

class FfmpegDecoder implements Decoder {
  readonly #child: ChildProcess;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #finished = false;
  #closed = false;
  #stderr = '';
  failure: string | null = null;

  constructor(ffmpeg: string, source: Source) {
    this.#child = spawn(ffmpeg, decodeArguments(source), { stdio: ['ignore', 'pipe', 'pipe'] });
    const { stdout, stderr } = this.#child;
    stdout?.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      if (this.#bytes >= HIGH_WATER_BYTES) stdout.pause();
    });
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-500);
    });
    this.#child.once('error', (error) => {
      this.failure ??= `cannot run ${ffmpeg}: ${error.message}`;
      this.#finished = true;
    });
    this.#child.once('close', (code) => {
      if (code !== 0 && !this.#closed) this.failure ??= `ffmpeg ended with ${code}: ${this.#stderr.trim()}`;
      this.#finished = true;
    });
  }

  get ended(): boolean {
    return this.#finished && this.#bytes < 2;
  }

  take(frames: number): Int16Array {
    const wanted = Math.min(frames * 2, this.#bytes - (this.#bytes % 2));
    const samples = new Int16Array(wanted / 2);
    const bytes = new Uint8Array(samples.buffer);
    let filled = 0;
    while (filled < wanted) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const count = Math.min(chunk.length, wanted - filled);
      bytes.set(chunk.subarray(0, count), filled);
      filled += count;
      if (count === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(count);
    }
    this.#bytes -= filled;
    if (this.#bytes < HIGH_WATER_BYTES / 2) this.#child.stdout?.resume();
    return samples;
  }

  close(): void {
    this.#closed = true;
    this.#chunks.length = 0;
    this.#bytes = 0;
    this.#child.kill('SIGKILL');
  }
}

/** For fleets: the right number of samples at the right time, without the work. They are silence. */
export const silentDecoder: OpenDecoder = (source) => {
  let left = framesOf(source.lengthMs);
  const silence = new Int16Array(RATE);
  return {
    failure: null,
    get ended() {
      return left === 0;
    },
    take(frames) {
      const samples = silence.subarray(0, Math.min(frames, left, silence.length));
      left -= samples.length;
      return samples;
    },
    close() {
      left = 0;
    },
  };
};
