import type { Scene } from '../scene.ts';
import type { Assets } from './assets.ts';
import type { Brush, Size } from './brush.ts';
import { drawDark } from './dark.ts';
import { drawPage } from './draw-page.ts';
import { layOut, type Page } from './layout.ts';

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
  readonly still: Page;
}

/** A scene laid out for one size of board. */
export interface Show {
  readonly pages: readonly ShownPage[];
  /** Of all pages, whether they are valid now or not. */
  readonly roundMs: number;
  readonly size: Size;
}

/** Lays a scene out; the same show for the same arguments. */
export function makeShow(scene: Scene, size: Size, assets: Assets): Show {
  const { brush } = assets.layer({ width: 1, height: 1 });
  const laid = scene.pages.flatMap(({ from, until, dwellMs, zones }) =>
    layOut(brush, { ...scene, pages: [{ zones }] }, size).map((still) => ({
      dwellMs: dwellMs ?? still.dwellMs,
      moving: false,
      words: still.lines.map(({ text }) => text).join(' '),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      still,
    })),
  );
  const pages = laid.map((page, index) => ({ index, of: laid.length, ...page }));
  return { pages, roundMs: pages.reduce((sum, { dwellMs }) => sum + dwellMs, 0), size };
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
  const valid = pages.filter(({ from = now, until = now + 1 }) => from <= now && now < until);
  const turn = pages
    .flatMap(({ from = 0, until = 0 }) => [from, until])
    .reduce((least, at) => (at > now ? Math.min(least, at - now) : least), Number.POSITIVE_INFINITY);
  const round = valid.reduce((sum, { dwellMs }) => sum + dwellMs, 0);
  const only = valid[0];
  if (only === undefined) return { page: null, sinceMs: 0, nextInMs: turn };
  if (valid.length === 1) return { page: only, sinceMs: Math.max(0, tMs), nextInMs: turn };
  let left = Math.max(0, tMs) % round;
  for (const page of valid) {
    if (left < page.dwellMs) return { page, sinceMs: left, nextInMs: Math.min(turn, page.dwellMs - left) };
    left -= page.dwellMs;
  }
  return { page: only, sinceMs: 0, nextInMs: Math.min(turn, only.dwellMs) };
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
  const { page, nextInMs } = pageAt(show, tMs, now);
  if (page === null) drawDark(brush, show.size);
  else drawPage(brush, page.still, show.size);
  return { page, nextInMs };
}
