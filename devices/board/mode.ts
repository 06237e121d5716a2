import { mayBegin } from '../guards.ts';
import type { BoardSettings, Fallback } from './settings.ts';

/**
 * Why a board shows what it shows. `off` is on purpose; `dark` never stands alone: a board that is dark says which of
 * these it is.
 */
export const BOARD_MODES = [
  'emergency',
  'playing',
  'idle',
  'off',
  'clock-unset',
  'power-return',
  'link-lost',
] as const;
export type BoardMode = (typeof BOARD_MODES)[number];

/** What a board knows of itself at a moment. */
export interface BoardFacts {
  /** The class of what `arbitrate` chose; null when it chose nothing. */
  readonly chosen: 'emergency' | 'other' | null;
  /** Whether its time can be trusted at all. */
  readonly clockSet: boolean;
  /** For how long there has been no link, ms; 0 while there is one. */
  readonly unlinkedMs: number;
  /** Since the power came back, while plan and link are not both known to be there again; null afterwards. */
  readonly returningMs: number | null;
}

/**
 * One rule for what a board shows besides its plan, asked by the device and by whoever foretells. An emergency is above
 * everything; off on purpose above all else.
 * @param at epoch ms. @returns the fallback that stands instead of the plan, or null where what was chosen stands.
 */
export function boardMode(
  { off, fallbacks }: Pick<BoardSettings, 'off' | 'fallbacks'>,
  { chosen, clockSet, unlinkedMs, returningMs }: BoardFacts,
  at: number,
): { readonly mode: BoardMode; readonly fallback: Fallback | null } {
  if (chosen === 'emergency') return { mode: 'emergency', fallback: null };
  if (clockSet && off.length > 0 && mayBegin({ allowed: off }, at)) {
    return { mode: 'off', fallback: { show: 'dark' } };
  }
  if (!clockSet) return { mode: 'clock-unset', fallback: fallbacks.clockUnset };
  if (returningMs !== null && returningMs < fallbacks.powerReturnMs) {
    return { mode: 'power-return', fallback: fallbacks.powerReturn };
  }
  if (unlinkedMs >= fallbacks.linkLostAfterMs && fallbacks.linkLost.show !== 'plan') {
    return { mode: 'link-lost', fallback: fallbacks.linkLost };
  }
  return chosen === null ? { mode: 'idle', fallback: fallbacks.idle } : { mode: 'playing', fallback: null };
}
