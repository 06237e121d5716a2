import { RATE } from './speaker/sound-card.ts';

export interface AmplifierKind {
  /** A sleeping one swallows so much of what it is fed first, ms. */
  readonly wakeMs?: number | undefined;
  /** It falls asleep when it was fed nothing for so long, ms. */
  readonly sleepsAfterMs?: number | undefined;
}

/**
 * A simulated amplifier and its horn, behind the sound card: what the village hears of what left the device. The
 * switches are for whoever breaks it on purpose; the device cannot see `dead`, and reads `muted` as it would from a mixer.
 */
export class Amplifier {
  dead = false;
  muted = false;
  readonly #wakeFrames: number;
  readonly #sleepFrames: number;
  /** Behind the last frame that it was fed; at first it sleeps. */
  #fedTo = Number.NEGATIVE_INFINITY;
  #awakeFrom = 0;

  constructor({ wakeMs = 0, sleepsAfterMs = 2_000 }: AmplifierKind = {}) {
    this.#wakeFrames = Math.round((wakeMs * RATE) / 1_000);
    this.#sleepFrames = Math.round((sleepsAfterMs * RATE) / 1_000);
  }

  /** What sounds of the samples that leave the card at `frame`; silence counts as being fed. */
  sound(frame: number, samples: Int16Array): Int16Array {
    if (frame - this.#fedTo > this.#sleepFrames) this.#awakeFrom = frame + this.#wakeFrames;
    this.#fedTo = Math.max(this.#fedTo, frame + samples.length);
    if (this.dead || this.muted) return new Int16Array(samples.length);
    const swallowed = Math.min(Math.max(0, this.#awakeFrom - frame), samples.length);
    return swallowed === 0 ? samples : samples.slice().fill(0, 0, swallowed);
  }
}
