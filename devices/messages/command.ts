import { z } from 'zod';

/** What must happen now. Never retained; the signature's `exp` is its `notAfter`. */
export const Command = z.discriminatedUnion('type', [
  /** Blink, or say its own name, so that a technician under the pole knows which one it is. */
  z.object({ v: z.literal(1), type: z.literal('identify'), seconds: z.number().int().min(1).max(60) }),
  /** Fall silent or dark at once: what plays ends as `stopped`. */
  z.object({ v: z.literal(1), type: z.literal('stop') }),
  /** A board sends what it shows; a speaker sends what it plays, for so many seconds. */
  z.object({ v: z.literal(1), type: z.literal('capture'), seconds: z.number().int().min(1).max(120) }),
]);
export type Command = z.infer<typeof Command>;
