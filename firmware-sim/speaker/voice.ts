/** Samples on their way through the sound card: written ahead of the play pointer, gone when it has passed. */
export interface Segment {
  readonly frame: number;
  readonly samples: Int16Array;
}

/** The nearest that a driver can write before the play pointer, in frames: 10 ms. */
export const NEAREST_WRITE = 480;

export class Voice {
  readonly #queue: Segment[] = [];
  #cursor: number;
  #begun = false;
  /** Frames that came too late for their place, and were replaced by silence. */
  lost = 0;

  /** @param target where on the card the first sample is meant to be. */
  constructor(target: number) {
    this.#cursor = target;
  }

  /** Where the next sample goes; before the first write, where it is meant to go. */
  get cursor(): number {
    return this.#cursor;
  }

  /**
   * Writes at the cursor. A first write that is late moves the whole voice: it is heard late. After an underrun
   * the late samples are dropped, so that the voice stays in step with its neighbours.
   */
  write(samples: Int16Array, pointer: number): void {
    const nearest = pointer + NEAREST_WRITE;
    if (!this.#begun) {
      this.#begun = true;
      this.#cursor = Math.max(this.#cursor, nearest);
    }
    const late = Math.min(Math.max(0, nearest - this.#cursor), samples.length);
    this.lost += late;
    this.#cursor += late;
    if (late === samples.length) return;
    this.#queue.push({ frame: this.#cursor, samples: samples.subarray(late) });
    this.#cursor += samples.length - late;
  }

  /** Takes back everything from `frame` on that has not left yet. */
  cut(frame: number): void {
    for (let last = this.#queue.at(-1); last !== undefined; last = this.#queue.at(-1)) {
      if (last.frame + last.samples.length <= frame) break;
      this.#queue.pop();
      if (last.frame < frame) {
        this.#queue.push({ frame: last.frame, samples: last.samples.subarray(0, frame - last.frame) });
        break;
      }
    }
    this.#cursor = Math.min(this.#cursor, frame);
  }

  /** What has left the card before `pointer`, in order. */
  *played(pointer: number): Iterable<Segment> {
    for (let first = this.#queue[0]; first !== undefined && first.frame < pointer; first = this.#queue[0]) {
      const count = pointer - first.frame;
      if (count >= first.samples.length) {
        this.#queue.shift();
        yield first;
      } else {
        this.#queue[0] = { frame: pointer, samples: first.samples.subarray(count) };
        yield { frame: first.frame, samples: first.samples.subarray(0, count) };
      }
    }
  }

  get empty(): boolean {
    return this.#queue.length === 0;
  }
}
