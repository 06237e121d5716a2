import { join } from 'node:path';
import { z } from 'zod';
import { DRIFT_ALLOWANCE } from '#devices/clock-filter';
import { type BaseClock, type DeviceClock, type Recollection, UNSYNCED_ERROR_MS } from './clock.ts';
import { readOrForget, writeWhole } from './whole-file.ts';

const ClockFile = z.object({
  correctionMs: z.number(),
  /** When that was measured, epoch ms, and how well. */
  at: z.number().default(0),
  errorMs: z.number().min(0).default(UNSYNCED_ERROR_MS),
});

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
 */
export async function recollect(dir: string, base: BaseClock): Promise<Recollection> {
  const file = await readOrForget(join(dir, 'clock.json'), ClockFile);
  const wallMs = base.wallMs();
  const { correctionMs, at, errorMs } = file ?? { correctionMs: 0, at: 0, errorMs: UNSYNCED_ERROR_MS };
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

export const keepClock = (dir: string, clock: DeviceClock): Promise<void> =>
  writeWhole(
    join(dir, 'clock.json'),
    JSON.stringify({ correctionMs: -clock.wallOffsetMs, at: clock.now(), errorMs: clock.errorMs }),
    { durable: false },
  );
