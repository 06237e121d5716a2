import type { Cut, Voice } from '../cut.ts';
import type { Glyph } from '../glyph.ts';
import { BOLD } from './bold.ts';
import { MEDIUM } from './medium.ts';
import { type Outline, type Outlines, type Part, readOutlines } from './outlines.ts';
import { fill, PARTS } from './raster.ts';

const UNITS = 1_000;
/** Be Vietnam Pro's, both weights. */
const X_HEIGHT = 530;
const CAPITAL = 740;
/** The least that stays between a letter's edge and the marks of the next one, in units. */
const CLEAR_OF_MARKS = 40;
const MARK = /\p{M}/gu;

let read: Record<Voice, Outlines> | undefined;
const outlines = (): Record<Voice, Outlines> => {
  read ??= { body: readOutlines(MEDIUM), heading: readOutlines(BOLD) };
  return read;
};

/** @param linePx height of the cell that all letters fit in. */
export function outlineFace(voice: Voice, linePx: number): Cut {
  const { letters, pairs, top, bottom } = outlines()[voice];
  const size = (linePx * UNITS) / (top - bottom);
  const descent = Math.max(1, Math.round((-bottom * size) / UNITS));
  const ascent = linePx - descent;
  const capitalPx = Math.round((CAPITAL * size) / UNITS);
  const xHeightPx = Math.round((X_HEIGHT * size) / UNITS);
  // Feet, small letters and capitals end on whole pixels, so that their horizontals are sharp; the rest is stretched between.
  const heights: readonly (readonly [units: number, px: number])[] = [
    [bottom, -descent],
    [0, 0],
    [X_HEIGHT, xHeightPx],
    [CAPITAL, capitalPx],
    [top, ascent],
  ];
  const outlineOf = (letter: string): Outline => letters.get(letter) ?? BOX;
  const widthOf = (outline: Outline): number => Math.round((outline.advance * size) / UNITS);
  return {
    ascent,
    descent,
    capitalPx,
    advance: (letter, next) => {
      const outline = outlineOf(letter);
      const width = widthOf(outline);
      if (next === undefined) return width;
      const closer = pairs.get(bare(letter) + bare(next)) ?? 0;
      if (closer >= 0) return width + Math.round((closer * size) / UNITS);
      const least = CLEAR_OF_MARKS + rightOf(outline) - leftOfMarks(outlineOf(next)) - outline.advance;
      return width + Math.round((Math.min(0, Math.max(closer, least)) * size) / UNITS);
    },
    draw: (letter) => {
      const outline = outlineOf(letter);
      // The advance was rounded: the letter stands in the middle of what came of it.
      const shift = (widthOf(outline) * UNITS - outline.advance * size) / 2;
      return drawn(
        outline,
        (x) => Math.round(((x * size + shift) * PARTS) / UNITS),
        (y) => Math.round(heightOf(y, heights) * PARTS),
        size,
      );
    },
  };
}

const bare = (letter: string): string =>
  letter.normalize('NFD').replace(MARK, '').replace('đ', 'd').replace('Đ', 'D');
const rightOf = ({ parts }: Outline): number => Math.max(0, ...parts.map(({ x, maxX }) => x + maxX));
/** Of what stands over a small letter; far away if nothing does. */
const leftOfMarks = ({ parts }: Outline): number =>
  Math.min(10 * UNITS, ...parts.filter(({ y, minY }) => y + minY >= X_HEIGHT).map(({ x, minX }) => x + minX));

function heightOf(y: number, heights: readonly (readonly [units: number, px: number])[]): number {
  for (let at = 1; at < heights.length; at += 1) {
    const [fromUnits, fromPx] = heights[at - 1] ?? [0, 0];
    const [toUnits, toPx] = heights[at] ?? [0, 0];
    if (y <= toUnits || at === heights.length - 1)
      return fromPx + ((y - fromUnits) * (toPx - fromPx)) / (toUnits - fromUnits);
  }
  return 0;
}

function drawn(
  outline: Outline,
  xOf: (x: number) => number,
  yOf: (y: number) => number,
  size: number,
): Glyph {
  const edges: number[] = [];
  for (const part of outline.parts) addEdges(edges, part, xOf, yOf, size);
  return fill(edges);
}

/** Bends become straight pieces, none so long that it is seen. */
function addEdges(
  edges: number[],
  { moves, x, y }: Part,
  xOf: (x: number) => number,
  yOf: (y: number) => number,
  size: number,
): void {
  const [startX, startY] = [xOf(x), yOf(y)];
  let [fromX, fromY] = [startX, startY];
  const to = (nextX: number, nextY: number): void => {
    edges.push(fromX, fromY, nextX, nextY);
    [fromX, fromY] = [nextX, nextY];
  };
  for (let at = 0; at < moves.length; ) {
    const bent = moves[at] === 1;
    const endAt = at + (bent ? 3 : 1);
    const [endX, endY] = [xOf(x + (moves[endAt] ?? 0)), yOf(y + (moves[endAt + 1] ?? 0))];
    if (bent) {
      const [midX, midY] = [xOf(x + (moves[at + 1] ?? 0)), yOf(y + (moves[at + 2] ?? 0))];
      const [beginX, beginY] = [fromX, fromY];
      const pieces = size < 100 ? 6 : 12;
      for (let piece = 1; piece <= pieces; piece += 1) {
        const rest = pieces - piece;
        const blend = (begin: number, mid: number, end: number): number =>
          Math.round(
            (begin * rest * rest + 2 * mid * rest * piece + end * piece * piece) / (pieces * pieces),
          );
        to(blend(beginX, midX, endX), blend(beginY, midY, endY));
      }
    } else to(endX, endY);
    at = endAt + 2;
  }
  to(startX, startY);
}

/** Stands for a letter that is not there, so that nothing vanishes silently. */
const BOX: Outline = { advance: 600, parts: [framePart(60, 0, 480, 740), framePart(120, 60, 360, 620)] };

function framePart(x: number, y: number, width: number, height: number): Part {
  // The inner frame goes round the other way: it is a hole.
  const moves =
    width > 400
      ? [0, 0, height, 0, width, height, 0, width, 0]
      : [0, width, 0, 0, width, height, 0, 0, height];
  return { moves: Int16Array.from(moves), minX: 0, minY: 0, maxX: width, maxY: height, x, y };
}
