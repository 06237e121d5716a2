import { CODEC_HEADROOM_DB, type Limiting, TARGET_DBTP, TARGET_LUFS } from './commands.ts';
import type { Loudness } from './loudness.ts';

/** Below this there is nothing to hear; it is the absolute gate of EBU R 128. */
const SILENCE_LUFS = -70;

/** More gain than this would raise hiss, not a voice: treated as silence. */
const MOST_GAIN_DB = 40;

/** Peaks are pressed by no more: a drum or a bell stays a drum or a bell, if a little quieter than a voice. */
const MOST_PRESSED_DB = 12;

export const isSilent = (loudness: Loudness): boolean =>
  loudness.integratedLufs <= SILENCE_LUFS || gainOf(loudness) > MOST_GAIN_DB;

/** Gain that takes the sound to the target. */
const gainOf = (loudness: Loudness): number => TARGET_LUFS - loudness.integratedLufs;

/** By how much the peaks would exceed the limiter's ceiling after `gainDb`; what a codec adds is kept free. */
const excess = (loudness: Loudness, gainDb: number): number =>
  loudness.truePeakDbtp + gainDb - (TARGET_DBTP - CODEC_HEADROOM_DB);

/** Whether turning one knob is enough: `loudnorm` then works linearly and is exact. */
export const fitsLinearly = (loudness: Loudness): boolean => excess(loudness, gainOf(loudness)) <= 0;

/**
 * A first guess of how hard to drive the limiter. Pressing peaks costs loudness, by experience a twentieth of the
 * square of the decibels pressed, for speech; a little too much is harmless, because `loudnorm` then turns it down.
 */
export function firstDrive(source: Loudness): Limiting {
  const gain = gainOf(source);
  const over = Math.max(0, excess(source, gain));
  return bounded(source, gain + Math.min(0.06 * over ** 2, 0.8 * over) + 0.2);
}

/** The next guess: what is missing, and half as much again for what the limiter will take of it. */
export const nextDrive = (source: Loudness, last: Limiting, limited: Loudness): Limiting =>
  bounded(source, last.driveDb + 1.5 * Math.max(0, gainOf(limited)) + 0.2);

const bounded = (source: Loudness, driveDb: number): Limiting => ({
  driveDb: Math.min(driveDb, MOST_PRESSED_DB - excess(source, 0)),
});

/**
 * How loud the sound can be made by turning one knob: turned down always, turned up while the peaks stay under the
 * target itself. Sparse bangs reach the ceiling before they reach the loudness of a voice.
 */
export const reachableLufs = (loudness: Loudness): number =>
  Math.min(
    TARGET_LUFS,
    loudness.integratedLufs + (TARGET_DBTP - CODEC_HEADROOM_DB / 2 - loudness.truePeakDbtp),
  );

/** Whether another, harder drive would bring it nearer to the target. */
export const isDriven = (source: Loudness, last: Limiting, limited: Loudness): boolean =>
  reachableLufs(limited) === TARGET_LUFS || last.driveDb >= MOST_PRESSED_DB - excess(source, 0);
