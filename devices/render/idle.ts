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
 * What stands there when nothing else does: the time and the date, or the board's name; dark where there is neither.
 * @param now epoch ms. @returns in how many ms its pixels change.
 */
export function drawFallback(
  brush: Brush,
  size: Size,
  fallback: { readonly show: 'clock' | 'name' },
  { title, utcOffsetMinutes, clockSet, language }: BoardFace,
  now: number,
  assets: Assets,
): { readonly nextInMs: number } {
  const text = fallback.show === 'name' ? title : clockSet ? timeOf(now, utcOffsetMinutes) : '';
  if (text.trim() === '') {
    drawDark(brush, size);
    return { nextInMs: Number.POSITIVE_INFINITY };
  }
  const scene: Scene = { v: 2, language, pages: [{ zones: [{ item: { type: 'notice', text } }] }] };
  drawShow(brush, makeShow(scene, size, assets), 0, now);
  return { nextInMs: fallback.show === 'clock' ? 60_000 - (now % 60_000) : Number.POSITIVE_INFINITY };
}

const timeOf = (now: number, utcOffsetMinutes: number): string =>
  new Date(now + utcOffsetMinutes * 60_000).toISOString().slice(11, 16);
