import type { Cut, Voice } from '../cut.ts';
import { FULL, type Glyph } from '../glyph.ts';
import { isKnown } from '../letters.ts';
import { readBitmaps, type Shape, type StoredBitmaps, widthOf } from './bitmaps.ts';
import { BOLD_16 } from './bold-16.ts';
import { BOLD_20 } from './bold-20.ts';
import { BOLD_24 } from './bold-24.ts';
import { BOLD_28 } from './bold-28.ts';
import { compose } from './compose.ts';
import { type Drawings, LARGE, LIGHT, SMALL_BOLD } from './marks.ts';
import { REGULAR_13 } from './regular-13.ts';
import { REGULAR_16 } from './regular-16.ts';
import { REGULAR_20 } from './regular-20.ts';
import { REGULAR_24 } from './regular-24.ts';
import { REGULAR_28 } from './regular-28.ts';

interface Drawn {
  readonly stored: StoredBitmaps;
  readonly marks: Drawings;
}

/** From the largest down. */
const DRAWN: Readonly<Record<Voice, readonly Drawn[]>> = {
  body: [
    { stored: REGULAR_28, marks: LARGE },
    { stored: REGULAR_24, marks: LARGE },
    { stored: REGULAR_20, marks: LIGHT },
    { stored: REGULAR_16, marks: LIGHT },
    { stored: REGULAR_13, marks: LIGHT },
  ],
  heading: [
    { stored: BOLD_28, marks: LARGE },
    { stored: BOLD_24, marks: LARGE },
    { stored: BOLD_20, marks: SMALL_BOLD },
    { stored: BOLD_16, marks: SMALL_BOLD },
    // Two strokes of two pixels leave no room between them in a letter five pixels high.
    { stored: REGULAR_13, marks: LIGHT },
  ],
};

/** Over this, outlines are sharper than pixels drawn by hand. */
export const LARGEST_BITMAP = 28;
/** A letter needs five rows, two marks over it five more, and what hangs under it two: with the dark rows between, 13. */
export const SMALLEST = 13;

const DIGIT = /^\d$/;
const drawnLetters = new Map<StoredBitmaps, (letter: string) => Shape>();

/** Letters drawn for a cell of just this height, or of the next smaller one, with the rest above them. */
export function bitmapFace(voice: Voice, linePx: number): Cut {
  const drawn =
    DRAWN[voice].find(({ stored: { ascent, descent } }) => ascent + descent <= linePx) ??
    DRAWN[voice].at(-1)!;
  const { stored } = drawn;
  const shapeOf = drawnLetters.get(stored) ?? lettersOf(drawn);
  drawnLetters.set(stored, shapeOf);
  const spare = Math.max(0, linePx - stored.ascent - stored.descent);
  return {
    ascent: stored.ascent + Math.ceil(spare / 2),
    descent: stored.descent + Math.floor(spare / 2),
    capitalPx: stored.capital,
    advance: (letter, next) => {
      const shape = shapeOf(letter);
      if (next === undefined || letter === ' ' || next === ' ') return shape.advance;
      const least = closest(shape, shapeOf(next));
      const roomy = least + stored.stem + 1;
      // Figures keep to their columns; letters that stand too far apart (Tô, LV) draw together a little.
      return DIGIT.test(letter) && DIGIT.test(next)
        ? Math.max(shape.advance, least)
        : Math.max(least, Math.min(shape.advance, Math.max(roomy, shape.advance - stored.stem)));
    },
    draw: (letter) => glyphOf(shapeOf(letter)),
  };
}

/** Composed as they are asked for, each once: there are no more than a face has letters. */
function lettersOf({ stored, marks }: Drawn): (letter: string) => Shape {
  const base = readBitmaps(stored);
  const missing = box(stored);
  const composed = new Map<string, Shape>();
  return (letter) => {
    if (!isKnown(letter)) return missing;
    const shape = composed.get(letter) ?? compose(letter, stored, base, marks) ?? missing;
    composed.set(letter, shape);
    return shape;
  };
}

/** How near a letter may stand, so that a dark pixel is between it and the one before. */
function closest(shape: Shape, next: Shape): number {
  let least = 0;
  shape.rows.forEach((row, at) => {
    const right = shape.left + row.lastIndexOf('#');
    if (!row.includes('#')) return;
    const y = shape.top - at;
    for (const beside of [y - 1, y, y + 1]) {
      const left = next.rows[next.top - beside]?.indexOf('#') ?? -1;
      if (left >= 0) least = Math.max(least, right + 2 - next.left - left);
    }
  });
  return least;
}

/** Stands for a letter that is not there. */
function box({ capital, stem }: StoredBitmaps): Shape {
  const width = Math.round(capital * 0.6) + stem;
  const rows = Array.from({ length: capital }, (_, row) =>
    row < stem || row >= capital - stem
      ? '#'.repeat(width)
      : '#'.repeat(stem).padEnd(width - stem) + '#'.repeat(stem),
  );
  return { left: 1, top: capital, advance: width + 2, rows };
}

function glyphOf({ left, top, rows }: Shape): Glyph {
  const coverage = Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? FULL : 0));
  return { left, top, width: widthOf(rows), height: rows.length, coverage };
}
