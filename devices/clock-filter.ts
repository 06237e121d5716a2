import { type Bracket, bracketOf, type Exchange } from './clock-filter-limits.ts';
import { DRIFT_ALLOWANCE, regionOf, wanderOver } from './clock-filter-region.ts';

/**
 * From timestamps to the time. A device asks "what time is it?" in bursts; each burst proves limits to the offset
 * (clock-filter-limits.ts), and all that it proved lately together bound the offset and the drift
 * (clock-filter-region.ts). So what is reported is a bound and not a hope, however unequal the ways there and back are.
 */
export type { Exchange } from './clock-filter-limits.ts';
export { DRIFT_ALLOWANCE } from './clock-filter-region.ts';

/** `utc = monotonic + offsetMs + drift · (monotonic − at)`, right to `errorMs` at the moment `at`. */
export interface ClockEstimate {
  readonly offsetMs: number;
  /** Milliseconds that UTC gains on the device's counter in a millisecond; negative when the crystal runs fast. */
  readonly drift: number;
  readonly errorMs: number;
  /** The furthest that the true drift can be from `drift` at the moment `at`. */
  readonly driftError: number;
  readonly at: number;
}

/** What a device knows of the time: the brackets of the last bursts, oldest first, and what they come to. */
export interface ClockKnowledge {
  readonly brackets: readonly Bracket[];
  readonly estimate: ClockEstimate;
  /** What was known before did not agree with the last burst: a clock was stepped. */
  readonly stepped: boolean;
}

const BRACKETS_KEPT = 24;

/**
 * What is known after a burst. Without one usable exchange nothing is learnt. When old and new do not meet, the clock
 * of one side was stepped, and what is oldest is forgotten until they do: the newest word counts.
 */
export function learn(known: ClockKnowledge | null, burst: readonly Exchange[]): ClockKnowledge | null {
  const bracket = bracketOf(burst);
  if (bracket === null) return known;
  const at = Math.max(...burst.map(({ t4 }) => t4));
  const before = known?.brackets ?? [];
  for (let from = Math.max(0, before.length + 1 - BRACKETS_KEPT); from <= before.length; from += 1) {
    const brackets = [...before.slice(from), bracket];
    const region = regionOf(brackets, at);
    if (region === null) continue;
    const { offsetMs, drift, lowMs, highMs, driftLow, driftHigh } = region;
    const estimate = {
      ...{ offsetMs, drift, at },
      errorMs: Math.max(highMs - offsetMs, offsetMs - lowMs),
      driftError: Math.max(driftHigh - drift, drift - driftLow),
    };
    return { brackets, estimate, stepped: from === before.length && before.length > 0 };
  }
  // The burst contradicts itself: a clock was stepped in the middle of it. Its last exchange is from after that.
  const last = burst.at(-1);
  return burst.length > 1 && last !== undefined ? learn(null, [last]) : known;
}

/** The bound of the error at another moment of the monotonic clock. */
export function errorAt({ errorMs, drift, driftError, at }: ClockEstimate, moment: number): number {
  const ms = Math.abs(moment - at);
  // Whatever the drift does, it stays within what a crystal is allowed.
  return errorMs + Math.min(driftError * ms + wanderOver(ms), (DRIFT_ALLOWANCE + Math.abs(drift)) * ms);
}

/** Epoch ms at a moment of the monotonic clock. */
export const utcAt = ({ offsetMs, drift, at }: ClockEstimate, moment: number): number =>
  moment + offsetMs + drift * (moment - at);

/** The moment of the monotonic clock at an epoch ms; the inverse of {@link utcAt}. */
export const momentAt = ({ offsetMs, drift, at }: ClockEstimate, utcMs: number): number =>
  at + (utcMs - offsetMs - at) / (1 + drift);

/** How much the device's crystal runs fast, parts per million. */
export const driftPpmOf = ({ drift }: ClockEstimate): number => -drift * 1e6;
