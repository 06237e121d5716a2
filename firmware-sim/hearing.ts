import type { PlanOccurrence } from '#devices/plan';
import type { Stretch } from '#devices/run-record';
import type { Amplifier } from './amplifier.ts';
import type { Faults } from './faults.ts';
import type { Microphone } from './microphone.ts';

/** Of less nothing is concluded: a breath between two sentences is silent too. */
const LEAST_MS = 1_000;

/**
 * Concludes from what the microphone heard of a play whether anything came out of the horn at all: samples that left the
 * card and were not heard are the fault that no other measure shows.
 */
export class Hearing {
  readonly #microphone: Microphone;
  readonly #amplifier: Amplifier;
  readonly #faults: Faults;
  readonly #fault: (what: string, detail: string) => void;

  constructor(
    microphone: Microphone,
    amplifier: Amplifier,
    faults: Faults,
    fault: (what: string, detail: string) => void,
  ) {
    this.#microphone = microphone;
    this.#amplifier = amplifier;
    this.#faults = faults;
    this.#fault = fault;
  }

  /**
   * @param modelGainDb of the model, on top of the occurrence's own.
   * @returns the stretch as it is to be told: one that nobody heard says why.
   */
  judge({ gainDb }: PlanOccurrence, stretch: Stretch, modelGainDb: number): Stretch {
    const { heardDbfs, levelDbfs, volume = 0, muted, playedMs } = stretch;
    if (heardDbfs === undefined || levelDbfs === undefined || playedMs < LEAST_MS) return stretch;
    if (muted === true || volume === 0) return stretch;
    const sentDbfs = Math.min(0, levelDbfs + 40 * Math.log10(volume / 100) + gainDb + modelGainDb);
    if (!this.#microphone.isNoise(heardDbfs)) this.#sounds();
    else if (this.#microphone.shouldHear(sentDbfs)) {
      const reason = this.#silent(`sent ${sentDbfs.toFixed(0)} dBFS`, heardDbfs);
      return { ...stretch, end: stretch.end === 'completed' ? 'fault' : stretch.end, reason };
    }
    return stretch;
  }

  tested(ok: boolean, heardDbfs: number): void {
    if (ok) this.#sounds();
    else this.#silent('sent a test tone', heardDbfs);
  }

  #silent(sent: string, heardDbfs: number): string {
    // A mixer that somebody turned off can be read; a dead output stage cannot.
    const what = this.#amplifier.muted ? 'output-muted' : 'amplifier-dead';
    this.#fault(what, `${sent}, heard ${heardDbfs.toFixed(0)} dBFS`);
    return what;
  }

  #sounds(): void {
    this.#faults.mended('amplifier-dead');
    this.#faults.mended('output-muted');
  }
}
