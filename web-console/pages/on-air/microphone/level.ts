/** How loud the voice is, in words that tell what to do. */
export type Loudness = 'silent' | 'quiet' | 'good' | 'clipping';

/** Nothing but the hiss of the microphone; a microphone that is switched off gives less. */
const SILENT_DBFS = -62;
/** Speech whose loudest moments stay below this is too far from the microphone. */
const QUIET_DBFS = -38;
/** A sample so near full scale was cut off, or is about to be. */
const CLIPPING = 0.985;
/** What was heard so lately counts: a pause between two sentences is no silence. */
const MEMORY_MS = 3_000;
const SLOT_MS = 100;
const SLOTS = MEMORY_MS / SLOT_MS;
/** How fast the mark of the peak falls, dB a second. */
const FALL_DB = 12;
export const FLOOR_DBFS = -60;

const decibels = (ratio: number): number => (ratio <= 1e-6 ? -120 : 20 * Math.log10(ratio));

/** Follows the level of a voice block by block. Time comes with the blocks: it is counted in samples. */
export class LevelWatch {
  readonly #rate: number;
  /** Of the last stretches of 100 ms: the loudest block, dBFS, and whether it clipped. */
  readonly #slots: { rms: number; clipped: boolean }[] = [];
  #slotMs = 0;
  /** Of the last block, dBFS. */
  rmsDbfs = -120;
  /** The highest sample, held and falling slowly, dBFS. */
  peakDbfs = -120;

  constructor(rate: number) {
    this.#rate = rate;
  }

  feed(block: Float32Array): void {
    let squares = 0;
    let highest = 0;
    for (const sample of block) {
      squares += sample * sample;
      const size = Math.abs(sample);
      if (size > highest) highest = size;
    }
    const ms = (block.length / this.#rate) * 1_000;
    this.rmsDbfs = decibels(Math.sqrt(squares / Math.max(1, block.length)));
    this.peakDbfs = Math.max(decibels(highest), this.peakDbfs - (FALL_DB * ms) / 1_000);
    const clipped = highest >= CLIPPING;
    const slot = this.#slots.at(-1);
    if (slot === undefined || this.#slotMs >= SLOT_MS) {
      this.#slots.push({ rms: this.rmsDbfs, clipped });
      if (this.#slots.length > SLOTS) this.#slots.shift();
      this.#slotMs = ms;
      return;
    }
    slot.rms = Math.max(slot.rms, this.rmsDbfs);
    slot.clipped ||= clipped;
    this.#slotMs += ms;
  }

  /** @returns null until enough was heard to say anything. */
  get loudness(): Loudness | null {
    if (this.#slots.some(({ clipped }) => clipped)) return 'clipping';
    if (this.#slots.length < SLOTS / 2) return null;
    const loudest = Math.max(...this.#slots.map(({ rms }) => rms));
    return loudest < SILENT_DBFS ? 'silent' : loudest < QUIET_DBFS ? 'quiet' : 'good';
  }
}
