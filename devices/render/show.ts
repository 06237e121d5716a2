import type { Scene } from '../scene.ts';
import type { Assets } from './assets.ts';
import type { Brush, Size } from './brush.ts';
import { drawDark } from './dark.ts';
import { dwellOf, type SetPage, setPage, wordsOfSet } from './page-plan.ts';
import { Scratch } from './scratch.ts';
import { Stage } from './stage.ts';
import { standingAt } from './turn.ts';

/** One picture of the board: an item that needs three pages makes three of these. */
export interface ShownPage {
  readonly index: number;
  readonly of: number;
  readonly dwellMs: number;
  /** Whether its pixels change while it stands. */
  readonly moving: boolean;
  /** What a screen reader says. */
  readonly words: string;
  /** Epoch ms; see `ScenePage`. */
  readonly from?: number;
  readonly until?: number;
  /** Which page of the scene it is of. */
  readonly group: number;
}

/** A scene laid out for one size of board. */
export interface Show {
  readonly pages: readonly ShownPage[];
  /** Of all pages, whether they are valid now or not. */
  readonly roundMs: number;
  readonly size: Size;
  readonly stages: Stages;
}

/** Lays a scene out; the same show for the same arguments. */
export function makeShow(scene: Scene, size: Size, assets: Assets): Show {
  const sets = scene.pages.map((page) => setPage(page, scene, size));
  const laid = scene.pages.flatMap(({ from, until, dwellMs }, group) => {
    const set = sets[group];
    if (set === undefined) return [];
    return Array.from({ length: set.pages }, (_, page) => ({
      dwellMs: dwellMs ?? dwellOf(set, page),
      moving: set.zones.some(({ act }) => act.moving),
      words: wordsOfSet(set, page),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      group,
      set,
      page,
    }));
  });
  const pages = laid.map(({ set: _set, page: _page, ...page }, index) => ({
    index,
    of: laid.length,
    ...page,
  }));
  return {
    pages,
    roundMs: pages.reduce((sum, { dwellMs }) => sum + dwellMs, 0),
    size,
    stages: new Stages(laid, size, assets),
  };
}

/** The pages that are ready to be drawn: that which stands, and one before or after it. */
export class Stages {
  readonly #pages: readonly { readonly set: SetPage; readonly page: number }[];
  readonly #size: Size;
  readonly #assets: Assets;
  readonly #scratch = new Scratch();
  readonly #ready = new Map<number, Stage>();

  constructor(
    pages: readonly { readonly set: SetPage; readonly page: number }[],
    size: Size,
    assets: Assets,
  ) {
    this.#pages = pages;
    this.#size = size;
    this.#assets = assets;
  }

  get(index: number): Stage | null {
    const ready = this.#ready.get(index);
    const page = this.#pages[index];
    if (ready !== undefined || page === undefined) return ready ?? null;
    const stage = new Stage(page.set, page.page, this.#size, this.#assets, this.#scratch);
    const oldest = this.#ready.keys().next();
    if (this.#ready.size > 1 && oldest.done !== true) this.#ready.delete(oldest.value);
    this.#ready.set(index, stage);
    return stage;
  }
}

/**
 * Which page stands `tMs` after the scene began, at the moment `now` (epoch ms). Pages out of their validity are
 * passed over.
 */
export function pageAt(
  { pages }: Show,
  tMs: number,
  now: number,
): { readonly page: ShownPage | null; readonly sinceMs: number; readonly nextInMs: number } {
  const { standing, nextInMs } = standingAt(pages, tMs, now);
  return {
    page: standing === null ? null : (pages[standing.index] ?? null),
    sinceMs: standing?.sinceMs ?? 0,
    nextInMs,
  };
}

/**
 * Draws what a board shows `tMs` after the scene began. The same pixels for the same arguments on every canvas.
 * @returns the page that stands, and in how many ms its pixels change.
 */
export function drawShow(
  brush: Brush,
  show: Show,
  tMs: number,
  now: number,
): { readonly page: ShownPage | null; readonly nextInMs: number } {
  const { standing, nextInMs } = standingAt(show.pages, tMs, now);
  const stage = standing === null ? null : show.stages.get(standing.index);
  if (standing === null || stage === null) {
    drawDark(brush, show.size);
    return { page: null, nextInMs };
  }
  const changesInMs = stage.draw(brush, standing.groupMs, now);
  return { page: show.pages[standing.index] ?? null, nextInMs: Math.min(nextInMs, changesInMs) };
}

/**
 * Draws one page as it looks `sinceMs` after it began, whether it may stand at `now` or not: to compare with what was
 * shown, and to be looked at by itself.
 * @returns false where the show has no such page, and nothing was drawn.
 */
export function drawPage(brush: Brush, show: Show, index: number, sinceMs: number, now: number): boolean {
  const page = show.pages[index];
  const stage = show.stages.get(index);
  if (page === undefined || stage === null) return false;
  const before = show.pages.filter((one) => one.group === page.group && one.index < index);
  const groupMs = before.reduce((sum, { dwellMs }) => sum + dwellMs, 0) + sinceMs;
  stage.draw(brush, groupMs, now);
  return true;
}

/**
 * Composes the page that comes next, so that its turn is only a copy. To be called after `drawShow`, when there is time;
 * without it a page is composed when it comes.
 */
export function prepareShow(show: Show, tMs: number, now: number): void {
  const { standing, nextInMs } = standingAt(show.pages, tMs, now);
  if (!Number.isFinite(nextInMs)) return;
  const next = standingAt(show.pages, tMs + nextInMs, now + nextInMs).standing;
  if (next === null || next.index === standing?.index) return;
  show.stages.get(next.index)?.compose(next.groupMs, now + nextInMs);
}
