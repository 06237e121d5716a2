import type { Decoder } from './decoder.ts';
import { framesOf, RATE } from './sound-card.ts';

/** Up and down between these, Hz, in this time: heard through walls and known as an alarm. */
const LOW = 600;
const HIGH = 1_200;
const SWEEP_SECONDS = 1;
const PEAK = 0.5 * 32_767;
/** Given at once, at most. */
const PIECE = framesOf(500);

/** The siren that needs no file: the same on every device at the same place, so that neighbours sound together. */
export function builtInTone(): Decoder {
  let phase = 0;
  let place = 0;
  let closed = false;
  return {
    failure: null,
    get ended() {
      return closed;
    },
    take(frames) {
      const samples = new Int16Array(closed ? 0 : Math.min(frames, PIECE));
      for (let at = 0; at < samples.length; at += 1) {
        const turn = ((place / RATE) % (2 * SWEEP_SECONDS)) / SWEEP_SECONDS;
        const height = turn < 1 ? turn : 2 - turn;
        phase = (phase + (LOW + (HIGH - LOW) * height) / RATE) % 1;
        samples[at] = Math.round(PEAK * Math.sin(2 * Math.PI * phase));
        place += 1;
      }
      return samples;
    },
    close() {
      closed = true;
    },
  };
}
