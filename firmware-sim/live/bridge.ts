import { framesOf } from '../speaker/sound-card.ts';
import type { Unpacker } from './opus.ts';

/** So long a word may go on that is not there; longer would be a lie, and sounds like one. */
const LONGEST = framesOf(60);
/** Sound and bridge are blended over this, so that nothing clicks. */
const BLEND = framesOf(5);

/** From the last sound that came over to the next one: what the decoder expects, dying away, and then silence. */
export class Bridge {
  readonly #unpacker: Pick<Unpacker, 'conceal'>;
  #rest = new Int16Array(0);

  constructor(unpacker: Pick<Unpacker, 'conceal'>) {
    this.#unpacker = unpacker;
  }

  begin(): void {
    const expected = this.#unpacker.conceal().slice(0, LONGEST);
    this.#rest = expected.map((sample, at) => Math.round(sample * (1 - at / expected.length)));
  }

  take(frames: number): Int16Array {
    const samples = new Int16Array(frames);
    samples.set(this.#rest.subarray(0, frames));
    this.#rest = this.#rest.slice(frames);
    return samples;
  }

  /** The sound that follows, beginning in what the bridge would have been. */
  land(samples: Int16Array): Int16Array {
    const landed = Int16Array.from(samples);
    const length = Math.min(BLEND, landed.length);
    for (let at = 0; at < length; at += 1) {
      const share = at / length;
      landed[at] = Math.round((samples[at] ?? 0) * share + (this.#rest[at] ?? 0) * (1 - share));
    }
    this.#rest = new Int16Array(0);
    return landed;
  }
}
