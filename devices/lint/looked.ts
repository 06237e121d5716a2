import type { Panel } from '../kind.ts';
import type { Assets } from '../render/assets.ts';
import type { SetZone } from '../render/page-plan.ts';
import type { Reader } from '../render/reading.ts';
import type { SceneItem } from '../scene/item.ts';
import type { ScenePage } from '../scene/page.ts';
import type { Scene } from '../scene.ts';
import type { FixCode, LintCode } from './codes.ts';
import type { LintFinding } from './finding.ts';

export interface LintOptions {
  /** From how far it is to be read. */
  readonly viewingMetres: number;
  /** At night letters shine over their edges and need twice the height. */
  readonly night: boolean;
  /** Left out: drivers where it is read from far away (`DRIVERS_FROM_METRES`), else people who stand or walk. */
  readonly reader?: Reader;
  /** Epoch ms; left out: nothing is said of what is over or stale. */
  readonly now?: number;
  /** The scene is made by an incident. */
  readonly incident?: boolean;
}

/** What the rules look at: one zone of one page, as it would stand on the board. */
export interface Looked {
  readonly item: SceneItem;
  readonly page: ScenePage;
  readonly pageIndex: number;
  readonly zoneIndex: number;
  /** Null where nothing of the zone is on the board. */
  readonly set: SetZone | null;
  readonly scene: Scene;
  readonly panel: Panel;
  readonly options: LintOptions & { readonly reader: Reader };
  readonly assets: Assets | undefined;
}

export type Params = Record<string, string | number>;

/** A finding of a zone. */
export const found = (
  { pageIndex, zoneIndex }: Looked,
  severity: LintFinding['severity'],
  code: LintCode,
  params: Params,
  fix: FixCode,
  fixParams: Params = {},
): LintFinding => ({
  code,
  severity,
  params,
  page: pageIndex,
  zone: zoneIndex,
  fix: { code: fix, params: fixParams },
});
