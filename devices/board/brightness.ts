import { z } from 'zod';
import { Percent } from '../primitives.ts';
import { sunElevation } from './sun.ts';

/** From this minute of the UTC day on it is so bright; the last step holds over midnight. */
export const BrightnessStep = z.object({ minute: z.number().int().min(0).max(1_439), brightness: Percent });
export type BrightnessStep = z.infer<typeof BrightnessStep>;

/** How bright a board is: by the time, by the sun where it stands, or by what its own sensor sees. */
export const BrightnessRule = z.discriminatedUnion('by', [
  /** Ascending by minute, each minute once. */
  z.object({ by: z.literal('time'), steps: z.array(BrightnessStep).min(1).max(24) }),
  /** Between day and night it changes evenly while the sun stands between 6° below and 6° above the horizon. */
  z.object({
    by: z.literal('sun'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    day: Percent,
    night: Percent,
  }),
  /**
   * Between the points in the logarithm of the light, as eyes see. A change of light by less than `hysteresis` of what
   * the brightness was set by changes nothing: a passing cloud or headlamp does not make the board flicker. Where the
   * sensor is silent, the settings' `brightness` holds.
   */
  z.object({
    by: z.literal('sensor'),
    /** Ascending by lux. */
    points: z
      .array(z.object({ lux: z.number().min(0.1).max(200_000), brightness: Percent }))
      .min(2)
      .max(8),
    hysteresis: z.number().min(0).max(0.9),
  }),
]);
export type BrightnessRule = z.infer<typeof BrightnessRule>;

/** What the brightness was last set by. */
export interface LightMemory {
  /** The lux that it was set by; null when there was none yet. */
  readonly lux: number | null;
}

/**
 * The brightness at a moment, percent, the same for the board and for whoever foretells it.
 * @param fixed `Settings.brightness`, which holds where there is no rule or the sensor is silent. @param at epoch ms.
 * @param lux what the sensor sees; null for none. @param memory of the call before.
 */
export function brightnessAt(
  rule: BrightnessRule | undefined,
  fixed: number,
  at: number,
  lux: number | null = null,
  memory: LightMemory = { lux: null },
): { readonly brightness: number; readonly memory: LightMemory } {
  if (rule === undefined) return { brightness: fixed, memory };
  if (rule.by === 'time') {
    const minute = Math.floor(at / MINUTE_MS) % MINUTES_A_DAY;
    const step = rule.steps.findLast((one) => one.minute <= minute) ?? rule.steps.at(-1);
    return { brightness: step?.brightness ?? fixed, memory };
  }
  if (rule.by === 'sun') {
    const elevation = sunElevation(at, rule.latitude, rule.longitude);
    const share = Math.min(1, Math.max(0, (elevation + TWILIGHT_DEGREES) / (2 * TWILIGHT_DEGREES)));
    return { brightness: Math.round(rule.night + (rule.day - rule.night) * share), memory };
  }
  if (lux === null) return { brightness: fixed, memory: { lux: null } };
  const kept = memory.lux;
  const settled = kept !== null && Math.abs(lux - kept) <= rule.hysteresis * kept ? kept : lux;
  return { brightness: between(rule.points, settled), memory: { lux: settled } };
}

function between(points: readonly { lux: number; brightness: number }[], lux: number): number {
  const above = points.find((point) => point.lux >= lux);
  const below = points.findLast((point) => point.lux <= lux);
  if (above === undefined || below === undefined || above === below) {
    return (above ?? below)?.brightness ?? 0;
  }
  const share = Math.log(lux / below.lux) / Math.log(above.lux / below.lux);
  return Math.round(below.brightness + (above.brightness - below.brightness) * share);
}

const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1_440;
/** Civil twilight. */
const TWILIGHT_DEGREES = 6;
