import type { Settings } from '#devices/kind';
import type { PlanOccurrence } from '#devices/plan';
import { volumeAt } from '#devices/volume';

/** How loud something is played: what the record tells (`volume`, `muted`), and the gain that comes on top, dB. */
export interface Loudness {
  readonly volume: number;
  readonly muted: boolean;
  readonly gainDb: number;
}

export type LoudnessSettings = Pick<Settings, 'volume' | 'muted' | 'volumeSteps' | 'quirks' | 'guards'>;

/**
 * How loud an occurrence is at a moment, epoch ms. It is asked anew for each piece that is handed over, so that a
 * change is heard while it plays.
 */
export const loudnessOf = (settings: LoudnessSettings, occurrence: PlanOccurrence, at: number): Loudness => ({
  volume: volumeAt(settings, at),
  muted: settings.muted,
  gainDb: occurrence.gainDb + (settings.quirks?.gainDb ?? 0),
});

/** The factor for samples. 100 is unity; below it follows the ear with a square law. */
export const factorOf = ({ volume, muted, gainDb }: Loudness): number =>
  muted ? 0 : (volume / 100) ** 2 * 10 ** (gainDb / 20);

export function amplify(samples: Int16Array, factor: number): Int16Array {
  if (factor === 1) return samples;
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * factor))));
}
