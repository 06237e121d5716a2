import { type BaseClock, systemClock } from './clock.ts';

/** How a simulated device's clock differs from the machine's. */
export interface ClockFault {
  /** The battery clock is ahead by so much, ms. */
  readonly offsetMs?: number | undefined;
  /** Its crystal runs fast by so much; the battery clock and the counter have the same. */
  readonly driftPpm?: number | undefined;
  /** The battery is empty: whenever the power comes, the clock begins at 1970. */
  readonly dead?: boolean | undefined;
}

/** A clock whose truth the simulator knows. No device reads that: it is for measuring what devices do. */
export interface SimulatedClock extends BaseClock {
  /** The machine's own steady counter, which all its processes share, at a moment of this clock's counter; ms. */
  simulatorsTruthAt(monotonicMs: number): number;
}

const counterMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** `performance.now()` begins with the process; the counter below it with the machine (CLOCK_MONOTONIC). */
const MACHINE_ORIGIN_MS = machineOrigin();

/** Read between two readings of the other, the nearest of many: a busy machine may stop the program at any place. */
function machineOrigin(): number {
  let nearest = { apart: Number.POSITIVE_INFINITY, origin: 0 };
  for (let reading = 0; reading < 100; reading += 1) {
    const before = counterMs();
    const now = performance.now();
    const after = counterMs();
    if (after - before < nearest.apart) {
      nearest = { apart: after - before, origin: (before + after) / 2 - now };
    }
  }
  return nearest.origin;
}

/** A worse clock than the machine's, of which the wall part can be set while it runs. */
export class SkewedClock implements SimulatedClock {
  readonly #base: BaseClock;
  readonly #rate: number;
  readonly #mono0: number;
  #wall0: number;

  constructor(base: BaseClock, { offsetMs = 0, driftPpm = 0, dead = false }: ClockFault) {
    this.#base = base;
    this.#rate = 1 + driftPpm * 1e-6;
    this.#mono0 = base.monotonicMs();
    this.#wall0 = dead ? 0 : base.wallMs() + offsetMs;
  }

  monotonicMs(): number {
    return this.#mono0 + (this.#base.monotonicMs() - this.#mono0) * this.#rate;
  }

  wallMs(): number {
    return this.#wall0 + this.monotonicMs() - this.#mono0;
  }

  /** Somebody sets the battery clock, ahead by so much. */
  step(ms: number): void {
    this.#wall0 += ms;
  }

  simulatorsTruthAt(monotonicMs: number): number {
    return MACHINE_ORIGIN_MS + this.#mono0 + (monotonicMs - this.#mono0) / this.#rate;
  }
}

export const skewedClock = (base: BaseClock, fault: ClockFault): SkewedClock => new SkewedClock(base, fault);

/** The truth of a device's clock, when it is one of the simulator's; null on real hardware. */
export function truthOf(clock: BaseClock): ((monotonicMs: number) => number) | null {
  if (clock instanceof SkewedClock) return (ms) => clock.simulatorsTruthAt(ms);
  return clock === systemClock ? (ms) => MACHINE_ORIGIN_MS + ms : null;
}
