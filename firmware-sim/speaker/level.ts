/** RMS of what came out, over as many samples as were added. */
export class Level {
  #squares = 0;
  #count = 0;

  add(samples: Int16Array): void {
    let squares = 0;
    for (const sample of samples) squares += sample * sample;
    this.#squares += squares;
    this.#count += samples.length;
  }

  /** dB of full scale, where a full-scale square wave is 0; silence is −120; undefined when nothing came out. */
  get dbfs(): number | undefined {
    if (this.#count === 0) return undefined;
    const rms = Math.sqrt(this.#squares / this.#count) / 32_768;
    return Math.max(-120, 20 * Math.log10(Math.max(rms, 1e-9)));
  }
}

/** The factor of a volume in percent and a gain in dB. 100 is unity; below it follows the ear with a square law. */
export const factorOf = (volume: number, muted: boolean, gainDb: number): number =>
  muted ? 0 : (volume / 100) ** 2 * 10 ** (gainDb / 20);

export function amplify(samples: Int16Array, factor: number): Int16Array {
  if (factor === 1) return samples;
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * factor))));
}
