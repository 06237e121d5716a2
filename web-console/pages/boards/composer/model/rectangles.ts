import type { Grid } from '#devices/scene';
import type { Rectangle } from '#devices/scene/page';

/** The least side of a zone, in units of the grid: a line of the smallest letters. */
const LEAST = 8;

/** What zones snap to: fine enough to place, coarse enough that neighbours meet. */
export const stepOf = ({ width, height }: Grid): number =>
  Math.max(1, Math.round(Math.min(width, height) / 24));

export const whole = ({ width, height }: Grid): Rectangle => ({ x: 0, y: 0, width, height });

const between = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), Math.max(least, most));

/** Moved, and kept on the board. */
export const moved = (rectangle: Rectangle, dx: number, dy: number, grid: Grid): Rectangle => ({
  ...rectangle,
  x: between(rectangle.x + dx, 0, grid.width - rectangle.width),
  y: between(rectangle.y + dy, 0, grid.height - rectangle.height),
});

/** Made wider and higher at its right and lower edge, and kept on the board. */
export const resized = (rectangle: Rectangle, dw: number, dh: number, grid: Grid): Rectangle => ({
  ...rectangle,
  width: between(rectangle.width + dw, Math.min(LEAST, grid.width), grid.width - rectangle.x),
  height: between(rectangle.height + dh, Math.min(LEAST, grid.height), grid.height - rectangle.y),
});

export type Corner = 'nw' | 'ne' | 'sw' | 'se';

/** A corner dragged by so much; the opposite one stays. */
export function stretched(from: Rectangle, corner: Corner, dx: number, dy: number, grid: Grid): Rectangle {
  const right = from.x + from.width;
  const bottom = from.y + from.height;
  const left = corner === 'nw' || corner === 'sw' ? between(from.x + dx, 0, right - LEAST) : from.x;
  const top = corner === 'nw' || corner === 'ne' ? between(from.y + dy, 0, bottom - LEAST) : from.y;
  const farX = corner === 'ne' || corner === 'se' ? between(right + dx, left + LEAST, grid.width) : right;
  const farY = corner === 'sw' || corner === 'se' ? between(bottom + dy, top + LEAST, grid.height) : bottom;
  return { x: left, y: top, width: farX - left, height: farY - top };
}

const near = (value: number, step: number, end: number): number => {
  // The far edge is a line of the grid too, whatever the step.
  if (Math.abs(end - value) < step / 2) return end;
  return Math.round(value / step) * step;
};

/** Its edges on lines of the grid. */
export function snapped(rectangle: Rectangle, grid: Grid, step = stepOf(grid)): Rectangle {
  const x = near(rectangle.x, step, grid.width);
  const y = near(rectangle.y, step, grid.height);
  const right = near(rectangle.x + rectangle.width, step, grid.width);
  const bottom = near(rectangle.y + rectangle.height, step, grid.height);
  const width = Math.max(Math.min(LEAST, grid.width), right - x);
  const height = Math.max(Math.min(LEAST, grid.height), bottom - y);
  return {
    x: between(x, 0, grid.width - width),
    y: between(y, 0, grid.height - height),
    width,
    height,
  };
}

/** The place moved whole, its upper left corner on the grid. */
export function snappedMove(rectangle: Rectangle, grid: Grid, step = stepOf(grid)): Rectangle {
  const x = near(rectangle.x, step, grid.width - rectangle.width);
  const y = near(rectangle.y, step, grid.height - rectangle.height);
  return moved(rectangle, x - rectangle.x, y - rectangle.y, grid);
}
