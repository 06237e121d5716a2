import type { BaseClock } from '#devices/device-clock';

export * from '#devices/device-clock';

export const systemClock: BaseClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};
