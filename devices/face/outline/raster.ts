import { FULL, type Glyph, NOTHING } from '../glyph.ts';

/** Parts of a pixel that points are rounded to. */
export const PARTS = 256;
/** Straight edges as x0, y0, x1, y1, in parts of a pixel, y upwards from the baseline. */
export type Edges = readonly number[];

/**
 * Fills what the edges go round, by the non-zero rule; coverage is the area of the pixel that is inside. Nothing but
 * sums, products and quotients of numbers, in an order that never changes: every machine fills alike.
 */
export function fill(edges: Edges): Glyph {
  const box = boxOf(edges);
  if (box === null) return NOTHING;
  const left = Math.floor(box.minX / PARTS);
  const top = Math.ceil(box.maxY / PARTS);
  const width = Math.ceil(box.maxX / PARTS) - left;
  const height = top - Math.floor(box.minY / PARTS);
  if (width === 0 || height === 0) return NOTHING;
  // A column more, for what an edge on the right border gives to its right.
  const stride = width + 1;
  const changes = new Float64Array(stride * height);
  for (let at = 0; at < edges.length; at += 4)
    addEdge(
      changes,
      stride,
      (edges[at] ?? 0) / PARTS - left,
      top - (edges[at + 1] ?? 0) / PARTS,
      (edges[at + 2] ?? 0) / PARTS - left,
      top - (edges[at + 3] ?? 0) / PARTS,
    );
  const coverage = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    let inside = 0;
    for (let column = 0; column < width; column += 1) {
      inside += changes[row * stride + column] ?? 0;
      coverage[row * width + column] = Math.floor(Math.min(1, Math.abs(inside)) * FULL + 0.5);
    }
  }
  return { left, top, width, height, coverage };
}

function boxOf(edges: Edges): { minX: number; minY: number; maxX: number; maxY: number } | null {
  if (edges.length === 0) return null;
  let [minX, minY, maxX, maxY] = [edges[0] ?? 0, edges[1] ?? 0, edges[0] ?? 0, edges[1] ?? 0];
  for (let at = 0; at < edges.length; at += 2) {
    const x = edges[at] ?? 0;
    const y = edges[at + 1] ?? 0;
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  return { minX, minY, maxX, maxY };
}

/**
 * Notes what an edge changes, row by row: to its right all is one turn more inside, and in the pixels that it crosses
 * as much of that as lies to its right. Rows are counted from above.
 */
function addEdge(
  changes: Float64Array,
  stride: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  if (y0 === y1) return;
  const turn = y0 < y1 ? 1 : -1;
  const upper = Math.min(y0, y1);
  const lower = Math.max(y0, y1);
  const slope = (x1 - x0) / (y1 - y0);
  const xAt = (y: number): number => x0 + (y - y0) * slope;
  const low = Math.min(x0, x1);
  const high = Math.max(x0, x1);
  const last = Math.ceil(lower);
  for (let row = Math.floor(upper); row < last; row += 1) {
    const from = Math.max(row, upper);
    const to = Math.min(row + 1, lower);
    const begin = xAt(from);
    const end = xAt(to);
    // What is rounded must not leave the edge's own columns.
    const nearer = Math.max(low, Math.min(begin, end));
    const farther = Math.min(high, Math.max(begin, end));
    addStretch(changes, row * stride, nearer, farther, turn * (to - from));
  }
}

/** A stretch of an edge within a row: `tall` of the row is one turn more to its right. */
function addStretch(
  changes: Float64Array,
  start: number,
  nearer: number,
  farther: number,
  tall: number,
): void {
  const first = Math.floor(nearer);
  const last = Math.ceil(farther);
  if (last <= first + 1) {
    const right = first + 1 - (nearer + farther) / 2;
    changes[start + first] = (changes[start + first] ?? 0) + tall * right;
    changes[start + first + 1] = (changes[start + first + 1] ?? 0) + tall * (1 - right);
    return;
  }
  // The stretch crosses several pixels: in each, the share of it that lies to the left, and the half of what lies in it.
  const across = farther - nearer;
  let before = 0;
  for (let column = first; column < last; column += 1) {
    const from = Math.max(column, nearer);
    const to = Math.min(column + 1, farther);
    const passed = (tall * (to - from)) / across;
    const total = before + passed * (column + 1 - (from + to) / 2);
    changes[start + column] = (changes[start + column] ?? 0) + total;
    before = passed - passed * (column + 1 - (from + to) / 2);
  }
  changes[start + last] = (changes[start + last] ?? 0) + before;
}
