/** Samples in the order in which they came, in pieces of any length. */
export class SampleQueue {
  readonly #pieces: Int16Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#pieces.push(samples);
    this.#length += samples.length;
  }

  /** The first so many, or all there are. */
  take(count: number): Int16Array {
    const wanted = Math.max(0, Math.min(count, this.#length));
    this.#length -= wanted;
    const first = this.#pieces[0];
    if (first !== undefined && first.length > wanted) {
      this.#pieces[0] = first.subarray(wanted);
      return first.subarray(0, wanted);
    }
    const taken = new Int16Array(wanted);
    for (let filled = 0; filled < wanted; ) {
      const piece = this.#pieces[0];
      if (piece === undefined) break;
      const part = piece.subarray(0, wanted - filled);
      taken.set(part, filled);
      filled += part.length;
      if (part.length === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(part.length);
    }
    return taken;
  }
}
