import { join } from 'node:path';
import { z } from 'zod';
import { recollectionOf } from '#devices/clock-recollection';
import { type BaseClock, type DeviceClock, type Recollection, UNSYNCED_ERROR_MS } from './clock.ts';
import { readOrForget, writeWhole } from './whole-file.ts';

const ClockFile = z.object({
  correctionMs: z.number(),
  /** When that was measured, epoch ms, and how well. */
  at: z.number().default(0),
  errorMs: z.number().min(0).default(UNSYNCED_ERROR_MS),
});

/** What is known of the battery clock from before the power went. */
export const recollect = async (dir: string, base: BaseClock): Promise<Recollection> =>
  recollectionOf(await readOrForget(join(dir, 'clock.json'), ClockFile), base.wallMs());

export const keepClock = (dir: string, clock: DeviceClock): Promise<void> =>
  writeWhole(
    join(dir, 'clock.json'),
    JSON.stringify({ correctionMs: -clock.wallOffsetMs, at: clock.now(), errorMs: clock.errorMs }),
    { durable: false },
  );
