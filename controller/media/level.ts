import { CODEC_HEADROOM_DB, type Limiting, TARGET_DBTP, TARGET_LUFS } from './commands.ts';
import type { Loudness } from './loudness.ts';

/** Below this there is nothing to hear; it is the absolute gate of EBU R 128. */
export const SILENCE_LUFS = -70;

/** More gain than this would raise hiss, not a voice: treated as silence. */
export const MOST_GAIN_DB = 40;

/** `loudnorm` knows no programme wider than this. */
const MOST_RANGE_LU = 20;

export const isSilent = (loudness: Loudness): boolean =>
  loudness.integratedLufs <= SILENCE_LUFS || TARGET_LUFS - loudness.integratedLufs > MOST_GAIN_DB;

/** Gain that takes the sound to the target. */
const gainOf = (loudness: Loudness): number => TARGET_LUFS - loudness.integratedLufs;

/** By how much the peaks would exceed the ceiling after `gainDb`; what a codec adds is kept free. */
const excess = (loudness: Loudness, gainDb: number): number =>
  loudness.truePeakDbtp + gainDb - (TARGET_DBTP - CODEC_HEADROOM_DB);

/** Whether turning one knob is enough: `loudnorm` then works linearly and is exact. */
export const fitsLinearly = (loudness: Loudness): boolean =>
  excess(loudness, gainOf(loudness)) <= 0 || loudness.rangeLu > MOST_RANGE_LU;

/**
 * A first guess of how hard to drive the limiter. Pressing peaks costs loudness, by experience a twentieth of the
 * square of the decibels pressed, for speech; a little too much is harmless, because `loudnorm` then turns it down.
 */
export function firstDrive(source: Loudness): Limiting {
  const gain = gainOf(source);
  const over = Math.max(0, excess(source, gain));
  return { driveDb: gain + Math.min(0.06 * over ** 2, 0.8 * over) + 0.2 };
}

/**
 * Whether the limited sound can be brought to the target linearly: turned down always, turned up while the
 * peaks stay under the target itself.
 */
export const isDriven = (limited: Loudness): boolean =>
  gainOf(limited) <= Math.max(0, TARGET_DBTP - CODEC_HEADROOM_DB / 2 - limited.truePeakDbtp);

/** The next guess: what is missing, and half as much again for what the limiter will take of it. */
export const nextDrive = (last: Limiting, limited: Loudness): Limiting => ({
  driveDb: last.driveDb + 1.5 * Math.max(0, gainOf(limited)) + 0.2,
});
