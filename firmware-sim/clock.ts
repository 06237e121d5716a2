import type { BaseClock } from '#devices/device-clock';

export * from '#devices/device-clock';

export const systemClock: BaseClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};

export interface Timers {
  /** @returns what calls it off. */
  after(ms: number, act: () => void): () => void;
}

/** A clock that wakes up by its own time, as a simulated one does that is turned by hand. */
export interface TimedClock extends BaseClock {
  readonly timers: Timers;
}

const machine: Timers = {
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

const hasTimers = (clock: BaseClock): clock is TimedClock => 'timers' in clock;

export const timersOf = (clock: BaseClock): Timers => (hasTimers(clock) ? clock.timers : machine);

/** Wakes somebody up after so many ms of a device's clock. @returns what calls it off. */
export const after = (clock: { readonly base: BaseClock }, ms: number, act: () => void): (() => void) =>
  timersOf(clock.base).after(ms, act);
