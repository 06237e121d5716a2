import type { AsRunRecord } from '#devices/as-run';
import type { PartPlay } from './part-play.ts';

/** A card that was away for less is not worth a word in the log. */
const HICCUP_MS = 250;

export interface Cut {
  /** Epoch ms. */
  readonly at: number;
  readonly end: AsRunRecord['end'];
  readonly reason: string | undefined;
}

/**
 * How the play of a part came to its end, and why; null when it was taken off before it began: whoever took it off says
 * what becomes of it.
 * @param unheardMs what was handed over and never came out of the hardware.
 */
export function endOf(play: PartPlay, cut: Cut | null, unheardMs: number): Omit<Cut, 'at'> | null {
  const { failure, standsIn, wasCut, firstFrame } = play;
  if (standsIn) return firstFrame === null ? null : { end: endOfTone(play, cut), reason: 'built-in-tone' };
  if (firstFrame === null) return wasCut ? null : { end: 'missed', reason: failure ?? 'decode-failed' };
  if (wasCut && cut !== null) return cut;
  if (failure !== null || !play.whole) return { end: 'fault', reason: failure ?? shortfallOf(play) };
  if (unheardMs > HICCUP_MS) return { end: 'fault', reason: 'output-lost' };
  return { end: 'completed', reason: undefined };
}

/** It gave way to the file, or had nothing to give way to, unless somebody took the whole off the air. */
function endOfTone({ limitAt }: PartPlay, cut: Cut | null): Cut['end'] {
  const takenOff = cut !== null && cut.at <= limitAt && cut.end !== 'expired';
  return takenOff ? cut.end : 'fault';
}

/** Why less came out than was due. */
function shortfallOf({ live, lostMs }: PartPlay): string {
  if (live) return 'live-gaps';
  return lostMs > 0 ? 'underrun' : 'decode-short';
}
