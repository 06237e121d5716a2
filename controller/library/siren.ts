import { wavHeader } from '../media/wav-header.ts';

/** The siren of the house: the one that sounds unless another is chosen. */
export const DEFAULT_SIREN = 'siren-default';

const RATE = 48_000;
const LENGTH_S = 7.2;
/** Up and down once in so long. */
const WAIL_S = 2.4;
/** Hertz: where small horns are loudest and ears are keenest, low enough to carry around corners. */
const LOW_HZ = 520;
const HIGH_HZ = 1_180;
/** A second tone beside the first, as on two-tone horns: neighbours beat against each other and are not taken for music. */
const SECOND = { ratio: 1.26, level: 0.45 };
/** A siren is no pure tone; overtones let it through a small driver, and through traffic. */
const OVERTONES = [1, 0.5, 0.3, 0.16] as const;

/** The built-in siren, three wails in some seven seconds, as a WAV file of 48 kHz, 16 bit, one channel. */
export function siren(): Buffer {
  const count = Math.round(RATE * LENGTH_S);
  const samples = Buffer.alloc(count * 2);
  let phase = 0;
  for (let at = 0; at < count; at += 1) {
    const t = at / RATE;
    const rise = 0.5 - 0.5 * Math.cos((2 * Math.PI * t) / WAIL_S);
    // Ears hear ratios: the pitch moves evenly when its logarithm does.
    phase += (2 * Math.PI * LOW_HZ * (HIGH_HZ / LOW_HZ) ** rise) / RATE;
    const fade = Math.min(1, t / 0.02, (LENGTH_S - t) / 0.2);
    const value = fade * (horn(phase) + SECOND.level * horn(phase * SECOND.ratio));
    samples.writeInt16LE(Math.round(value * 0.2 * 32_767), at * 2);
  }
  return Buffer.concat([wavHeader(RATE, samples.length), samples]);
}

const horn = (phase: number): number =>
  OVERTONES.reduce((sum, level, index) => sum + level * Math.sin(phase * (index + 1)), 0);
