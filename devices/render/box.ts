import type { Rectangle } from '../scene/page.ts';
import type { Grid } from '../scene.ts';
import type { Size } from './brush.ts';

/** A part of the board in its own pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const wholeOf = ({ width, height }: Size): Box => ({ x: 0, y: 0, width, height });

/**
 * Where a zone stands on a board: edges are rounded, not sizes, so that neighbours on the grid stay neighbours on every
 * board. What lies outside the grid is cut off.
 */
export function boxOf(rectangle: Rectangle | undefined, grid: Grid | undefined, size: Size): Box {
  if (rectangle === undefined) return wholeOf(size);
  const units = grid ?? size;
  const across = (at: number): number => edge(at, units.width, size.width);
  const down = (at: number): number => edge(at, units.height, size.height);
  const x = across(rectangle.x);
  const y = down(rectangle.y);
  return {
    x,
    y,
    width: across(rectangle.x + rectangle.width) - x,
    height: down(rectangle.y + rectangle.height) - y,
  };
}

const edge = (at: number, units: number, pixels: number): number =>
  Math.round((Math.min(at, units) * pixels) / units);

export const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

export const isEmpty = ({ width, height }: Size): boolean => width < 1 || height < 1;

/** What is left of a box inside its margins. */
export function within({ x, y, width, height }: Box, across: number, down: number): Box {
  return {
    x: x + across,
    y: y + down,
    width: Math.max(1, width - 2 * across),
    height: Math.max(1, height - 2 * down),
  };
}

/** Left empty along the edges. Above and below, a line brings room of its own; a low zone is not all margin at its sides. */
export const marginOf = ({ width, height }: Size): { readonly across: number; readonly down: number } => {
  const across = Math.max(1, Math.round(Math.min(width, 2.5 * height) / 32));
  const share = Math.round(Math.min(width, height) / 24);
  return { across, down: height < 32 ? 0 : height < 320 ? Math.ceil(share / 2) : share };
};
