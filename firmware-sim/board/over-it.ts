import type { BoardMode } from '#devices/board/mode';
import type { Ending } from './take.ts';

/** Why nothing of what is due is seen, as records tell it. */
export const OVER_IT: Partial<Record<BoardMode, Ending>> = {
  off: { end: 'stopped', reason: 'board-off' },
  'clock-unset': { end: 'stopped', reason: 'clock-unsynced' },
  'power-return': { end: 'stopped', reason: 'power-return' },
  'link-lost': { end: 'stopped', reason: 'link-lost' },
};
