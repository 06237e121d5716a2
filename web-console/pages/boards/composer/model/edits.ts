import type { SceneItem } from '#devices/scene/item';
import type { ScenePage, Zone } from '#devices/scene/page';
import type { Composition } from './composition.ts';
import { emptyItem } from './items.ts';

export const MOST_PAGES = 64;
export const MOST_ZONES = 12;

/** An edit of a composition; what it does not touch stays the very same object. */
export type Edit = (composition: Composition) => Composition;

const withPages = (composition: Composition, pages: readonly ScenePage[]): Composition => ({
  ...composition,
  pages,
});

export const changePage =
  (at: number, change: (page: ScenePage) => ScenePage): Edit =>
  (composition) =>
    withPages(
      composition,
      composition.pages.map((page, index) => (index === at ? change(page) : page)),
    );

export const changeZone = (page: number, at: number, change: (zone: Zone) => Zone): Edit =>
  changePage(page, (before) => ({
    ...before,
    zones: before.zones.map((zone, index) => (index === at ? change(zone) : zone)),
  }));

export const changeItem = (page: number, zone: number, change: (item: SceneItem) => SceneItem): Edit =>
  changeZone(page, zone, (before) => ({ ...before, item: change(before.item) }));

/** A new page behind `at`, laid out as that one is. */
export const addPage =
  (at: number): Edit =>
  (composition) => {
    if (composition.pages.length >= MOST_PAGES) return composition;
    const page: ScenePage = { zones: [{ item: emptyItem('notice') }] };
    return withPages(composition, composition.pages.toSpliced(at + 1, 0, page));
  };

export const duplicatePage =
  (at: number): Edit =>
  (composition) => {
    const page = composition.pages[at];
    if (page === undefined || composition.pages.length >= MOST_PAGES) return composition;
    return withPages(composition, composition.pages.toSpliced(at + 1, 0, page));
  };

export const movePage =
  (at: number, to: number): Edit =>
  (composition) => {
    const page = composition.pages[at];
    if (page === undefined || to < 0 || to >= composition.pages.length || to === at) return composition;
    return withPages(composition, composition.pages.toSpliced(at, 1).toSpliced(to, 0, page));
  };

/** The last page is not removed: it becomes empty. */
export const removePage =
  (at: number): Edit =>
  (composition) =>
    withPages(
      composition,
      composition.pages.length === 1
        ? [{ zones: [{ item: emptyItem('notice') }] }]
        : composition.pages.toSpliced(at, 1),
    );

export const addZone = (page: number, zone: Zone): Edit =>
  changePage(page, (before) =>
    before.zones.length >= MOST_ZONES ? before : { ...before, zones: [...before.zones, zone] },
  );

export const removeZone = (page: number, at: number): Edit =>
  changePage(page, (before) =>
    before.zones.length === 1 ? before : { ...before, zones: before.zones.toSpliced(at, 1) },
  );

/** Without the fields that are undefined: absent is said by absence in a scene. */
export function without<T extends object, K extends keyof T>(value: T, ...keys: K[]): Omit<T, K> {
  const rest = { ...value };
  for (const key of keys) delete rest[key];
  return rest;
}
