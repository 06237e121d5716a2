import { bitmapFace, LARGEST_BITMAP } from './bitmap/bitmap-face.ts';
import type { Cut, Voice } from './cut.ts';
import type { Glyph } from './glyph.ts';
import { isKnown, lettersOf } from './letters.ts';
import { outlineFace } from './outline/outline-face.ts';
import { Recent } from './recent.ts';

export type { Voice } from './cut.ts';

/** How letters of one height and weight are drawn. The same pixels on every machine: nothing of the platform is used. */
export interface Face {
  /** Height of a line: the highest capital with its marks and the lowest mark fit, and lines stand one under the other. */
  readonly linePx: number;
  /** From a line's upper edge to its baseline, and from there to its lower edge; together `linePx`. */
  readonly ascent: number;
  readonly descent: number;
  /** Height of a capital without marks, whole pixels: what the eye takes for the height of the text. */
  readonly capitalPx: number;
  /** Whether the face can show a letter; a text is asked about by {@link missingLetters}. */
  has(letter: string): boolean;
  /** To where the next letter stands, whole pixels; letters that stand too far apart draw together. */
  advance(letter: string, next?: string): number;
  /** Whole pixels, from the first letter's place to where the next would stand. */
  widthOf(text: string): number;
  glyph(letter: string): Glyph;
}

/** Every letter of a small face, and of a large one as many as take two million pixels: a board is shown for months. */
const keptOf = (linePx: number): number => Math.max(32, Math.min(400, Math.floor(4_000_000 / linePx ** 2)));
const FACES_KEPT = 16;
const faces = new Recent<string, Face>(FACES_KEPT);

/**
 * The face for lines of a height.
 * @param linePx whole pixels, at least 1; below the smallest height that can be read, the smallest is given, and its `linePx` says so.
 */
export function faceFor(voice: Voice, linePx: number): Face {
  return faces.get(`${voice} ${linePx}`, () =>
    faceOf(linePx > LARGEST_BITMAP ? outlineFace(voice, linePx) : bitmapFace(voice, linePx)),
  );
}

function faceOf(cut: Cut): Face {
  const glyphs = new Recent<string, Glyph>(keptOf(cut.ascent + cut.descent));
  return {
    linePx: cut.ascent + cut.descent,
    ascent: cut.ascent,
    descent: cut.descent,
    capitalPx: cut.capitalPx,
    has: isKnown,
    advance: (letter, next) => cut.advance(letter, next),
    widthOf: (text) => {
      const letters = lettersOf(text);
      return letters.reduce((sum, letter, at) => sum + cut.advance(letter, letters[at + 1]), 0);
    },
    glyph: (letter) => glyphs.get(letter, () => cut.draw(letter)),
  };
}
