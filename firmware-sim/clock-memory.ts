import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeWhole } from './whole-file.ts';

const ClockFile = z.object({ correctionMs: z.number() });

/** What must be added to the battery clock, as last measured against the controller; 0 when never. */
export const systemCorrection = async (dir: string): Promise<number> =>
  (await readJson(join(dir, 'clock.json'), ClockFile))?.correctionMs ?? 0;

export const keepCorrection = (dir: string, correctionMs: number): Promise<void> =>
  writeWhole(join(dir, 'clock.json'), JSON.stringify({ correctionMs }), { durable: false });
