import type { ScenePage } from '../scene/page.ts';
import type { Scene } from '../scene.ts';
import type { Assets } from './assets.ts';
import type { Brush, Size } from './brush.ts';
import { drawDark } from './dark.ts';
import { drawShow, makeShow } from './show.ts';

export { drawDark };

/** What the settings say of a board, as far as it is drawn. */
export interface BoardFace {
  readonly title: string;
  readonly utcOffsetMinutes: number;
  readonly clockSet: boolean;
  /** BCP 47. */
  readonly language: string;
}

/**
 * What stands there when nothing else does: the time and the date with the board's name under them, or the name alone;
 * dark where there is neither.
 * @param now epoch ms. @returns in how many ms its pixels change.
 */
export function drawFallback(
  brush: Brush,
  size: Size,
  fallback: { readonly show: 'clock' | 'name' },
  face: BoardFace,
  now: number,
  assets: Assets,
): { readonly nextInMs: number } {
  const page = fallback.show === 'name' ? nameOf(face) : clockOf(face);
  if (page === null) {
    drawDark(brush, size);
    return { nextInMs: Number.POSITIVE_INFINITY };
  }
  const scene: Scene = { v: 2, language: face.language, grid: { width: 100, height: 100 }, pages: [page] };
  return { nextInMs: drawShow(brush, makeShow(scene, size, assets), 0, now).nextInMs };
}

/** The middle of the board, in hundredths. */
const MIDDLE = { x: 4, y: 6, width: 92, height: 88 };

const nameOf = ({ title }: BoardFace): ScenePage | null =>
  title.trim() === ''
    ? null
    : {
        zones: [
          {
            rectangle: MIDDLE,
            item: { type: 'text', paragraphs: [{ runs: [{ text: title, bold: true }], align: 'center' }] },
          },
        ],
      };

function clockOf(face: BoardFace): ScenePage | null {
  if (!face.clockSet) return null;
  const clock = { type: 'clock', show: 'time-date', utcOffsetMinutes: face.utcOffsetMinutes } as const;
  if (face.title.trim() === '') return { zones: [{ rectangle: MIDDLE, item: clock }] };
  return {
    zones: [
      { rectangle: { x: 4, y: 4, width: 92, height: 70 }, item: clock },
      {
        rectangle: { x: 12, y: 74, width: 76, height: 24 },
        item: { type: 'notice', text: face.title, colour: '#8a97a6' },
      },
    ],
  };
}
