import type { Face } from '../face/face.ts';
import { putText } from '../face/put-text.ts';
import type { Box } from './box.ts';
import { facesFor, largest } from './fit.ts';
import { Compositor, type Line } from './lines.ts';
import type { Raster } from './raster.ts';
import { wordsOfRuns } from './words-of-runs.ts';

/** What a figure is the figure of. */
export interface TileLabel {
  readonly lines: readonly Line[];
  readonly face: Face;
  readonly broken: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** As large as fits on one line, or on two, in a share of the height; never too small to read. */
export function setLabel(
  text: string,
  width: number,
  height: number,
  smallest: number,
  ink: string,
): TileLabel {
  const words = wordsOfRuns([{ text, voice: 'body', ink }]);
  const setAt = (linePx: number): TileLabel => {
    const faces = facesFor(linePx);
    const { lines, broken } = new Compositor(faces).evenLines(words, width);
    return {
      lines,
      broken,
      face: faces.body,
      width: Math.max(0, ...lines.map((line) => line.width)),
      height: lines.length * faces.body.linePx,
    };
  };
  const low = Math.max(8, smallest);
  const within =
    (share: number) =>
    (linePx: number): TileLabel | null => {
      const set = setAt(linePx);
      return set.broken.length === 0 && set.height <= Math.max(low, height * share) ? set : null;
    };
  const high = Math.max(low, Math.round(height / 3));
  return largest(low, high, within(0.34)) ?? largest(low, high, within(0.5)) ?? setAt(low);
}

export function paintLabel(
  raster: Raster,
  { lines, face }: TileLabel,
  at: Box,
  align: 'start' | 'center',
): void {
  for (const [index, line] of lines.entries()) {
    const x = at.x + (align === 'center' ? Math.floor((at.width - line.width) / 2) : 0);
    const baseline = at.y + index * face.linePx + face.ascent;
    for (const piece of line.pieces) putText(raster, face, piece.text, x + piece.x, baseline, piece.ink);
  }
}
