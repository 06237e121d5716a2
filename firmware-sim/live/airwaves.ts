import type { Cable } from '../cable.ts';
import type { DeviceClock } from '../clock.ts';
import type { Pairing } from '../pairing.ts';
import { type FrameGate, frameGate, openGate } from './frame-gate.ts';
import { opusUnpacker, silentUnpacker } from './opus.ts';
import { Tuned } from './tuned.ts';

export interface AirwavesDesk {
  /** Root of the device HTTP interface, and the credential for it. */
  readonly http: string;
  readonly bearer: string;
  readonly ca: string | undefined;
  readonly cable: Cable;
  readonly controllerKey: Pairing['controllerKey'];
  readonly clock: DeviceClock;
  /** Neither checks nor decodes, for fleets in one process. */
  readonly silent: boolean;
  /** How long before it must be handed over what is to be heard at a moment is here, if it comes now, ms. */
  readonly marginOf: (heardAt: number) => number;
  readonly onTrouble: (detail: string) => void;
}

/** What was made ready and never begun is let go after this long. */
const UNEXPECTED_FOR_MS = 60_000;

/** The live broadcasts that this device listens to. */
export class Airwaves {
  readonly #desk: AirwavesDesk;
  readonly #tuned = new Map<string, Tuned>();

  constructor(desk: AirwavesDesk) {
    this.#desk = desk;
  }

  /** Listens to it from now on; does nothing more when it already does. */
  listen(broadcast: string): Tuned {
    const known = this.#tuned.get(broadcast);
    if (known !== undefined) return known;
    const { http, bearer, ca, cable, clock, silent, marginOf, onTrouble } = this.#desk;
    const tuned = new Tuned({
      url: `${http.replace(/^http/, 'ws')}/device/v1/live/${broadcast}`,
      ...{ bearer, ca, cable, clock, marginOf, onTrouble },
      gate: this.#gate(broadcast),
      unpacker: silent ? () => Promise.resolve(silentUnpacker) : opusUnpacker,
    });
    this.#tuned.set(broadcast, tuned);
    tuned.start();
    setTimeout(() => {
      if (this.#tuned.get(broadcast) === tuned && !tuned.expected) this.leave(broadcast);
    }, UNEXPECTED_FOR_MS).unref();
    return tuned;
  }

  /** What it listens to under this name. */
  tuned(broadcast: string): Tuned | undefined {
    return this.#tuned.get(broadcast);
  }

  leave(broadcast: string): void {
    this.#tuned.get(broadcast)?.stop();
    this.#tuned.delete(broadcast);
  }

  stop(): void {
    for (const broadcast of [...this.#tuned.keys()]) this.leave(broadcast);
  }

  #gate(broadcast: string): FrameGate {
    const { silent, controllerKey } = this.#desk;
    return silent ? openGate : frameGate(broadcast, controllerKey);
  }
}
