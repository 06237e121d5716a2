import { FULL, type Glyph, NOTHING } from '../glyph.ts';

/** Parts of a pixel that points are rounded to. */
export const PARTS = 256;

/** In parts of a pixel, y upwards from the baseline. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/**
 * What edges go round, filled by the non-zero rule; coverage is the area of the pixel that is inside. Nothing but sums,
 * products and quotients of numbers, in an order that never changes: every machine fills alike.
 */
export class Area {
  readonly #left: number;
  readonly #top: number;
  readonly #width: number;
  readonly #height: number;
  /** By how much more or less each pixel is inside than the one to its left. */
  readonly #changes: Float64Array;

  /** @param box no edge may leave it. */
  constructor({ minX, minY, maxX, maxY }: Box) {
    this.#left = Math.floor(minX / PARTS);
    this.#top = Math.ceil(maxY / PARTS);
    this.#width = Math.ceil(maxX / PARTS) - this.#left;
    this.#height = this.#top - Math.floor(minY / PARTS);
    // A column more, for what an edge on the right border gives to its right.
    this.#changes = new Float64Array((this.#width + 1) * this.#height);
  }

  /** A straight edge; in parts of a pixel, y upwards. Edges close to rings. */
  edge(fromX: number, fromY: number, toX: number, toY: number): void {
    if (fromY === toY) return;
    const x0 = fromX / PARTS - this.#left;
    const x1 = toX / PARTS - this.#left;
    // Rows are counted from above.
    const y0 = this.#top - fromY / PARTS;
    const y1 = this.#top - toY / PARTS;
    const turn = y0 < y1 ? 1 : -1;
    const slope = (x1 - x0) / (y1 - y0);
    const upper = Math.min(y0, y1);
    const lower = Math.max(y0, y1);
    const low = Math.min(x0, x1);
    const high = Math.max(x0, x1);
    const last = Math.ceil(lower);
    for (let row = Math.floor(upper); row < last; row += 1) {
      const from = Math.max(row, upper);
      const to = Math.min(row + 1, lower);
      const begin = x0 + (from - y0) * slope;
      const end = x0 + (to - y0) * slope;
      // What is rounded must not leave the edge's own columns.
      const nearer = Math.max(low, Math.min(begin, end));
      const farther = Math.min(high, Math.max(begin, end));
      addStretch(this.#changes, row * (this.#width + 1), nearer, farther, turn * (to - from));
    }
  }

  glyph(): Glyph {
    const [width, height] = [this.#width, this.#height];
    if (width === 0 || height === 0) return NOTHING;
    const coverage = new Uint8Array(width * height);
    for (let row = 0; row < height; row += 1) {
      let inside = 0;
      for (let column = 0; column < width; column += 1) {
        inside += this.#changes[row * (width + 1) + column] ?? 0;
        coverage[row * width + column] = Math.floor(Math.min(1, Math.abs(inside)) * FULL + 0.5);
      }
    }
    return { left: this.#left, top: this.#top, width, height, coverage };
  }
}

/** @param edges straight ones as x0, y0, x1, y1, in parts of a pixel, y upwards from the baseline. */
export function fill(edges: readonly number[]): Glyph {
  if (edges.length === 0) return NOTHING;
  const area = new Area(boxOf(edges));
  for (let at = 0; at < edges.length; at += 4)
    area.edge(edges[at] ?? 0, edges[at + 1] ?? 0, edges[at + 2] ?? 0, edges[at + 3] ?? 0);
  return area.glyph();
}

function boxOf(edges: readonly number[]): Box {
  const xs = edges.filter((_, at) => at % 2 === 0);
  const ys = edges.filter((_, at) => at % 2 === 1);
  return {
    minX: Math.min(...xs),
    minY: Math.min(...ys),
    maxX: Math.max(...xs),
    maxY: Math.max(...ys),
  };
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
