import { z } from 'zod';
import { Ulid } from '../primitives.ts';

/** The controller is alive. A new `epoch` makes every device send its birth again. */
export const HostState = z.object({ v: z.literal(1), epoch: Ulid, online: z.boolean() });
export type HostState = z.infer<typeof HostState>;
