import { z } from 'zod';

/** "What time is it?" `t1` is in whatever unit and epoch the device likes: it comes back untouched. */
export const Ask = z.object({
  v: z.literal(1),
  type: z.literal('time'),
  id: z.number().int().min(0),
  t1: z.number(),
});
export type Ask = z.infer<typeof Ask>;
