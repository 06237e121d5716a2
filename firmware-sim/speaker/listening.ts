import { RATE } from './sound-card.ts';
import { wavHeader } from './wav.ts';

/** A third of the card's rate: speech is understood, and two minutes stay below 4 MB. */
const THIRD = 3;

/** What comes out of the speaker over some seconds, silence included, for a technician who wants to hear it. */
export class Listening {
  readonly #from: number;
  readonly #samples: Int16Array;

  /** @param from the card frame at which it begins. */
  constructor(from: number, seconds: number) {
    this.#from = from;
    this.#samples = new Int16Array(Math.floor((seconds * RATE) / THIRD));
  }

  /** Samples as they left the card, after the volume. */
  hear(frame: number, samples: Int16Array): void {
    // The first place whose three samples all lie in this piece or later; a lost one at a seam is not heard.
    const first = Math.max(0, Math.ceil((frame - this.#from) / THIRD));
    const last = Math.min(this.#samples.length, Math.floor((frame + samples.length - this.#from) / THIRD));
    for (let place = first; place < last; place += 1) {
      const at = this.#from + place * THIRD - frame;
      const sum = (samples[at] ?? 0) + (samples[at + 1] ?? 0) + (samples[at + 2] ?? 0);
      // Voices that overlap are added; a typed array would wrap around.
      const mixed = (this.#samples[place] ?? 0) + Math.round(sum / THIRD);
      this.#samples[place] = Math.max(-32_768, Math.min(32_767, mixed));
    }
  }

  wav(): Buffer {
    const { buffer, byteOffset, byteLength } = this.#samples;
    return Buffer.concat([
      wavHeader(this.#samples.length, RATE / THIRD),
      Buffer.from(buffer, byteOffset, byteLength),
    ]);
  }
}
