import { type FileHandle, open, rename, writeFile } from 'node:fs/promises';
import { RATE } from './sound-card.ts';

const HEADER_BYTES = 44;

/** The header of a WAV (RIFF) file of 16-bit mono. */
export function wavHeader(frames: number, rate = RATE): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const bytes = frames * 2;
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(bytes, 40);
  return header;
}

/** When a frame of the card really left, by the machine's steady counter, ms: the simulator's truth. */
export type FrameTruth = (frame: number) => number;

/**
 * What came out of the speaker, as a file that appears whole when the play is over. Where the simulator's truth is known,
 * a second file beside it tells when its samples really left, for tests that compare speakers; no device reads that.
 */
export class WavFile {
  readonly #path: string;
  readonly #truth: FrameTruth | null;
  readonly #stretches: { sample: number; trueMs: number; samplesPerMs: number }[] = [];
  /** Samples that were added, written or not. */
  #added = 0;
  #file: FileHandle | null = null;
  #frames = 0;
  #next: number | null = null;
  #chain: Promise<void> = Promise.resolve();

  constructor(path: string, truth: FrameTruth | null) {
    this.#path = path;
    this.#truth = truth;
  }

  /** Samples as they left the card at `frame`; a gap to the ones before was silence, and is written as such. */
  add(frame: number, samples: Int16Array): void {
    const gap = this.#next === null ? 0 : Math.max(0, frame - this.#next);
    if (this.#next === null && this.#truth !== null) {
      const trueMs = this.#truth(frame);
      const samplesPerMs = RATE / (this.#truth(frame + RATE) - trueMs);
      this.#stretches.push({ sample: this.#added, trueMs, samplesPerMs });
    }
    this.#next = frame + samples.length;
    this.#added += gap + samples.length;
    this.#append(gap === 0 ? [samples] : [new Int16Array(gap), samples]);
  }

  /** The play was interrupted: what comes next follows at once, without the silence between. */
  interrupt(): void {
    this.#next = null;
  }

  async finish(): Promise<void> {
    await this.#chain;
    const file = this.#file;
    if (file === null) return;
    await file.write(wavHeader(this.#frames), 0, HEADER_BYTES, 0);
    await file.sync();
    await file.close();
    if (this.#truth !== null) await writeFile(`${this.#path}.truth.json`, JSON.stringify(this.#stretches));
    await rename(`${this.#path}.part`, this.#path);
  }

  #append(pieces: readonly Int16Array[]): void {
    // Copied now: the samples are views into a decoder's buffers.
    const bytes = Buffer.concat(
      pieces.map((piece) => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)),
    );
    this.#chain = this.#chain.then(async () => {
      if (this.#file === null) {
        this.#file = await open(`${this.#path}.part`, 'w');
        await this.#file.write(wavHeader(0));
      }
      await this.#file.write(bytes, 0, bytes.length, HEADER_BYTES + this.#frames * 2);
      this.#frames += bytes.length / 2;
    });
    this.#chain.catch(() => undefined);
  }
}
