import { z } from 'zod';
import { ScreenRectangle } from '#devices/board/settings';
import { Settings } from '#devices/kind';
import { Id } from './common.ts';

const WallClock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .meta({ description: 'HH:MM on the wall clock of the site' });

/** As `Fallback` of `devices/board/settings.ts`, but a scene is named by its programme. */
export const FallbackChoice = z.discriminatedUnion('show', [
  z.object({ show: z.enum(['dark', 'clock', 'name', 'plan']) }),
  z.object({ show: z.literal('programme'), programmeId: Id }),
]);
export type FallbackChoice = z.infer<typeof FallbackChoice>;

/** What a technician chooses for a board, in the site's time; the controller makes `BoardSettings` of it. */
export const BoardChoice = z.object({
  /** What stands on it as its name; empty: the name of the site. */
  title: z.string().max(120),
  idle: FallbackChoice,
  linkLost: FallbackChoice,
  linkLostAfterMinutes: z.number().int().min(1).max(43_200),
  powerReturn: FallbackChoice,
  powerReturnSeconds: z.number().int().min(0).max(600),
  clockUnset: FallbackChoice,
  /** An end before its beginning is over midnight. */
  off: z
    .array(z.object({ from: WallClock, until: WallClock }))
    .max(12)
    .refine((stretches) => stretches.every(({ from, until }) => from !== until), {
      error: 'begins and ends at the same time',
    }),
  brightness: z.discriminatedUnion('by', [
    z.object({ by: z.literal('fixed') }),
    z.object({
      by: z.literal('time'),
      steps: z
        .array(z.object({ from: WallClock, brightness: Settings.shape.brightness }))
        .min(1)
        .max(24)
        .refine((steps) => new Set(steps.map(({ from }) => from)).size === steps.length, {
          error: 'names the same time twice',
        }),
    }),
    /** Where the board stands, or else where its neighbours do. */
    z.object({ by: z.literal('sun'), day: Settings.shape.brightness, night: Settings.shape.brightness }),
    z.object({
      by: z.literal('sensor'),
      points: z
        .array(z.object({ lux: z.number().min(0.1).max(200_000), brightness: Settings.shape.brightness }))
        .min(2)
        .max(8)
        .refine((points) => new Set(points.map(({ lux }) => lux)).size === points.length, {
          error: 'names the same light twice',
        }),
      hysteresis: z.number().min(0).max(0.9),
    }),
  ]),
  rectangle: ScreenRectangle.nullable(),
  pictureEveryMinutes: z.number().int().min(0).max(1_440),
  /** From how far away it is read, metres: what the composer judges letters by. */
  viewingMetres: z.number().min(0.5).max(200),
});
export type BoardChoice = z.infer<typeof BoardChoice>;

/**
 * Where a board stands, for the sun, and by whom that is known: itself, its neighbours, the devices of the site, or
 * nobody, so that the middle of the country stands for it.
 */
export const BoardPlace = z.object({
  latitude: z.number(),
  longitude: z.number(),
  by: z.enum(['device', 'area', 'site', 'country']),
});
export type BoardPlace = z.infer<typeof BoardPlace>;
