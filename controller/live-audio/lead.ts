import type { Store } from '../database/open.ts';
import type { Arrivals } from './stream.ts';

/** From a packet's arrival here to its bytes at a device on the same wire, and from there into the device's mixer, ms. */
const NEAR_MS = 35;
/** Longer than this nobody waits for the slowest device. */
export const MOST_LEAD_MS = 1_500;
/** A way there and back of more than this crosses a radio link, which loses segments. */
const RADIO_MS = 30;
/** TCP repeats what was lost after this, RFC 6298 as Linux has it. */
const REPEAT_MS = 200;
const MOST_CLOCK_MS = 200;
/** The error that a device tells is a bound of what is likely; four of them hold for a fleet. */
const CLOCK_FACTOR = 4;
const LEAST_STEP_MS = 40;
const MOST_STEP_MS = 300;

/** What the devices of a broadcast say of themselves: the slowest output, and the clock of nearly all. */
export function devicesNeed({ sqlite }: Store, broadcast: string): number {
  const row = sqlite
    .prepare<[string], { delay: number | null; error: number | null }>(
      `WITH d AS MATERIALIZED (
          SELECT coalesce(x.last_heartbeat ->> '$.outputDelayMs', x.capabilities ->> '$.outputDelayMs', 0) AS delay,
            x.last_heartbeat ->> '$.clock.errorMs' AS error
          FROM broadcast_device s JOIN device x ON x.id = s.device_id
          WHERE s.broadcast_id = ? AND x.connected = 1)
        SELECT (SELECT max(delay) FROM d) AS delay,
          (SELECT error FROM d WHERE error IS NOT NULL ORDER BY error DESC
            LIMIT 1 OFFSET (SELECT count(error) / 20 FROM d)) AS error`,
    )
    .get(broadcast);
  return (row?.delay ?? 0) + Math.min(MOST_CLOCK_MS, CLOCK_FACTOR * (row?.error ?? 0));
}

/**
 * How long before it is heard a frame has to leave here. @param need see {@link devicesNeed}.
 * @param frameMs how much sound a frame holds: it leaves when its last packet has come.
 */
export function sendAhead(need: number, frameMs: number, { roundTripMs }: Arrivals): number {
  const way = roundTripMs ?? 0;
  const repeat = way > RADIO_MS ? Math.max(REPEAT_MS, way) : 0;
  return Math.min(MOST_LEAD_MS, NEAR_MS + (frameMs - 20) + need + way / 2 + repeat);
}

/** By how much the lead is to be raised for what devices tell now; 0 when all is well. */
export function raiseFor({ shortMs, lateShare }: Arrivals, leadMs: number): number {
  if (shortMs <= 0 || lateShare <= 0) return 0;
  const step = Math.min(MOST_STEP_MS, Math.max(LEAST_STEP_MS, shortMs + 20));
  return Math.max(0, Math.min(step, MOST_LEAD_MS - leadMs));
}
