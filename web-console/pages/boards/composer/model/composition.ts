import type { BoardContent, Programme } from '#controller/http/contract/library';
import type { Grid, Scene } from '#devices/scene';
import type { ScenePage } from '#devices/scene/page';

export type Format = NonNullable<BoardContent['format']>;

/** What is being composed: a scene whose fields may still be empty, for boards of one size. */
export interface Composition {
  readonly title: string;
  readonly language: string;
  readonly format: Format;
  readonly template: string | null;
  readonly durationMs: number;
  /** What the rectangles are counted in: the board's own pixels, where it was begun here. */
  readonly grid: Grid;
  readonly pages: readonly ScenePage[];
}

/** Where a programme without a time of its own stands once in a playlist. */
export const USUAL_MS = 60_000;

export const freshComposition = (
  format: Format,
  template: string | null,
  pages: readonly ScenePage[],
  title = '',
): Composition => ({
  title,
  language: 'vi',
  format,
  template,
  durationMs: USUAL_MS,
  grid: { width: format.width, height: format.height },
  pages,
});

export const sceneOf = ({ language, grid, pages }: Composition): Scene => ({
  v: 2,
  language,
  grid,
  pages: [...pages],
});

/** A size that most ward boards have, for what was composed for no board in particular. */
export const USUAL_FORMAT: Format = { width: 192, height: 96, pitchMm: 5 };

/** @returns null for a programme that boards show nothing of. */
export function compositionOf(programme: Programme): Composition | null {
  const { board, title, language } = programme;
  if (board === null) return null;
  const format = board.format ?? board.scene.grid ?? USUAL_FORMAT;
  return {
    title,
    language,
    format: { pitchMm: USUAL_FORMAT.pitchMm, ...format },
    template: board.template,
    durationMs: board.durationMs,
    grid: board.scene.grid ?? { width: format.width, height: format.height },
    pages: board.scene.pages,
  };
}

export const contentOf = (composition: Composition): BoardContent => ({
  scene: sceneOf(composition),
  format: composition.format,
  template: composition.template,
  durationMs: composition.durationMs,
});

/** The same for boards of another size: every rectangle keeps its share of the board. */
export function reformatted(composition: Composition, format: Format): Composition {
  const across = format.width / composition.grid.width;
  const down = format.height / composition.grid.height;
  const pages = composition.pages.map((page) => ({
    ...page,
    zones: page.zones.map((zone) => {
      if (zone.rectangle === undefined) return zone;
      const { x, y, width, height } = zone.rectangle;
      const left = Math.round(x * across);
      const top = Math.round(y * down);
      return {
        ...zone,
        rectangle: {
          x: left,
          y: top,
          width: Math.max(1, Math.round((x + width) * across) - left),
          height: Math.max(1, Math.round((y + height) * down) - top),
        },
      };
    }),
  }));
  return { ...composition, format, grid: { width: format.width, height: format.height }, pages };
}
