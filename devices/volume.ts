import type { Settings } from './kind.ts';

const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1_440;

/**
 * The volume that holds at a moment, in percent: the last step begun, or `volume` where there are no steps, but never
 * more than the guards allow. The same for the device that plays and the console that foretells. @param at epoch ms.
 */
export function volumeAt(
  { volume, volumeSteps = [], guards }: Pick<Settings, 'volume' | 'volumeSteps' | 'guards'>,
  at: number,
): number {
  const minute = Math.floor(at / MINUTE_MS) % MINUTES_A_DAY;
  const begun = volumeSteps.filter((step) => step.minute <= minute);
  const wanted = (begun.at(-1) ?? volumeSteps.at(-1))?.volume ?? volume;
  return Math.min(wanted, guards?.loudest ?? wanted);
}
