import { wavHeader } from '../media/wav-header.ts';

/** Frequencies in hertz of C5, E5, G5, C6: a rising chord, friendly and heard over traffic. */
const NOTES = [523.25, 659.25, 783.99, 1_046.5] as const;
const STEP_S = 0.42;
const RING_S = 1.6;
const RATE = 48_000;

/** Partials of a struck metal bar (ratios of a free bar: 1, 2.76, 5.40): share of the sound, and how fast each dies away. */
const PARTIALS = [
  { ratio: 1, level: 1, decay: 3.2 },
  { ratio: 2, level: 0.28, decay: 4.5 },
  { ratio: 2.756, level: 0.22, decay: 7 },
  { ratio: 5.404, level: 0.08, decay: 14 },
] as const;

/** The built-in start chime, four notes in some three seconds, as a WAV file of 48 kHz, 16 bit, one channel. */
export function gong(): Buffer {
  const samples = Math.round(RATE * (STEP_S * (NOTES.length - 1) + RING_S));
  const sound = new Float64Array(samples);
  for (const [index, note] of NOTES.entries()) {
    const start = Math.round(index * STEP_S * RATE);
    for (let at = start; at < samples; at += 1) {
      const t = (at - start) / RATE;
      const attack = Math.min(1, t / 0.004);
      const fade = Math.min(1, (samples - at) / (0.15 * RATE));
      for (const { ratio, level, decay } of PARTIALS) {
        sound[at]! += attack * fade * level * Math.exp(-decay * t) * Math.sin(2 * Math.PI * note * ratio * t);
      }
    }
  }
  return wav(sound);
}

function wav(sound: Float64Array): Buffer {
  const peak = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const samples = Buffer.alloc(sound.length * 2);
  for (const [index, value] of sound.entries()) {
    samples.writeInt16LE(Math.round((value / peak) * 0.7 * 32_767), index * 2);
  }
  return Buffer.concat([wavHeader(RATE, samples.length), samples]);
}
