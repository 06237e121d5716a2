import type { BoardReport } from '#devices/messages/heartbeat';

/**
 * A board that drew nothing for so long has stopped drawing. A heartbeat comes every 33 s at the latest, so that by the
 * second one after the renderer stopped, 58 s after it, the controller knows.
 */
export const FROZEN_AFTER_MS = 25_000;
/** The code of the fault, as a device that finds it out by itself tells it. */
export const FROZEN = 'renderer-frozen';

/** Two accounts of the same last frame differ by what their messages took. */
const SAME_FRAME_MS = 2_000;

/**
 * When a board drew last, where that is too long ago; null while it draws. One that is off on purpose, or has no power,
 * has nothing to draw.
 * @param at when it said so, epoch ms.
 * @param before what is known of it: since when it stands still, and whether the device itself says that it does.
 */
export function frozenSince(
  board: Pick<BoardReport, 'mode' | 'powered' | 'drawnAgoMs'> | undefined,
  at: number,
  before: { readonly known: number | null; readonly told: boolean } = { known: null, told: false },
): number | null {
  if (board === undefined || board.mode === 'off' || !board.powered) return null;
  const drawnAt = Math.round(at - board.drawnAgoMs);
  const still = before.known !== null && drawnAt <= before.known + SAME_FRAME_MS;
  return still || before.told || board.drawnAgoMs > FROZEN_AFTER_MS ? drawnAt : null;
}
