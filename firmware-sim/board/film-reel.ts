import { type ChildProcess, spawn } from 'node:child_process';
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import type { FilmFile } from '#devices/scene/file';

/** A film that takes no more than this is kept whole; of a longer one so much waits decoded, and no more. */
const MOST_BYTES = 24_000_000;
const LEAST_FRAMES = 3;
/** So far ahead of what is decoded it is opened anew there. */
const FAR_MS = 2_000;

interface Frame {
  /** Counted from the beginning of the film. */
  readonly number: number;
  readonly pixels: Buffer;
}

/** A film's frames, decoded by an ffmpeg of its own as they are shown, held back through its pipe. It goes round. */
export class FilmReel {
  readonly #ffmpeg: string;
  readonly #path: string;
  readonly #file: FilmFile;
  readonly #frameBytes: number;
  readonly #total: number;
  /** Whether all of it is kept once it is decoded. */
  readonly #whole: boolean;
  readonly #room: number;
  readonly #canvas: Canvas;
  #frames: Frame[] = [];
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #child: ChildProcess | null = null;
  #next = 0;
  #drawn = -1;
  #firstFrame: (() => void) | null = null;
  failure: string | null = null;

  constructor(ffmpeg: string, path: string, file: FilmFile) {
    this.#ffmpeg = ffmpeg;
    this.#path = path;
    this.#file = file;
    this.#frameBytes = file.width * file.height * 4;
    this.#total = Math.max(1, Math.round((file.durationMs * file.framesPerSecond) / 1_000));
    this.#whole = this.#total * this.#frameBytes <= MOST_BYTES;
    this.#room = Math.max(LEAST_FRAMES, Math.floor(MOST_BYTES / this.#frameBytes));
    this.#canvas = createCanvas(file.width, file.height);
  }

  /** Frames that wait decoded: never more than fit into the bound. */
  get waiting(): number {
    return this.#frames.length;
  }

  /** Resolves when the first frame is there, or never will be. */
  begin(): Promise<void> {
    return new Promise((resolve) => {
      this.#firstFrame = resolve;
      this.#open(0);
    });
  }

  /** The frame at `tMs` of the film; the last one that was had while it is not decoded yet; null before any was. */
  at(tMs: number): Canvas | null {
    const number = Math.floor((tMs * this.#file.framesPerSecond) / 1_000 + 1e-6) % this.#total;
    if (!this.#whole) this.#wind(number);
    else if (this.#child === null && this.#frames.length === 0 && this.failure === null) this.#open(0);
    const frame = this.#whole ? this.#frames[Math.min(number, this.#frames.length - 1)] : this.#frames[0];
    if (frame !== undefined && frame.number !== this.#drawn) this.#draw(frame);
    return this.#drawn < 0 ? null : this.#canvas;
  }

  /** Nobody looks any more: what decodes ends, what is kept whole stays. */
  rest(): void {
    if (this.#whole && this.#frames.length === this.#total) return;
    this.#close();
    this.#frames = [];
  }

  close(): void {
    this.#close();
    this.#frames = [];
  }

  /** Lets go of frames whose time is past, until `number` is the first; opens anew what lies elsewhere. */
  #wind(number: number): void {
    const first = this.#frames[0]?.number ?? this.#next;
    const ahead = (number - first + this.#total) % this.#total;
    const far = Math.ceil((FAR_MS * this.#file.framesPerSecond) / 1_000) + this.#frames.length;
    // Behind the first one is far ahead of it, the whole way round.
    if (this.#child === null || ahead > far) {
      if (this.failure === null) this.#open(number);
      return;
    }
    // What is not decoded yet is waited for with the last one that is.
    this.#frames.splice(0, Math.min(ahead, Math.max(0, this.#frames.length - 1)));
    if (this.#frames.length < this.#room / 2) this.#child.stdout?.resume();
  }

  #draw({ number, pixels }: Frame): void {
    const { width, height } = this.#file;
    const rows = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length);
    this.#canvas.getContext('2d').putImageData(new ImageData(rows, width, height), 0, 0);
    this.#drawn = number;
  }

  #open(from: number): void {
    this.#close();
    this.#frames = [];
    this.#next = from;
    const { width, height, framesPerSecond } = this.#file;
    const seek = from === 0 ? [] : ['-ss', (from / framesPerSecond).toFixed(3)];
    const args = [
      ...['-v', 'error', '-nostdin', '-threads', '1', ...seek, '-i', this.#path, '-an'],
      ...['-vf', `fps=${framesPerSecond},scale=${width}:${height}`],
      ...['-f', 'rawvideo', '-pix_fmt', 'rgba', 'pipe:1'],
    ];
    const child = spawn(this.#ffmpeg, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      if (child === this.#child) this.#take(chunk);
    });
    child.once('error', (error) => this.#ended(child, `cannot run ${this.#ffmpeg}: ${error.message}`));
    child.once('close', (code) =>
      this.#ended(child, code === 0 ? null : `ffmpeg ended with ${code} on ${this.#path}`),
    );
  }

  #take(chunk: Buffer): void {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    while (this.#pendingBytes >= this.#frameBytes) {
      const all = Buffer.concat(this.#pending);
      this.#frames.push({
        number: this.#next % this.#total,
        pixels: Buffer.from(all.subarray(0, this.#frameBytes)),
      });
      this.#next += 1;
      this.#pending = [all.subarray(this.#frameBytes)];
      this.#pendingBytes -= this.#frameBytes;
    }
    if (this.#frames.length > 0) this.#had();
    if (!this.#whole && this.#frames.length >= this.#room) this.#child?.stdout?.pause();
  }

  #ended(child: ChildProcess, failure: string | null): void {
    if (child !== this.#child) return;
    this.#child = null;
    if (failure !== null) this.failure = failure;
    else if (this.#frames.length === 0 && this.#drawn < 0) this.failure = `${this.#path} holds no frames`;
    // Round again, behind what still waits.
    else if (!this.#whole) this.#again();
    this.#had();
  }

  /** The film begins anew behind the frames that still wait. */
  #again(): void {
    const waiting = this.#frames;
    this.#open(0);
    this.#frames = waiting;
  }

  #had(): void {
    this.#firstFrame?.();
    this.#firstFrame = null;
  }

  #close(): void {
    const child = this.#child;
    this.#child = null;
    this.#pending = [];
    this.#pendingBytes = 0;
    child?.kill('SIGKILL');
  }
}
