import type { z } from 'zod';
import type { Glyph } from '../face/glyph.ts';
import { fill, PARTS } from '../face/outline/raster.ts';
import type { TileItem } from '../scene/item.ts';

export type Icon = NonNullable<z.infer<typeof TileItem>['icon']>;

/** Corners as x, y on a square of 64 units, y downwards. */
type Corners = readonly number[];
const UNITS = 64;

const box = (x: number, y: number, width: number, height: number): Corners => [
  x,
  y,
  x + width,
  y,
  x + width,
  y + height,
  x,
  y + height,
];
/** Corners of each quarter of a disc. */
const QUARTER = 8;
/** A disc's corners without a sine, which differs from machine to machine in its last digit: by fractions alone. */
const disc = (x: number, y: number, radius: number): Corners =>
  Array.from({ length: 4 * QUARTER }, (_, at) => {
    const t = (at % QUARTER) / QUARTER;
    const across = (1 - t * t) / (1 + t * t);
    const down = (2 * t) / (1 + t * t);
    const [right, below] = [
      [across, down],
      [-down, across],
      [-across, -down],
      [down, -across],
    ][Math.floor(at / QUARTER)] ?? [0, 0];
    return [x + (right ?? 0) * radius, y + (below ?? 0) * radius];
  }).flat();
/** The other way round: a hole. */
const hole = (corners: Corners): Corners => {
  const turned: number[] = [];
  for (let at = corners.length - 2; at >= 0; at -= 2) turned.push(corners[at] ?? 0, corners[at + 1] ?? 0);
  return turned;
};
const drop = (x: number, y: number, size: number): Corners[] => [
  disc(x, y, size),
  [x - size * 0.9, y - size * 0.4, x, y - size * 2.4, x + size * 0.9, y - size * 0.4],
];
const CLOUD: readonly Corners[] = [disc(20, 34, 13), disc(38, 26, 17), disc(50, 37, 11), box(20, 34, 30, 13)];
const cloudAt = (dy: number): Corners[] =>
  CLOUD.map((corners) => corners.map((value, at) => (at % 2 === 1 ? value + dy : value)));
const stroke = (x: number, y: number, width: number, height: number): Corners[] => [
  box(x, y, width, height),
  disc(x, y + height / 2, height / 2),
  disc(x + width, y + height / 2, height / 2),
];

const SHAPES: Record<Icon, readonly Corners[]> = {
  sun: [
    disc(32, 32, 14),
    box(29, 3, 6, 10),
    box(29, 51, 6, 10),
    box(3, 29, 10, 6),
    box(51, 29, 10, 6),
    [11, 15, 15, 11, 22, 18, 18, 22],
    [49, 11, 53, 15, 46, 22, 42, 18],
    [11, 49, 18, 42, 22, 46, 15, 53],
    [42, 46, 46, 42, 53, 49, 49, 53],
  ],
  cloud: cloudAt(4),
  rain: [
    ...cloudAt(-6),
    [18, 46, 23, 46, 19, 58, 14, 58],
    [33, 46, 38, 46, 34, 58, 29, 58],
    [48, 46, 53, 46, 49, 58, 44, 58],
  ],
  storm: [...cloudAt(-6), [31, 42, 43, 42, 37, 50, 45, 50, 25, 63, 31, 53, 23, 53]],
  wind: [
    ...stroke(8, 19, 34, 6),
    disc(45, 15, 9),
    hole(disc(44, 14, 4)),
    ...stroke(8, 32, 46, 6),
    ...stroke(8, 45, 26, 6),
    disc(37, 50, 9),
    hole(disc(36, 50, 4)),
  ],
  heat: [
    box(26, 6, 12, 36),
    disc(32, 8, 6),
    disc(32, 48, 13),
    hole(disc(32, 10, 2)),
    box(44, 12, 10, 5),
    box(44, 22, 10, 5),
    box(44, 32, 10, 5),
  ],
  water: [
    [
      2, 26, 12, 16, 22, 26, 32, 16, 42, 26, 52, 16, 62, 26, 62, 34, 52, 24, 42, 34, 32, 24, 22, 34, 12, 24,
      2, 34,
    ],
    [
      2, 44, 12, 34, 22, 44, 32, 34, 42, 44, 52, 34, 62, 44, 62, 52, 52, 42, 42, 52, 32, 42, 22, 52, 12, 42,
      2, 52,
    ],
  ],
  air: [...drop(20, 42, 12), disc(44, 22, 10), hole(disc(44, 22, 5)), disc(48, 46, 7), hole(disc(48, 46, 3))],
  price: [[4, 30, 30, 4, 56, 4, 60, 8, 60, 34, 34, 60], hole(disc(48, 16, 5))],
  people: [
    disc(22, 18, 10),
    [6, 56, 6, 44, 12, 34, 32, 34, 38, 44, 38, 56],
    disc(46, 22, 8),
    [42, 54, 42, 42, 38, 36, 54, 36, 60, 44, 60, 54],
  ],
};

/** What a colour tells from afar before the figure is read. */
export const ICON_INK: Record<Icon, string> = {
  sun: '#ffc933',
  cloud: '#c9d6e2',
  rain: '#6fb7ff',
  storm: '#ffd24a',
  wind: '#a9e4e8',
  heat: '#ff7a45',
  water: '#4aa8ff',
  air: '#8fe3a0',
  price: '#ffc933',
  people: '#d5c2ff',
};

/** The icon in a square, its upper left corner at 0, 0: `top` is 0 and rows count downwards from there. */
export function iconOf(icon: Icon, side: number): Glyph {
  const edges: number[] = [];
  const part = (value: number): number => Math.round((value * side * PARTS) / UNITS);
  for (const corners of SHAPES[icon]) {
    for (let at = 0; at < corners.length; at += 2) {
      const next = (at + 2) % corners.length;
      edges.push(
        part(corners[at] ?? 0),
        -part(corners[at + 1] ?? 0),
        part(corners[next] ?? 0),
        -part(corners[next + 1] ?? 0),
      );
    }
  }
  return fill(edges);
}
