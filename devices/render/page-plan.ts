import type { ScenePage } from '../scene/page.ts';
import type { Scene } from '../scene.ts';
import type { Act } from './act.ts';
import { actOf } from './act-of.ts';
import { type Box, boxOf, isEmpty } from './box.ts';
import type { Size } from './brush.ts';
import { GROUND } from './ink.ts';
import { readingMs } from './reading.ts';

/** An item set in its place. */
export interface SetZone {
  /** Among the zones of the scene's page. */
  readonly index: number;
  readonly box: Box;
  readonly ground: string;
  readonly act: Act;
}

/** A page of a scene, set for a size of board. */
export interface SetPage {
  readonly ground: string;
  readonly zones: readonly SetZone[];
  /** It needs as many as the zone that needs most; the others begin anew. */
  readonly pages: number;
}

/** A zone that lies outside the grid, or is less than a pixel, is nowhere. */
export function setPage(
  { ground = GROUND, zones }: ScenePage,
  { grid, language }: Scene,
  size: Size,
): SetPage {
  const set = zones.flatMap((zone, index): SetZone[] => {
    const box = boxOf(zone.rectangle, grid, size);
    if (isEmpty(box)) return [];
    const own = zone.ground ?? ground;
    const place = { size: { width: box.width, height: box.height }, board: size, ground: own, language };
    return [{ index, box, ground: own, act: actOf(zone.item, place) }];
  });
  return { ground, zones: set, pages: Math.max(1, ...set.map(({ act }) => act.pages)) };
}

export const wordsOfSet = ({ zones }: SetPage, page: number): string =>
  zones
    .map(({ act }) => act.words(page % act.pages))
    .filter((words) => words !== '')
    .join('\n')
    // What keeps a number on one line is of no meaning to a reader.
    .replaceAll('\u00a0', ' ');

/** As long as it takes to read, and as what moves takes to come through. */
export function dwellOf(set: SetPage, page: number): number {
  const lasts = Math.max(0, ...set.zones.map(({ act }) => act.lastsMs));
  const read = set.zones
    .filter(({ act }) => act.lastsMs === 0)
    .map(({ act }) => act.words(page % act.pages))
    .join('\n');
  return Math.max(readingMs(read), Math.ceil(lasts / set.pages));
}
