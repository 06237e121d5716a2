import { SampleQueue } from './sample-queue.ts';
import { doubleOne, dropOne } from './splice.ts';

/** A piece of sound and its place on the card. */
export interface Segment {
  readonly frame: number;
  readonly samples: Int16Array;
}

/** Where on the card each sample of a voice is due, as the clocks are known now; with fractions. */
export interface DueLine {
  frameOf(position: number): number;
  positionAt(frame: number): number;
}

/** How a voice was kept in step, in samples. */
export interface Corrections {
  readonly dropped: number;
  readonly doubled: number;
  /** Samples passed over or waited for at once, because the distance was too large to be made up unheard. */
  readonly sought: number;
}

/** The nearest that a driver can write before the play pointer, in frames: 10 ms. */
export const NEAREST_WRITE = 480;
/** Out of step by more than this is mended at once; by less, sample by sample. */
const SEEK_FRAMES = 2_400;
/** At most one sample is dropped or doubled in so many: 20 ms, which makes up for 1,000 ppm. */
const PIECE = 960;
/** Half a sample cannot be mended, and a little more is not worth going to and fro. */
const DEAD_BAND = 0.75;

/**
 * Samples on their way through the card. They leave in step with a line that is known better while they wait, so their
 * place is decided as they leave; two crystals that run apart are kept together by single samples.
 */
export class Voice {
  readonly #queue = new SampleQueue();
  /** Of the first sample that waits. */
  #position = 0;
  /** Where the next sample goes; null before the first. */
  #cursor: number | null = null;
  /** What comes now cannot go before this frame. */
  #nearest = Number.NEGATIVE_INFINITY;
  #ranDry = false;
  #correctedAt = Number.NEGATIVE_INFINITY;
  #dropped = 0;
  #doubled = 0;
  #sought = 0;
  #begun = false;
  /** Samples that came too late to begin with them. */
  late = 0;
  /** Samples that came too late for their place, in the middle of the voice. */
  lost = 0;

  /** Samples that wait. */
  get held(): number {
    return this.#queue.length;
  }

  /** The position of the next sample to leave. */
  get position(): number {
    return this.#position;
  }

  get corrections(): Corrections {
    return { dropped: this.#dropped, doubled: this.#doubled, sought: this.#sought };
  }

  /** Where on the card the next sample would go, if it came now; null before the first, and while some wait. */
  get dryAt(): number | null {
    if (this.#cursor === null || this.#queue.length > 0) return null;
    return Math.max(this.#cursor, this.#nearest);
  }

  /** Leaves out so many samples for which nothing came; only when none wait. */
  pass(samples: number): void {
    this.#position += samples;
  }

  write(samples: Int16Array): void {
    this.#queue.push(samples);
  }

  /** Passes what belongs before `end`, which lies at the pointer of the card or before it, in order. */
  *leave(pointer: number, end: number, line: DueLine): Iterable<Segment> {
    if (this.#queue.length > 0) this.#place(line, end);
    while (this.#cursor !== null && this.#cursor < end && this.#queue.length > 0) {
      const behind = line.positionAt(this.#cursor) - this.#position;
      if (this.#ranDry || Math.abs(behind) > SEEK_FRAMES) this.#seek(Math.round(behind), end);
      else yield this.#piece(this.#cursor, Math.min(PIECE, end - this.#cursor), behind);
    }
    if (this.#queue.length > 0) return;
    // Whatever is written after this moment is heard behind the pointer, or not at all.
    this.#nearest = pointer + NEAREST_WRITE;
    this.#ranDry = true;
  }

  #place(line: DueLine, end: number): void {
    if (this.#cursor !== null) {
      if (this.#ranDry) this.#cursor = Math.max(this.#cursor, this.#nearest);
      return;
    }
    // Anew each time, until the first sample leaves: the clock may be known better by then.
    const due = Math.round(line.frameOf(this.#position));
    const first = Math.max(due, this.#nearest);
    if (first >= end) return;
    this.#cursor = first;
    this.#ranDry = first > due;
  }

  #seek(behind: number, end: number): void {
    const cursor = this.#cursor ?? 0;
    if (behind > 0) {
      const skipped = this.#queue.take(behind).length;
      this.#position += skipped;
      if (!this.#begun) this.late += skipped;
      else if (this.#ranDry) this.lost += skipped;
      else this.#sought += skipped;
      if (skipped < behind) return;
    } else if (behind < 0) {
      const waited = Math.min(-behind, end - cursor);
      this.#cursor = cursor + waited;
      this.#sought += waited;
      if (waited < -behind) return;
    }
    this.#ranDry = false;
  }

  #piece(frame: number, count: number, behind: number): Segment {
    const due = Math.abs(behind) >= DEAD_BAND && frame - this.#correctedAt >= PIECE && count > PIECE / 4;
    const change = due ? Math.sign(behind) : 0;
    this.#begun = true;
    let samples = this.#queue.take(count + change);
    this.#position += samples.length;
    if (change !== 0 && samples.length > 1) {
      this.#correctedAt = frame;
      samples = change > 0 ? dropOne(samples) : doubleOne(samples);
      if (change > 0) this.#dropped += 1;
      else this.#doubled += 1;
    }
    this.#cursor = frame + samples.length;
    return { frame, samples };
  }
}
