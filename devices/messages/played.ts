import { z } from 'zod';
import { AsRunRecord } from '../as-run.ts';

/**
 * A batch from the outbox, oldest first, of one boot. `oldest` is the lowest sequence number of that boot that
 * the device still holds: what is below it and not stored by the controller will never come, and is a gap.
 */
export const Played = z.object({
  v: z.literal(1),
  boot: z.number().int().min(1),
  oldest: z.number().int().min(1),
  records: z.array(AsRunRecord).min(1).max(50),
});
export type Played = z.infer<typeof Played>;
