export interface MicrophoneKind {
  /** From the horn to the microphone, dB; known to the device, as measured when it was built. */
  readonly lossDb?: number | undefined;
  /** What it hears of wind, traffic and itself, RMS in dB of its full scale. */
  readonly noiseDbfs?: number | undefined;
}

/** Above the noise by so much, a sound is a sound, dB. */
export const CLEARLY_DB = 10;

/** A device's own microphone, beside its horn: a model with a loss on the way and a noise of its own. */
export class Microphone {
  readonly lossDb: number;
  readonly noiseDbfs: number;
  readonly #factor: number;
  readonly #peak: number;
  #seed = 0x2545f491;

  constructor({ lossDb = 18, noiseDbfs = -66 }: MicrophoneKind = {}) {
    this.lossDb = lossDb;
    this.noiseDbfs = noiseDbfs;
    this.#factor = 10 ** (-lossDb / 20);
    // Even noise between ± peak has an RMS of peak / √3.
    this.#peak = 32_768 * 10 ** (noiseDbfs / 20) * Math.sqrt(3);
  }

  /** What it picks up while these samples sound. */
  hear(sounding: Int16Array): Int16Array {
    return sounding.map((sample) =>
      Math.max(-32_768, Math.min(32_767, Math.round(sample * this.#factor + this.#noise()))),
    );
  }

  /** Whether a sound that left with a level of `sentDbfs` should be clearly heard. */
  shouldHear(sentDbfs: number): boolean {
    return sentDbfs - this.lossDb > this.noiseDbfs + CLEARLY_DB + 6;
  }

  isNoise(heardDbfs: number): boolean {
    return heardDbfs < this.noiseDbfs + CLEARLY_DB;
  }

  /** Xorshift: cheap, even, and the same every time, which tests like. */
  #noise(): number {
    let seed = this.#seed;
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    this.#seed = seed;
    return (seed / 2_147_483_648) * this.#peak;
  }
}
