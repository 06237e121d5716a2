import type { Face } from './face.ts';
import { FULL, type Glyph } from './glyph.ts';
import { lettersOf } from './letters.ts';

/** Pixels of four bytes, red green blue alpha, row by row from above: an `ImageData` is one. */
export interface Target {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** @param colour `#rrggbb`. */
export const bytesOf = (colour: string): readonly [number, number, number] => {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
};

/** Makes every pixel the colour, opaque: the ground that text stands on. */
export function fillTarget(target: Target, colour: string): void {
  const [red, green, blue] = bytesOf(colour);
  const { data } = target;
  if (data.length < 4) return;
  data.set([red, green, blue, 255]);
  for (let done = 4; done < data.length; done *= 2)
    data.copyWithin(done, 0, Math.min(done, data.length - done));
}

/**
 * Writes a line over what is there, which must be opaque. Whole numbers throughout, so that the same call writes the
 * same bytes on every machine. What falls outside is left out.
 * @param x where the first letter stands. @param baselineY the row under the letters' feet. Both whole pixels.
 * @param ink `#rrggbb`.
 * @returns where the next letter would stand.
 */
export function putText(
  target: Target,
  face: Face,
  text: string,
  x: number,
  baselineY: number,
  ink: string,
): number {
  const colour = bytesOf(ink);
  const letters = lettersOf(text);
  let at = x;
  letters.forEach((letter, index) => {
    if (letter !== ' ') putGlyph(target, face.glyph(letter), at, baselineY, colour);
    at += face.advance(letter, letters[index + 1]);
  });
  return at;
}

function putGlyph(
  { data, width, height }: Target,
  glyph: Glyph,
  x: number,
  baselineY: number,
  [red, green, blue]: readonly [number, number, number],
): void {
  const left = x + glyph.left;
  const top = baselineY - glyph.top;
  const firstColumn = Math.max(0, -left);
  const lastColumn = Math.min(glyph.width, width - left);
  const lastRow = Math.min(glyph.height, height - top);
  for (let row = Math.max(0, -top); row < lastRow; row += 1) {
    let from = row * glyph.width + firstColumn;
    let to = ((top + row) * width + left + firstColumn) * 4;
    for (let column = firstColumn; column < lastColumn; column += 1, from += 1, to += 4) {
      const coverage = glyph.coverage[from] ?? 0;
      if (coverage === 0) continue;
      if (coverage === FULL) {
        data[to] = red;
        data[to + 1] = green;
        data[to + 2] = blue;
      } else {
        data[to] = mixed(data[to] ?? 0, red, coverage);
        data[to + 1] = mixed(data[to + 1] ?? 0, green, coverage);
        data[to + 2] = mixed(data[to + 2] ?? 0, blue, coverage);
      }
      data[to + 3] = 255;
    }
  }
}

const mixed = (ground: number, ink: number, coverage: number): number =>
  Math.floor((ground * (FULL - coverage) + ink * coverage + (FULL >> 1)) / FULL);
