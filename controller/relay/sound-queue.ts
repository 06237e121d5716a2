import { SAMPLE_RATE } from '../media/commands.ts';
import { PACKET_SAMPLES } from '../media/flow-commands.ts';

/** Samples on their way from one pace to another: they come as a program writes them, and go frame by frame. */
export class SoundQueue {
  readonly #chunks: Float32Array[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  /** Samples of the first chunk that are gone. */
  #gone = 0;
  #samples = 0;
  /** Called when something was taken. */
  onTaken: () => void = () => {};

  /** How much sound waits, ms. */
  get ms(): number {
    return (this.#samples * 1_000) / SAMPLE_RATE;
  }

  /** Little-endian 32-bit samples, cut anywhere. */
  push(chunk: Buffer): void {
    const bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const count = Math.floor(bytes.length / 4);
    const samples = new Float32Array(count);
    for (let index = 0; index < count; index += 1) {
      const sample = bytes.readFloatLE(index * 4);
      samples[index] = Number.isFinite(sample) ? sample : 0;
    }
    this.#bytes = Buffer.from(bytes.subarray(count * 4));
    if (count === 0) return;
    this.#chunks.push(samples);
    this.#samples += count;
  }

  /** Fills a frame. @returns whether there was a whole one; else nothing is taken. */
  take(frame: Float32Array): boolean {
    if (this.#samples < frame.length) return false;
    let filled = 0;
    while (filled < frame.length) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const part = chunk.subarray(this.#gone, this.#gone + frame.length - filled);
      frame.set(part, filled);
      filled += part.length;
      this.#gone += part.length;
      if (this.#gone === chunk.length) {
        this.#chunks.shift();
        this.#gone = 0;
      }
    }
    this.#samples -= frame.length;
    this.onTaken();
    return true;
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#gone = 0;
    this.#samples = 0;
    this.#bytes = Buffer.alloc(0);
  }
}

export const freshFrame = (): Float32Array => new Float32Array(PACKET_SAMPLES);

/** The level of a frame, dBFS; a full sine is −3. */
export function levelOf(frame: Float32Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return Math.max(-120, 10 * Math.log10(sum / frame.length + 1e-12));
}
