import { z } from 'zod';
import { Ulid } from '../primitives.ts';

/** Retained, and the last will. An offline of an older session than the one known is ignored. */
export const Presence = z.object({ v: z.literal(1), session: Ulid, online: z.boolean() });
export type Presence = z.infer<typeof Presence>;
