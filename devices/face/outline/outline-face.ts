import type { Cut, Voice } from '../cut.ts';
import { type Glyph, NOTHING } from '../glyph.ts';
import { BOLD } from './bold.ts';
import { MEDIUM } from './medium.ts';
import { type Outline, type Outlines, outlineOf, type Part, readOutlines, X_HEIGHT } from './outlines.ts';
import { Area, PARTS } from './raster.ts';

const UNITS = 1_000;
/** Be Vietnam Pro's, both weights. */
const CAPITAL = 740;
/** The least that stays between a letter's edge and the marks of the next one, in units. */
const CLEAR_OF_MARKS = 40;

const STORED = { body: MEDIUM, heading: BOLD };
const read = new Map<Voice, Outlines>();

function outlinesOf(voice: Voice): Outlines {
  const outlines = read.get(voice) ?? readOutlines(STORED[voice]);
  read.set(voice, outlines);
  return outlines;
}

/** @param linePx height of the cell that all letters fit in. */
export function outlineFace(voice: Voice, linePx: number): Cut {
  const { letters, pairs, top, bottom } = outlinesOf(voice);
  const size = (linePx * UNITS) / (top - bottom);
  const descent = Math.max(1, Math.round((-bottom * size) / UNITS));
  const ascent = linePx - descent;
  const capitalPx = Math.round((CAPITAL * size) / UNITS);
  const xHeightPx = Math.round((X_HEIGHT * size) / UNITS);
  // Feet, small letters and capitals end on whole pixels, so that their horizontals are sharp; the rest is stretched between.
  const heights: readonly Height[] = [
    { units: bottom, px: -descent },
    { units: 0, px: 0 },
    { units: X_HEIGHT, px: xHeightPx },
    { units: CAPITAL, px: capitalPx },
    { units: top, px: ascent },
  ];
  const shapeOf = (letter: string): Outline => letters.get(letter) ?? BOX;
  const widthOf = (outline: Outline): number => Math.round((outline.advance * size) / UNITS);
  return {
    ascent,
    descent,
    capitalPx,
    advance: (letter, next) => {
      const outline = shapeOf(letter);
      const width = widthOf(outline);
      if (next === undefined) return width;
      const after = shapeOf(next);
      const closer = pairs.get(outline.bare + after.bare) ?? 0;
      if (closer >= 0) return width + Math.round((closer * size) / UNITS);
      const least = CLEAR_OF_MARKS + outline.right - after.marksLeft - outline.advance;
      return width + Math.round((Math.min(0, Math.max(closer, least)) * size) / UNITS);
    },
    draw: (letter) => {
      const outline = shapeOf(letter);
      // The advance was rounded: the letter stands in the middle of what came of it.
      const shift = (widthOf(outline) * UNITS - outline.advance * size) / 2;
      return drawn(
        outline,
        (x) => Math.round(((x * size + shift) * PARTS) / UNITS),
        (y) => Math.round(heightOf(y, heights) * PARTS),
      );
    },
  };
}

interface Height {
  readonly units: number;
  readonly px: number;
}

function heightOf(y: number, heights: readonly Height[]): number {
  let at = 1;
  while (at < heights.length - 1 && y > heights[at]!.units) at += 1;
  const lower = heights[at - 1]!;
  const upper = heights[at]!;
  return lower.px + ((y - lower.units) * (upper.px - lower.px)) / (upper.units - lower.units);
}

type Place = (units: number) => number;

function drawn({ parts }: Outline, xOf: Place, yOf: Place): Glyph {
  if (parts.length === 0) return NOTHING;
  const area = new Area({
    minX: xOf(Math.min(...parts.map(({ x, contour }) => x + contour.minX))),
    minY: yOf(Math.min(...parts.map(({ y, contour }) => y + contour.minY))),
    maxX: xOf(Math.max(...parts.map(({ x, contour }) => x + contour.maxX))),
    maxY: yOf(Math.max(...parts.map(({ y, contour }) => y + contour.maxY))),
  });
  for (const part of parts) addPart(area, part, xOf, yOf);
  return area.glyph();
}

function addPart(area: Area, { contour: { moves }, x, y }: Part, xOf: Place, yOf: Place): void {
  const startX = xOf(x);
  const startY = yOf(y);
  let fromX = startX;
  let fromY = startY;
  for (let at = 0; at < moves.length; ) {
    const bent = moves[at] === 1;
    const endAt = at + (bent ? 3 : 1);
    const endX = xOf(x + (moves[endAt] ?? 0));
    const endY = yOf(y + (moves[endAt + 1] ?? 0));
    if (bent)
      addBend(area, fromX, fromY, xOf(x + (moves[at + 1] ?? 0)), yOf(y + (moves[at + 2] ?? 0)), endX, endY);
    else area.edge(fromX, fromY, endX, endY);
    fromX = endX;
    fromY = endY;
    at = endAt + 2;
  }
  area.edge(fromX, fromY, startX, startY);
}

/** A bend becomes straight pieces that leave it by less than this, in parts of a pixel: it is not seen. */
const OFF = PARTS / 32;

function addBend(
  area: Area,
  beginX: number,
  beginY: number,
  midX: number,
  midY: number,
  endX: number,
  endY: number,
): void {
  const bend = Math.abs(beginX - 2 * midX + endX) + Math.abs(beginY - 2 * midY + endY);
  let pieces = 1;
  while (8 * OFF * pieces * pieces < bend) pieces += 1;
  let fromX = beginX;
  let fromY = beginY;
  for (let piece = 1; piece <= pieces; piece += 1) {
    const rest = pieces - piece;
    const whole = pieces * pieces;
    const nextX = Math.round((beginX * rest * rest + 2 * midX * rest * piece + endX * piece * piece) / whole);
    const nextY = Math.round((beginY * rest * rest + 2 * midY * rest * piece + endY * piece * piece) / whole);
    area.edge(fromX, fromY, nextX, nextY);
    fromX = nextX;
    fromY = nextY;
  }
}

/** Stands for a letter that is not there, so that nothing vanishes silently. */
const BOX = outlineOf('', 600, [framePart(60, 0, 480, 740), framePart(120, 60, 360, 620)]);

function framePart(x: number, y: number, width: number, height: number): Part {
  // The inner frame goes round the other way: it is a hole.
  const moves =
    width > 400
      ? [0, 0, height, 0, width, height, 0, width, 0]
      : [0, width, 0, 0, width, height, 0, 0, height];
  const contour = { moves: Int16Array.from(moves), minX: 0, minY: 0, maxX: width, maxY: height };
  return { contour, x, y };
}
