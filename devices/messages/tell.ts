import { z } from 'zod';
import { EpochMs } from '../primitives.ts';

/** What the controller tells one device: which records it has committed, and what time it is. */
export const Tell = z.discriminatedUnion('type', [
  /** Cumulative: every record of `boot` with a sequence number up to `seq` is stored. */
  z.object({
    v: z.literal(1),
    type: z.literal('recorded'),
    boot: z.number().int().min(1),
    seq: z.number().int().min(0),
  }),
  /** The four timestamps of an exchange: `t1` is echoed, the device adds `t4` on arrival (RFC 5905 §8). */
  z.object({
    v: z.literal(1),
    type: z.literal('time'),
    id: z.number().int().min(0),
    t1: z.number(),
    t2: EpochMs,
    t3: EpochMs,
  }),
]);
export type Tell = z.infer<typeof Tell>;
