import type { Panel } from '../kind.ts';
import type { Assets } from '../render/assets.ts';
import { setPage } from '../render/page-plan.ts';
import type { Scene } from '../scene.ts';
import type { LintFinding } from './finding.ts';
import { lintLayout } from './layout.ts';
import { lintLetters } from './letters.ts';
import { lintLook } from './look.ts';
import type { LintOptions, Looked } from './looked.ts';
import { lintPictures } from './pictures.ts';
import { lintReading } from './reading.ts';
import { lintTicker } from './ticker.ts';
import { lintTime } from './time.ts';

export type { LintFinding } from './finding.ts';
export type { LintOptions } from './looked.ts';

/** What is read from so far is read by people who drive. */
export const DRIVERS_FROM_METRES = 25;

/**
 * What would keep a scene from being read on a board, before it is published: each finding with what would put it right.
 * Pure, but for the pictures that `assets` holds, if they are given.
 */
export function lint(scene: Scene, panel: Panel, options: LintOptions, assets?: Assets): LintFinding[] {
  const reader = options.reader ?? (options.viewingMetres >= DRIVERS_FROM_METRES ? 'driver' : 'pedestrian');
  const ofPages = scene.pages.flatMap((page, pageIndex) => {
    const set = setPage(page, scene, panel);
    const looked = page.zones.map(
      ({ item }, zoneIndex): Looked => ({
        item,
        page,
        pageIndex,
        zoneIndex,
        set: set.zones.find(({ index }) => index === zoneIndex) ?? null,
        scene,
        panel,
        options: { ...options, reader },
        assets,
      }),
    );
    const ofZones = looked.flatMap((zone) => [
      ...lintLetters(zone),
      ...lintLayout(zone),
      ...lintLook(zone),
      ...lintTicker(zone),
      ...lintPictures(zone),
    ]);
    return [...ofZones, ...lintReading(page, pageIndex, set, reader)];
  });
  return [...ofPages, ...lintTime(scene, options)];
}
