import { z } from 'zod';
import { DayStretch } from '../guards.ts';
import { Sha256 } from '../primitives.ts';
import { BrightnessRule } from './brightness.ts';

/** What stands there when nothing else does. Signed like everything else, and on the device beforehand. */
export const Fallback = z.discriminatedUnion('show', [
  z.object({ show: z.literal('dark') }),
  /** The time and the date; dark while the clock is not set. */
  z.object({ show: z.literal('clock') }),
  /** `title` of the settings. */
  z.object({ show: z.literal('name') }),
  z.object({ show: z.literal('scene'), sha256: Sha256, bytes: z.number().int().min(1) }),
  /** As if nothing had happened: the plan goes on. Of `linkLost` only; elsewhere dark. */
  z.object({ show: z.literal('plan') }),
]);
export type Fallback = z.infer<typeof Fallback>;

/** What each trouble shows, and when it counts as one. */
export const Fallbacks = z.object({
  /** Nothing is scheduled. */
  idle: Fallback,
  /** No link to the controller for so long. */
  linkLost: Fallback,
  linkLostAfterMs: z.number().int().min(10_000).max(2_592_000_000),
  /** The power came back, for so long at most; ends as soon as the link stands and the plan is known to be the newest. */
  powerReturn: Fallback,
  powerReturnMs: z.number().int().min(0).max(600_000),
  /** The clock was never compared and its battery is flat: what is due now is not known. */
  clockUnset: Fallback,
});
export type Fallbacks = z.infer<typeof Fallbacks>;

/** A rectangle of a screen, in its own pixels. */
export const ScreenRectangle = z.object({
  x: z.number().int().min(0).max(7_680),
  y: z.number().int().min(0).max(4_320),
  width: z.number().int().min(16).max(7_680),
  height: z.number().int().min(16).max(4_320),
});
export type ScreenRectangle = z.infer<typeof ScreenRectangle>;

/** What a technician sets for a board, beside what every device has. */
export const BoardSettings = z.object({
  /** The name that stands on it, such as the ward's. */
  title: z.string().max(120),
  utcOffsetMinutes: z.number().int().min(-720).max(840),
  fallbacks: Fallbacks,
  /** Off on purpose, in stretches of the UTC day: a state of its own, not a fault. Emergencies light it all the same. */
  off: z.array(DayStretch).max(12),
  /** Left out: `brightness` of the settings, always. */
  brightness: BrightnessRule.optional(),
  /** Where an LED panel mirrors a part of an HDMI output: the page draws there, at these very pixels. */
  rectangle: ScreenRectangle.optional(),
  /** A picture of what is lit, so often and unasked; 0 for never. */
  pictureEveryMs: z.number().int().min(0).max(86_400_000),
});
export type BoardSettings = z.infer<typeof BoardSettings>;

/** As a board leaves the factory. */
export const FACTORY_BOARD: BoardSettings = {
  title: '',
  utcOffsetMinutes: 420,
  fallbacks: {
    idle: { show: 'clock' },
    linkLost: { show: 'plan' },
    linkLostAfterMs: 24 * 3_600_000,
    powerReturn: { show: 'name' },
    powerReturnMs: 30_000,
    clockUnset: { show: 'name' },
  },
  off: [],
  pictureEveryMs: 15 * 60_000,
};
