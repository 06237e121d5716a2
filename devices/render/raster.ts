import type { Glyph } from '../face/glyph.ts';
import { FULL } from '../face/glyph.ts';
import { bytesOf, fillTarget } from '../face/put-text.ts';
import type { PixelData } from './brush.ts';

/**
 * Rows of RGBA that are filled by whole numbers alone, never by a canvas: the same bytes on every machine. What falls
 * outside is left out.
 */
export type Raster = PixelData;

export const fillAll = (raster: Raster, colour: string): void => fillTarget(raster, colour);

export function fillRectangle(
  { data, width, height }: Raster,
  x: number,
  y: number,
  across: number,
  down: number,
  colour: string,
): void {
  const [red, green, blue] = bytesOf(colour);
  const left = Math.max(0, x);
  const right = Math.min(width, x + across);
  const first = Math.max(0, y);
  const bottom = Math.min(height, y + down);
  if (left >= right || first >= bottom) return;
  const from = (first * width + left) * 4;
  const to = (first * width + right) * 4;
  for (let at = from; at < to; at += 4) {
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
    data[at + 3] = 255;
  }
  for (let row = first + 1; row < bottom; row += 1) data.copyWithin((row * width + left) * 4, from, to);
}

/** Lays a shape over what is there. @param x of the shape's own zero. @param y the row under its feet. */
export function putShape(
  { data, width, height }: Raster,
  shape: Glyph,
  x: number,
  y: number,
  colour: string,
): void {
  const ink = bytesOf(colour);
  for (let row = 0; row < shape.height; row += 1) {
    const toY = y - shape.top + row;
    if (toY < 0 || toY >= height) continue;
    for (let column = 0; column < shape.width; column += 1) {
      const toX = x + shape.left + column;
      const coverage = shape.coverage[row * shape.width + column] ?? 0;
      if (toX < 0 || toX >= width || coverage === 0) continue;
      const at = (toY * width + toX) * 4;
      for (let part = 0; part < 3; part += 1) {
        const ground = data[at + part] ?? 0;
        data[at + part] = Math.floor((ground * (FULL - coverage) + (ink[part] ?? 0) * coverage + 7) / FULL);
      }
    }
  }
}
