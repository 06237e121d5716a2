import { z } from 'zod';
import { EpochMs, Percent } from './primitives.ts';

/** A stretch of the UTC day, in minutes; `until` is exclusive and may lie before `from`: over midnight. */
export const DayStretch = z.object({
  from: z.number().int().min(0).max(1_439),
  until: z.number().int().min(0).max(1_440),
});
export type DayStretch = z.infer<typeof DayStretch>;

/**
 * What keeps a village from being woken: held by every device in its settings, and asked at saving and at dispatch too,
 * so that no single mistake is enough. An emergency is above all of it but the volume.
 */
export const Guards = z.object({
  /** When something other than an emergency may begin; absent: at any time. */
  allowed: z.array(DayStretch).max(12).optional(),
  /** Days of mourning, on which music is silent. */
  mourning: z
    .array(z.object({ from: EpochMs, until: EpochMs }))
    .max(16)
    .optional(),
  /** The longest that anything but an emergency may last. */
  longestMs: z.number().int().min(1_000).optional(),
  loudest: Percent.optional(),
});
export type Guards = z.infer<typeof Guards>;
