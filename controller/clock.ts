/** Epoch milliseconds, UTC. The one source of "now" of the process; tests turn a fake one. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
