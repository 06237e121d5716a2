import type { Bracket } from './clock-filter-limits.ts';

/** How much UTC may run apart from a device's counter: a crystal of ±100 ppm, and the controller's own. */
export const DRIFT_ALLOWANCE = 200e-6;

/**
 * How fast that drift itself may change, per ms: 1 ppm in two minutes, as when a cabinet stands in the morning sun. So a
 * limit of a minute ago is worth 15 µs less than it was, one of an hour ago 54 ms.
 */
export const WANDER = 1e-6 / 120_000;

/** What an old limit has lost by the wander of the drift since. */
export const wanderOver = (ms: number): number => (WANDER * ms * ms) / 2;

/** Rounding of epoch milliseconds in doubles, several times over. */
const TOLERANCE_MS = 0.002;
const STEPS = 40;
const SLICES = 24;

/** Offset at one moment and drift (ms per ms), with the furthest that either can be from the truth. */
export interface Region {
  readonly offsetMs: number;
  readonly drift: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly driftLow: number;
  readonly driftHigh: number;
}

/**
 * All pairs of offset and drift that contradict no limit: a convex region of the plane, in which the truth lies. What is
 * reported is its centroid, the mean of what is possible. Null when nothing is possible: the time was stepped since.
 * @param at the moment for which the offset is wanted, on the monotonic clock.
 */
export function regionOf(brackets: readonly Bracket[], at: number): Region | null {
  const first = brackets.at(-1)?.upper[0];
  if (first === undefined) return null;
  // Relative to one of them: epoch milliseconds leave no bits for microseconds.
  const base = first.offsetMs;
  const uppers = brackets
    .flatMap(({ upper }) => upper)
    .map((one) => lineOf(one.at, one.offsetMs - base, at, 1));
  const lowers = brackets
    .flatMap(({ lower }) => lower)
    .map((one) => lineOf(one.at, one.offsetMs - base, at, -1));
  const high = (drift: number): number => {
    let least = Number.POSITIVE_INFINITY;
    for (const { ms, age } of uppers) least = Math.min(least, ms + drift * age);
    return least;
  };
  const low = (drift: number): number => {
    let most = Number.NEGATIVE_INFINITY;
    for (const { ms, age } of lowers) most = Math.max(most, ms + drift * age);
    return most;
  };
  const width = (drift: number): number => high(drift) - low(drift) + TOLERANCE_MS;
  const widest = peakOf(width, -DRIFT_ALLOWANCE, DRIFT_ALLOWANCE);
  if (width(widest) < 0) return null;
  const driftLow = edgeOf(width, widest, -DRIFT_ALLOWANCE);
  const driftHigh = edgeOf(width, widest, DRIFT_ALLOWANCE);
  const highMs = high(peakOf(high, driftLow, driftHigh)) + TOLERANCE_MS;
  const lowMs = low(peakOf((drift) => -low(drift), driftLow, driftHigh)) - TOLERANCE_MS;
  let weight = 0;
  let offset = 0;
  let drift = 0;
  for (let slice = 0; slice < SLICES; slice += 1) {
    const candidate = driftLow + ((slice + 0.5) / SLICES) * (driftHigh - driftLow);
    const share = Math.max(width(candidate), 1e-9);
    weight += share;
    offset += (share * (high(candidate) + low(candidate))) / 2;
    drift += share * candidate;
  }
  return {
    offsetMs: base + offset / weight,
    drift: drift / weight,
    lowMs: base + lowMs,
    highMs: base + highMs,
    driftLow,
    driftHigh,
  };
}

/** What a limit says of the offset at another moment, as a line over the drift. */
function lineOf(limitAt: number, offsetMs: number, at: number, side: 1 | -1): { ms: number; age: number } {
  const age = at - limitAt;
  return { ms: offsetMs + side * wanderOver(age), age };
}

/** Where a concave function is highest. */
function peakOf(of: (x: number) => number, from: number, to: number): number {
  let [left, right] = [from, to];
  for (let step = 0; step < STEPS; step += 1) {
    const third = (right - left) / 3;
    if (of(left + third) < of(right - third)) left += third;
    else right -= third;
  }
  return (left + right) / 2;
}

/** How far from a point where a concave function is positive towards `to` it stays so. */
function edgeOf(of: (x: number) => number, inside: number, to: number): number {
  if (of(to) >= 0) return to;
  let [good, bad] = [inside, to];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (good + bad) / 2;
    if (of(middle) >= 0) good = middle;
    else bad = middle;
  }
  // The outer one: an edge must not cut off the truth.
  return bad;
}
