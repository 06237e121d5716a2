import type { TimedVolume } from '#controller/http/contract/devices';

/** For a start: by day as now, in the early morning and at night softer. */
export const suggestedSteps = (volume: number): TimedVolume[] => [
  { from: '05:00', volume: Math.round(volume * 0.7) },
  { from: '07:00', volume },
  { from: '21:00', volume: Math.round(volume * 0.5) },
];

export const stepsInOrder = (steps: readonly TimedVolume[]): TimedVolume[] =>
  steps.toSorted((one, other) => (one.from < other.from ? -1 : 1));

/** Whether every step has a time, and each its own. */
export const wholeSteps = (steps: readonly TimedVolume[]): boolean =>
  steps.every(({ from }) => from !== '') && new Set(steps.map(({ from }) => from)).size === steps.length;
