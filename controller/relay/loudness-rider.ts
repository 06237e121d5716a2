/** The filter of ITU-R BS.1770-4, annex 1, for 48 kHz: what the head does, then what the ear does at low notes. */
const SHELF = {
  b: [1.53512485958697, -2.69169618940638, 1.19839281085285],
  a: [-1.69065929318241, 0.73248077421585],
};
const HIGH_PASS = { b: [1, -2, 1], a: [-1.99004745483398, 0.99007225036621] };
const OFFSET_LU = -0.691;

/** Blocks of 400 ms, as the standard has them, here without overlap. */
const BLOCK_FRAMES = 20;
/** Quieter blocks are pauses, and say nothing of how loud a voice is. */
const GATE_LUFS = -55;
const RELATIVE_GATE_LU = 12;
/** Half a minute: a song's verse is not turned up. */
const MEMORY_BLOCKS = 75;
const MOST_GAIN_DB = 18;
const LEAST_GAIN_DB = -24;
/** Slow enough that nobody hears a hand on the knob; down is faster, since too loud hurts. */
const UP_DB_PER_FRAME = 0.5 / 50;
const DOWN_DB_PER_FRAME = 3 / 50;
/** At first, when nothing is known, it may hurry. */
const HURRY_BLOCKS = 8;
const HURRY_DB_PER_FRAME = 12 / 50;

/**
 * Turns a stream's loudness towards the station's, as an engineer at the desk would: it listens with the meter of EBU R
 * 128 for half a minute, leaves pauses out, and turns the one knob slowly. It has no look-ahead and adds no delay.
 */
export class LoudnessRider {
  readonly #targetLufs: number;
  readonly #shelf = new Biquad(SHELF);
  readonly #highPass = new Biquad(HIGH_PASS);
  readonly #blocks: number[] = [];
  #sum = 0;
  #frames = 0;
  #heardBlocks = 0;
  #gainDb = 0;

  constructor(targetLufs: number) {
    this.#targetLufs = targetLufs;
  }

  get gainDb(): number {
    return this.#gainDb;
  }

  /** Measures the frame as it is, and turns it up or down in place. */
  apply(frame: Float32Array): void {
    for (const sample of frame) {
      const weighted = this.#highPass.next(this.#shelf.next(sample));
      this.#sum += weighted * weighted;
    }
    this.#frames += 1;
    if (this.#frames === BLOCK_FRAMES) this.#block(this.#sum / (BLOCK_FRAMES * frame.length));
    const before = this.#gainDb;
    this.#turn();
    const from = 10 ** (before / 20);
    const step = (10 ** (this.#gainDb / 20) - from) / frame.length;
    for (let index = 0; index < frame.length; index += 1)
      frame[index] = (frame[index] ?? 0) * (from + step * index);
  }

  #block(power: number): void {
    this.#frames = 0;
    this.#sum = 0;
    if (lufsOf(power) < GATE_LUFS) return;
    this.#blocks.push(power);
    this.#heardBlocks += 1;
    if (this.#blocks.length > MEMORY_BLOCKS) this.#blocks.shift();
  }

  #turn(): void {
    const loudness = this.#loudness();
    if (loudness === null) return;
    const wanted = Math.min(MOST_GAIN_DB, Math.max(LEAST_GAIN_DB, this.#targetLufs - loudness));
    const hurry = this.#heardBlocks <= HURRY_BLOCKS;
    const up = hurry ? HURRY_DB_PER_FRAME : UP_DB_PER_FRAME;
    const down = hurry ? HURRY_DB_PER_FRAME : DOWN_DB_PER_FRAME;
    this.#gainDb += Math.min(up, Math.max(-down, wanted - this.#gainDb));
  }

  /** Gated, as R 128 does it: what is far below the rest is a pause or a background. */
  #loudness(): number | null {
    if (this.#blocks.length === 0) return null;
    const all = lufsOf(mean(this.#blocks));
    const loud = this.#blocks.filter((power) => lufsOf(power) >= all - RELATIVE_GATE_LU);
    return lufsOf(mean(loud));
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const lufsOf = (power: number): number => OFFSET_LU + 10 * Math.log10(power + 1e-12);

class Biquad {
  readonly #b: readonly number[];
  readonly #a: readonly number[];
  #one = 0;
  #two = 0;

  constructor({ b, a }: { readonly b: readonly number[]; readonly a: readonly number[] }) {
    this.#b = b;
    this.#a = a;
  }

  next(sample: number): number {
    const [b0 = 0, b1 = 0, b2 = 0] = this.#b;
    const [a1 = 0, a2 = 0] = this.#a;
    const result = b0 * sample + this.#one;
    this.#one = b1 * sample - a1 * result + this.#two;
    this.#two = b2 * sample - a2 * result;
    return result;
  }
}
