import { DRIFT_ALLOWANCE } from './clock-filter.ts';
import { type Recollection, UNSYNCED_ERROR_MS } from './device-clock.ts';

/** What a device writes down whenever its clock was compared: what to add to the battery clock, when, and how well that is known. */
export interface ClockNote {
  readonly correctionMs: number;
  /** Epoch ms; 0 for never. */
  readonly at: number;
  readonly errorMs: number;
}

/** No device was made before this. */
const EARLIEST = Date.UTC(2025, 0, 1);
/** A clock that was just corrected may be written down a little late. */
const BACKWARDS_MS = 2_000;
/** Battery clocks count whole seconds. */
const BATTERY_CLOCK_ERROR_MS = 1_000;
/** It may have stood still for as long as a device lies in a store. */
const STOPPED_ERROR_MS = 365 * 86_400_000;

/**
 * What is known of the battery clock from before the power went. One that shows a time from before it was last
 * compared has stopped in between: the time is then taken from there, and is not to be trusted.
 * @param wallMs what it shows now, epoch ms.
 */
export function recollectionOf(note: ClockNote | null, wallMs: number): Recollection {
  const { correctionMs, at, errorMs } = note ?? { correctionMs: 0, at: 0, errorMs: UNSYNCED_ERROR_MS };
  const passedMs = wallMs + correctionMs - at;
  if (wallMs + correctionMs < EARLIEST || passedMs < -BACKWARDS_MS) {
    return { correctionMs: Math.max(at, EARLIEST) - wallMs, errorMs: STOPPED_ERROR_MS, plausible: false };
  }
  if (at === 0) return { correctionMs, errorMs: UNSYNCED_ERROR_MS, plausible: true };
  const runMs = Math.max(0, passedMs);
  return {
    correctionMs,
    errorMs: errorMs + BATTERY_CLOCK_ERROR_MS + runMs * DRIFT_ALLOWANCE,
    plausible: true,
  };
}
