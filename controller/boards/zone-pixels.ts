import type { Grid } from '#devices/scene';
import type { Rectangle } from '#devices/scene/page';
import type { Size } from './panels.ts';

/** The size of a zone on a board, in whole pixels, as the renderer places it: its edges on the nearest pixel. */
export function zonePixels(rectangle: Rectangle | undefined, grid: Grid | undefined, size: Size): Size {
  if (rectangle === undefined) return { width: size.width, height: size.height };
  const { width, height } = grid ?? size;
  const edge = (at: number, of: number, pixels: number): number =>
    Math.min(pixels, Math.max(0, Math.round((at * pixels) / of)));
  const left = edge(rectangle.x, width, size.width);
  const right = edge(rectangle.x + rectangle.width, width, size.width);
  const top = edge(rectangle.y, height, size.height);
  const bottom = edge(rectangle.y + rectangle.height, height, size.height);
  return { width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}
