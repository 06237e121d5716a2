import { Writable } from 'node:stream';

export const MOST_PEAKS = 2_000;

/**
 * Draws the waveform of a stream of 16-bit little-endian samples while it passes, in bounded memory whatever its
 * length: when all places are taken, neighbours are joined and each place stands for twice as many samples.
 */
export class Waveform extends Writable {
  readonly #peaks = new Uint16Array(MOST_PEAKS);
  #places = 0;
  #stride = 80;
  #inPlace = 0;
  #peak = 0;
  #half: number | undefined;
  #samples = 0;

  constructor() {
    // It must outlive the program that writes into it; that ends by itself.
    super({ emitClose: false, autoDestroy: false });
  }

  /** How many samples passed. */
  get samples(): number {
    return this.#samples;
  }

  /** Peak of the absolute value of each stretch, 255 for full scale; all stretches are equal but the last. */
  get peaks(): Uint8Array {
    const last = this.#inPlace > 0 ? [this.#peak] : [];
    return Uint8Array.from([...this.#peaks.subarray(0, this.#places), ...last], (peak) =>
      Math.min(255, Math.round((peak / 32_768) * 255)),
    );
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    let at = 0;
    if (this.#half !== undefined && chunk.length > 0) {
      this.#sample(((chunk[0]! << 8) | this.#half) << 16);
      this.#half = undefined;
      at = 1;
    }
    for (; at + 1 < chunk.length; at += 2) this.#sample(((chunk[at + 1]! << 8) | chunk[at]!) << 16);
    if (at < chunk.length) this.#half = chunk[at];
    done();
  }

  /** @param shifted the sample in the upper half of an integer, so that its sign is right. */
  #sample(shifted: number): void {
    const value = Math.abs(shifted >> 16);
    if (value > this.#peak) this.#peak = value;
    this.#samples += 1;
    this.#inPlace += 1;
    if (this.#inPlace < this.#stride) return;
    this.#peaks[this.#places] = this.#peak;
    this.#places += 1;
    this.#inPlace = 0;
    this.#peak = 0;
    // One place stays free for the stretch that is not yet full.
    if (this.#places === MOST_PEAKS - 1) this.#join();
  }

  #join(): void {
    const pairs = this.#places >> 1;
    const odd = this.#places % 2 === 1;
    const carried = odd ? this.#peaks[this.#places - 1]! : 0;
    for (let pair = 0; pair < pairs; pair += 1) {
      this.#peaks[pair] = Math.max(this.#peaks[2 * pair]!, this.#peaks[2 * pair + 1]!);
    }
    this.#places = pairs;
    // The place without a neighbour becomes the first half of the stretch that is now being filled.
    if (odd) {
      this.#peak = carried;
      this.#inPlace = this.#stride;
    }
    this.#stride *= 2;
  }
}
