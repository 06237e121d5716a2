import { type Face, faceFor, type Voice } from '../face/face.ts';
import type { Size } from './brush.ts';

/** The two voices of a text at a height of line. */
export type Faces = Readonly<Record<Voice, Face>>;
export const facesFor = (linePx: number): Faces => ({
  body: faceFor('body', linePx),
  heading: faceFor('heading', linePx),
});

/**
 * The smallest line that is chosen for a board. On a coarse matrix a line of 16 pixels shows every mark, 12 where there
 * is no room for that; on a large screen it is a share of the height, for the reader across the road.
 */
export const smallestLine = ({ width, height }: Size): number => {
  const side = Math.min(width, height);
  return side < 64 ? 12 : Math.max(16, Math.round(side / 18));
};
export const largestLine = ({ width, height }: Size): number =>
  Math.max(8, Math.round(Math.min(height * 0.8, width / 4)));

/** The largest whole number from `low` to `high` for which `attempt` gives something, and what it gives; by halving. */
export function largest<T>(low: number, high: number, attempt: (value: number) => T | null): T | null {
  let best: T | null = null;
  let from = low;
  let to = high;
  while (from <= to) {
    const middle = Math.floor((from + to) / 2);
    const found = attempt(middle);
    if (found === null) to = middle - 1;
    else {
      best = found;
      from = middle + 1;
    }
  }
  return best;
}

/** Below that, marks run together. */
export const LEAST = 12;

/** The height of line for pages: the smallest that is legible, or below that the largest at which no word is cut. */
export function uncut(
  smallest: number,
  attempt: (linePx: number) => { readonly broken: readonly string[] },
): number {
  const whole = (linePx: number): number | null => (attempt(linePx).broken.length === 0 ? linePx : null);
  return whole(smallest) ?? largest(LEAST, smallest - 1, whole) ?? smallest;
}
