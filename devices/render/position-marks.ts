import type { Size } from './brush.ts';
import type { Inks } from './ink.ts';
import { fillRectangle, type Raster } from './raster.ts';

/** Room for the marks that tell which page of how many stands. */
export const markHeight = ({ height }: Size): number => Math.max(1, Math.round(height / 90));
export const marksRoom = (size: Size, pages: number): number => (pages < 2 ? 0 : markHeight(size) + 1);

/** Marks along the lower edge, the standing page's bright. */
export function paintMarks(raster: Raster, page: number, of: number, inks: Inks): void {
  if (of < 2) return;
  const { width, height } = raster;
  const down = markHeight(raster);
  const gap = Math.max(1, Math.round(down / 2));
  for (let at = 0; at < of; at += 1) {
    const from = Math.round((at * (width + gap)) / of);
    const to = Math.round(((at + 1) * (width + gap)) / of) - gap;
    fillRectangle(
      raster,
      from,
      height - down,
      Math.max(1, to - from),
      down,
      at === page ? inks.heading : inks.faint,
    );
  }
}
