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
