import { endUnder, type Guards, guardAgainst, silencedBy } from '#devices/guards';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import type { Cue } from './cue.ts';

/** Stands at the device's own door: what its guards forbid is not heard, whoever planned or ordered it. */
export class Warden {
  readonly #guards: () => Guards;

  constructor(guards: () => Guards = () => ({})) {
    this.#guards = guards;
  }

  /**
   * Before something begins; what is too long will be cut off.
   * @returns why it must not begin; null when it may.
   */
  refuses(cue: Cue): string | null {
    if (cue.begun) return null;
    const guards = this.#guards();
    const reason = guardAgainst(guards, cue.occurrence);
    cue.cutAt = reason === 'too-long' ? endUnder(guards, cue.occurrence) : null;
    return reason === 'too-long' ? null : reason;
  }

  /** Why a part of something that may be heard stays silent; null when it does not. */
  silences(occurrence: PlanOccurrence, part: PlanPart): string | null {
    return silencedBy(this.#guards(), occurrence, part) ? 'mourning-day' : null;
  }
}
