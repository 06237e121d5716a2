import { putText } from '../face/put-text.ts';
import type { Align } from '../scene/text.ts';
import type { Faces } from './fit.ts';
import type { Line } from './lines.ts';
import type { Raster } from './raster.ts';

/** A line and how it stands under the one before it. */
export interface Row {
  readonly line: Line;
  readonly faces: Faces;
  readonly align: Align;
  /** Kept free at its left, such as for a bullet, which stands in it. */
  readonly indent: number;
  readonly bullet?: string;
  /** Between it and the line before it. */
  readonly gap: number;
  /** Lines of the same paragraph from here to its end, this one included; and whether it is the first. */
  readonly left: number;
  readonly first: boolean;
}

/** Lines of one height; a gap before the first counts for nothing. */
export const heightOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, { faces, gap }, at) => sum + faces.body.linePx + (at === 0 ? 0 : gap), 0);

/** Rows are drawn in boxes that are as wide as what they were broken for. */
export function paintRows(raster: Raster, rows: readonly Row[], x: number, top: number, width: number): void {
  let y = top;
  for (const [at, { line, faces, align, indent, bullet, gap }] of rows.entries()) {
    if (at > 0) y += gap;
    const free = width - indent - line.width;
    const from = x + indent + (align === 'center' ? Math.floor(free / 2) : align === 'end' ? free : 0);
    const baseline = y + faces.body.ascent;
    if (bullet !== undefined) putText(raster, faces.body, '•', x, baseline, bullet);
    for (const piece of line.pieces) {
      putText(raster, faces[piece.voice], piece.text, from + piece.x, baseline, piece.ink);
    }
    y += faces.body.linePx;
  }
}

/**
 * Rows on as few pages as they need, filled evenly so that the last page is not one lost word, and with no line of a
 * longer paragraph alone on a page where that can be helped.
 * @param room the height of a page.
 */
export function paginate(rows: readonly Row[], room: number): Row[][] {
  const fewest = broken(rows, room).length;
  let low = Math.ceil(heightOf(rows) / Math.max(1, fewest));
  let high = room;
  let best = broken(rows, room);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const tried = broken(rows, middle);
    if (tried.length <= fewest) {
      best = tried;
      high = middle;
    } else low = middle + 1;
  }
  return best;
}

function broken(rows: readonly Row[], room: number): Row[][] {
  const pages: Row[][] = [];
  let page: Row[] = [];
  for (const row of rows) {
    if (page.length > 0 && heightOf([...page, row]) > room) {
      const carried = carriedOn(page, row);
      pages.push(page.slice(0, page.length - carried));
      page = page.slice(page.length - carried);
    }
    page.push(row);
  }
  return page.length > 0 ? [...pages, page] : pages;
}

/** How many rows of a full page go to the next one with the row that is to begin it: 1 where a line would be left alone. */
function carriedOn(page: readonly Row[], next: Row): number {
  const last = page.at(-1);
  if (page.length < 3 || last === undefined || next.first) return 0;
  // The first line of a paragraph at the foot of a page, or its last one at the head of the next.
  const lonely = last.first || next.left === 1;
  return lonely ? 1 : 0;
}
