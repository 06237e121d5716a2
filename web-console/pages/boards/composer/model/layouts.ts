import type { Grid } from '#devices/scene';
import type { Rectangle, ScenePage, Zone } from '#devices/scene/page';
import { type ComposedType, emptyItem } from './items.ts';
import { snapped } from './rectangles.ts';

/** A place of a layout in shares of the board, and what is put there where nothing stands yet. */
interface Place {
  readonly at: readonly [x: number, y: number, width: number, height: number];
  readonly item: ComposedType;
}
interface Layout {
  readonly places: readonly Place[];
  /** Boards that it suits; left out: every board. */
  readonly shape?: 'wide' | 'tall';
}

export const LAYOUTS = {
  full: { places: [{ at: [0, 0, 1, 1], item: 'notice' }] },
  headed: {
    places: [
      { at: [0, 0, 1, 0.28], item: 'notice' },
      { at: [0, 0.28, 1, 0.72], item: 'text' },
    ],
  },
  ticker: {
    places: [
      { at: [0, 0, 1, 0.76], item: 'notice' },
      { at: [0, 0.76, 1, 0.24], item: 'ticker' },
    ],
  },
  columns: {
    shape: 'wide',
    places: [
      { at: [0, 0, 0.5, 1], item: 'text' },
      { at: [0.5, 0, 0.5, 1], item: 'text' },
    ],
  },
  picture: {
    shape: 'wide',
    places: [
      { at: [0, 0, 0.4, 1], item: 'image' },
      { at: [0.4, 0, 0.6, 1], item: 'notice' },
    ],
  },
  pictureAbove: {
    shape: 'tall',
    places: [
      { at: [0, 0, 1, 0.45], item: 'image' },
      { at: [0, 0.45, 1, 0.55], item: 'notice' },
    ],
  },
  rows: {
    places: [
      { at: [0, 0, 1, 0.5], item: 'notice' },
      { at: [0, 0.5, 1, 0.5], item: 'notice' },
    ],
  },
  side: {
    shape: 'wide',
    places: [
      { at: [0, 0, 0.7, 1], item: 'notice' },
      { at: [0.7, 0, 0.3, 0.5], item: 'clock' },
      { at: [0.7, 0.5, 0.3, 0.5], item: 'tile' },
    ],
  },
  feet: {
    shape: 'tall',
    places: [
      { at: [0, 0, 1, 0.76], item: 'notice' },
      { at: [0, 0.76, 0.5, 0.24], item: 'clock' },
      { at: [0.5, 0.76, 0.5, 0.24], item: 'tile' },
    ],
  },
} as const satisfies Record<string, Layout>;
export type LayoutName = keyof typeof LAYOUTS;

const names = Object.keys(LAYOUTS) as LayoutName[];

/** Those that suit the board's shape. */
export function layoutsFor({ width, height }: Grid): LayoutName[] {
  const shape = height > width ? 'tall' : 'wide';
  return names.filter((name) => {
    const { shape: wanted }: Layout = LAYOUTS[name];
    return wanted === undefined || wanted === shape;
  });
}

/** @returns null where it is the whole board. */
export function rectanglesOf(name: LayoutName, grid: Grid): (Rectangle | null)[] {
  const { places }: Layout = LAYOUTS[name];
  return places.map(({ at: [x, y, width, height] }) => {
    if (width === 1 && height === 1) return null;
    const left = Math.round(x * grid.width);
    const top = Math.round(y * grid.height);
    return snapped(
      {
        x: left,
        y: top,
        width: Math.round((x + width) * grid.width) - left,
        height: Math.round((y + height) * grid.height) - top,
      },
      grid,
    );
  });
}

/** What stands on the page goes to the places in turn; a place too many is begun empty, an item too many goes (and comes back by undoing). */
export function laidOut(page: ScenePage, name: LayoutName, grid: Grid): ScenePage {
  const { places }: Layout = LAYOUTS[name];
  const rectangles = rectanglesOf(name, grid);
  const zones = places.map((place, index): Zone => {
    const { rectangle: _before, ...kept } = page.zones[index] ?? { item: emptyItem(place.item) };
    const rectangle = rectangles[index] ?? null;
    return rectangle === null ? kept : { rectangle, ...kept };
  });
  return { ...page, zones };
}

const same = (one: Rectangle | null | undefined, other: Rectangle | null | undefined): boolean =>
  one == null || other == null
    ? one == null && other == null
    : one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;

/** Which layout the page has; null: its zones were moved by hand. */
export const layoutOf = ({ zones }: ScenePage, grid: Grid): LayoutName | null =>
  layoutsFor(grid).find((name) => {
    const rectangles = rectanglesOf(name, grid);
    return (
      rectangles.length === zones.length &&
      rectangles.every((rectangle, index) => same(rectangle, zones[index]?.rectangle))
    );
  }) ?? null;
