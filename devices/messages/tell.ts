import { z } from 'zod';
import { EpochMs } from '../primitives.ts';

/** What the controller tells one device: which records it has committed, what time it is, and that it is waited for. */
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
  /** "How are you?": a heartbeat did not come, or was not understood; the answer is a whole one, at once. */
  z.object({ v: z.literal(1), type: z.literal('how') }),
]);
export type Tell = z.infer<typeof Tell>;
