/**
 * From timestamps to the time. A device asks "what time is it?" in bursts; of each burst the exchange with the
 * lowest round trip is kept, because queueing can only lengthen it (RFC 5905 §10). What is known is an
 * interval: the offset lies within half the round trip of the midpoint, and the interval widens as the crystal
 * drifts. Two bursts are reconciled by intersecting their intervals (Marzullo 1984), so that the bound is a
 * bound and not a hope.
 */

/** `t1` sent and `t4` received, on the device's monotonic clock; `t2` and `t3` on the controller's, epoch ms. */
export interface Exchange {
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  readonly t4: number;
}

/** `utc = monotonic + offsetMs`, right to `errorMs` at the moment `at` of the monotonic clock. */
export interface ClockEstimate {
  readonly offsetMs: number;
  readonly errorMs: number;
  readonly at: number;
}

/** What an uncompensated crystal is allowed to drift: ±100 ppm, the worst of the parts in the field. */
export const DRIFT_ALLOWANCE = 100e-6;

/** Both sides may stamp whole milliseconds: half of one on each side is unknowable. */
const STAMP_ERROR_MS = 1;

/** One exchange as an estimate; null when its timestamps contradict each other (answered before it was asked). */
export function estimateOf({ t1, t2, t3, t4 }: Exchange): ClockEstimate | null {
  const roundTrip = t4 - t1 - (t3 - t2);
  const sane =
    [t1, t2, t3, t4].every(Number.isFinite) && t4 >= t1 && t3 >= t2 && roundTrip >= -STAMP_ERROR_MS;
  if (!sane) return null;
  const errorMs = Math.max(0, roundTrip) / 2 + STAMP_ERROR_MS;
  return { offsetMs: (t2 - t1 + (t3 - t4)) / 2, errorMs, at: t4 };
}

/** The bound of the error at a later moment of the monotonic clock. */
export const errorAt = (estimate: ClockEstimate, at: number): number =>
  estimate.errorMs + Math.max(0, at - estimate.at) * DRIFT_ALLOWANCE;

/**
 * The estimate after a burst. Without one usable exchange the old one stands. When the new interval and the
 * old one do not meet, the clock was stepped (or a side lied before), and the newest word counts.
 */
export function reckon(previous: ClockEstimate | null, burst: readonly Exchange[]): ClockEstimate | null {
  let best: ClockEstimate | null = null;
  for (const exchange of burst) {
    const estimate = estimateOf(exchange);
    if (estimate !== null && (best === null || estimate.errorMs < best.errorMs)) best = estimate;
  }
  if (best === null || previous === null) return best ?? previous;
  const grown = errorAt(previous, best.at);
  const low = Math.max(best.offsetMs - best.errorMs, previous.offsetMs - grown);
  const high = Math.min(best.offsetMs + best.errorMs, previous.offsetMs + grown);
  if (low > high) return best;
  return { offsetMs: (low + high) / 2, errorMs: (high - low) / 2, at: best.at };
}
