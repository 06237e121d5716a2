import { z } from 'zod';
import { Broadcast } from '../broadcast.ts';
import { EpochMs, Percent, Ulid } from '../primitives.ts';

const v = z.literal(1);

/** What must happen now. Never retained; the signature's `exp` is its `notAfter`. */
export const Command = z.discriminatedUnion('type', [
  /** Blink, or say its own name, so that a technician under the pole knows which one it is. */
  z.object({ v, type: z.literal('identify'), seconds: z.number().int().min(1).max(60) }),
  /**
   * Fall silent or dark at once: what plays ends as `stopped` and does not come back. With a broadcast: that one
   * only, also when it has not begun.
   */
  z.object({ v, type: z.literal('stop'), broadcast: Ulid.optional() }),
  /** A board sends what it shows; a speaker sends what it plays, for so many seconds. */
  z.object({ v, type: z.literal('capture'), seconds: z.number().int().min(1).max(120) }),
  /** First phase of a common start: fetch, verify, decode the first frames, and answer `ready`. */
  z.object({ v, type: z.literal('prepare'), broadcast: Broadcast }),
  /**
   * Second phase: position 0 is heard at `t0` (epoch ms); who is later seeks to `now − t0`. It holds the whole
   * broadcast, so that a device which missed the first phase joins too. The same broadcast at the same `t0` again
   * changes nothing.
   */
  z.object({ v, type: z.literal('start'), broadcast: Broadcast, t0: EpochMs }),
  /** From now on this broadcast, and nothing else, is played at this volume. */
  z.object({ v, type: z.literal('set-volume'), broadcast: Ulid, volume: Percent }),
  /** Sound a tone and listen to it through the device's own microphone; the measure is in the acknowledgement. */
  z.object({ v, type: z.literal('self-test') }),
  /** Start anew, as if the power had gone and come. */
  z.object({ v, type: z.literal('reboot') }),
]);
export type Command = z.infer<typeof Command>;
