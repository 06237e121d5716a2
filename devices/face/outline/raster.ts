import { FULL, type Glyph, NOTHING } from '../glyph.ts';

/** Parts of a pixel that points are rounded to. */
export const PARTS = 256;
/** Rows that are sampled in one of pixels. */
const SAMPLES = 16;
const STEP = PARTS / SAMPLES;

/** Straight edges as x0, y0, x1, y1, in parts of a pixel, y upwards from the baseline. */
export type Edges = readonly number[];

/**
 * Fills what the edges go round, by the non-zero rule. Each row of pixels is sampled sixteen times, and along it
 * coverage is exact; whole numbers all the way, so that every machine fills alike.
 */
export function fill(edges: Edges): Glyph {
  const box = boxOf(edges);
  if (box === null) return NOTHING;
  const left = Math.floor(box.minX / PARTS);
  const top = Math.ceil(box.maxY / PARTS);
  const width = Math.ceil(box.maxX / PARTS) - left;
  const height = top - Math.floor(box.minY / PARTS);
  if (width === 0 || height === 0) return NOTHING;
  const crossings = crossingsOf(edges, left, top, height * SAMPLES);
  const coverage = new Uint8Array(width * height);
  const sums = new Int32Array(width);
  for (let row = 0; row < height; row += 1) {
    sums.fill(0);
    for (let sample = row * SAMPLES; sample < (row + 1) * SAMPLES; sample += 1)
      addSpans(sums, crossings, sample);
    for (let column = 0; column < width; column += 1)
      coverage[row * width + column] = Math.floor(
        ((sums[column] ?? 0) * FULL + (SAMPLES * PARTS) / 2) / (SAMPLES * PARTS),
      );
  }
  return { left, top, width, height, coverage };
}

function boxOf(edges: Edges): { minX: number; minY: number; maxX: number; maxY: number } | null {
  if (edges.length === 0) return null;
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < edges.length; at += 2) {
    const [x, y] = [edges[at] ?? 0, edges[at + 1] ?? 0];
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  return { minX, minY, maxX, maxY };
}

/** Where edges cross the sampled rows: of row n those from `first[n]` to `first[n + 1]`, in order of x. */
interface Crossings {
  readonly first: Int32Array;
  readonly x: Int32Array;
  /** +1 for an edge that goes down, −1 for one that goes up. */
  readonly turn: Int8Array;
}

/** Rows are counted from above, x from the left edge. A row is sampled in its middle. */
function crossingsOf(edges: Edges, left: number, top: number, rows: number): Crossings {
  const first = new Int32Array(rows + 1);
  const rowOf = (y: number): number => Math.ceil((top * PARTS - y - STEP / 2) / STEP);
  const each = (found: (row: number, x: number, turn: number) => void): void => {
    for (let at = 0; at < edges.length; at += 4) {
      const [x0, y0, x1, y1] = [edges[at] ?? 0, edges[at + 1] ?? 0, edges[at + 2] ?? 0, edges[at + 3] ?? 0];
      if (y0 === y1) continue;
      const down = y0 > y1;
      const last = rowOf(down ? y1 : y0);
      for (let row = rowOf(down ? y0 : y1); row < last; row += 1) {
        const y = top * PARTS - row * STEP - STEP / 2;
        found(row, Math.floor(x0 + ((y - y0) * (x1 - x0)) / (y1 - y0)) - left * PARTS, down ? 1 : -1);
      }
    }
  };
  each((row) => {
    first[row + 1] = (first[row + 1] ?? 0) + 1;
  });
  for (let row = 0; row < rows; row += 1) first[row + 1] = (first[row + 1] ?? 0) + (first[row] ?? 0);
  const x = new Int32Array(first[rows] ?? 0);
  const turn = new Int8Array(x.length);
  const filled = first.slice();
  each((row, atX, way) => {
    let at = filled[row] ?? 0;
    filled[row] = at + 1;
    // There are two to eight of them in a row.
    for (; at > (first[row] ?? 0) && (x[at - 1] ?? 0) > atX; at -= 1) {
      x[at] = x[at - 1] ?? 0;
      turn[at] = turn[at - 1] ?? 0;
    }
    x[at] = atX;
    turn[at] = way;
  });
  return { first, x, turn };
}

function addSpans(sums: Int32Array, { first, x, turn }: Crossings, row: number): void {
  let winding = 0;
  let from = 0;
  for (let at = first[row] ?? 0; at < (first[row + 1] ?? 0); at += 1) {
    const before = winding;
    winding += turn[at] ?? 0;
    if (before === 0) from = x[at] ?? 0;
    else if (winding === 0) addSpan(sums, from, x[at] ?? 0);
  }
}

function addSpan(sums: Int32Array, from: number, to: number): void {
  const last = Math.floor(to / PARTS);
  let column = Math.floor(from / PARTS);
  if (column === last) {
    sums[column] = (sums[column] ?? 0) + to - from;
    return;
  }
  sums[column] = (sums[column] ?? 0) + (column + 1) * PARTS - from;
  for (column += 1; column < last; column += 1) sums[column] = (sums[column] ?? 0) + PARTS;
  if (last < sums.length) sums[last] = (sums[last] ?? 0) + to - last * PARTS;
}
