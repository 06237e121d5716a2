/** Samples that wait for their place on the card; what overlaps is added, what nobody put is silence. */
export class MixingRing {
  readonly #samples: Int16Array;

  /** @param frames how far ahead of the card samples may be put. */
  constructor(frames: number) {
    this.#samples = new Int16Array(frames);
  }

  /**
   * Adds samples for their place; what would lie before `pointer` is too late and is left out.
   * @throws {RangeError} for samples further ahead than the ring is long.
   */
  add(frame: number, samples: Int16Array, pointer: number): void {
    const ring = this.#samples;
    if (frame + samples.length > pointer + ring.length)
      throw new RangeError(
        `samples for frame ${frame} are more than ${ring.length} frames ahead of the card`,
      );
    for (let index = Math.max(0, pointer - frame); index < samples.length; index += 1) {
      const place = (frame + index) % ring.length;
      const sum = (ring[place] ?? 0) + (samples[index] ?? 0);
      ring[place] = Math.max(-32_768, Math.min(32_767, sum));
    }
  }

  /** The samples from `frame` on; they stay until {@link clear}. */
  read(frame: number, count: number): Int16Array {
    const from = frame % this.#samples.length;
    const samples = new Int16Array(count);
    const first = this.#samples.subarray(from, from + count);
    samples.set(first);
    samples.set(this.#samples.subarray(0, count - first.length), first.length);
    return samples;
  }

  /** Makes room behind the pointer. */
  clear(frame: number, count: number): void {
    const ring = this.#samples;
    if (count >= ring.length) {
      ring.fill(0);
      return;
    }
    const from = frame % ring.length;
    const first = Math.min(count, ring.length - from);
    ring.fill(0, from, from + first);
    ring.fill(0, 0, count - first);
  }
}
