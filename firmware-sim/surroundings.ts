import { createHash } from 'node:crypto';

export interface Surroundings {
  readonly temperatureC: number;
  readonly mainsV: number;
  /** Only of a device on a mobile network; one on a cable has none. */
  readonly signalDbm?: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A village lives by Indochina time, and is hottest at two in the afternoon. */
const HOTTEST_MS = 7 * HOUR_MS;

/**
 * What the sensors of a simulated device measure: a box in the sun of Ninh Bình, on a line whose voltage sags in the
 * evening, half of them on 4G. Made of slow waves, each device's its own, so that the same device at the same moment always
 * measures the same and nothing need be remembered. @param at epoch ms.
 */
export function surroundingsOf(device: string, at: number): Surroundings {
  const seed = createHash('sha256').update(device).digest();
  const own = (index: number): number => (seed[index] ?? 0) / 255;
  const wave = (periodMs: number, index: number): number =>
    Math.sin(2 * Math.PI * (at / periodMs + own(index)));
  const day = Math.cos((2 * Math.PI * (at - HOTTEST_MS)) / DAY_MS);
  const evening = Math.max(0, Math.cos((2 * Math.PI * (at - 12.5 * HOUR_MS)) / DAY_MS)) ** 4;
  const temperature = 36 + 6 * own(0) + 7 * day + 1.5 * wave(5.3 * HOUR_MS, 1);
  const mains = 231 - 4 * own(2) - 9 * evening + 1.5 * wave(1.7 * HOUR_MS, 3);
  const measured = { temperatureC: Math.round(temperature * 2) / 2, mainsV: Math.round(mains) };
  if (own(4) < 0.5) return measured;
  const signal = -68 - 18 * own(5) + 3 * wave(3.1 * HOUR_MS, 6) + 1.5 * wave(0.4 * HOUR_MS, 7);
  return { ...measured, signalDbm: Math.round(signal) };
}
