import { z } from 'zod';
import type { MediaType } from './plan.ts';
import type { FilmFile, PictureFile } from './scene/file.ts';
import { NoticeItem, type SceneItem } from './scene/item.ts';
import { ScenePage } from './scene/page.ts';

/** The grid's size in units, which are the board's own pixels where the two are equal. */
export const Grid = z.object({
  width: z.number().int().min(16).max(10_000),
  height: z.number().int().min(16).max(10_000),
});
export type Grid = z.infer<typeof Grid>;

/**
 * What a board shows: pages that go round, each with zones, each with one item. Stored as canonical JSON and named by
 * its SHA-256 like any other media, so that a plan can say exactly which scene was approved.
 */
const SceneNow = z.object({
  v: z.literal(2),
  /** BCP 47. */
  language: z.string().max(35),
  /** What the zones' rectangles are counted in; left out: nothing but whole boards. On a board of another size they stretch. */
  grid: Grid.optional(),
  pages: z.array(ScenePage).min(1).max(64),
});

/** As scenes were first written: notices only. What was approved then is shown as it was. */
const SceneOfNotices = z
  .object({
    v: z.literal(1),
    language: z.string().max(35),
    items: z.array(NoticeItem).min(1).max(32),
  })
  .transform(
    ({ language, items }): z.infer<typeof SceneNow> => ({
      v: 2,
      language,
      pages: items.map((item) => ({ zones: [{ item }] })),
    }),
  )
  // What comes out is described as what it is: an interface cannot be described by a step in between.
  .pipe(SceneNow);

export const Scene = z.union([SceneNow, SceneOfNotices]);
export type Scene = z.output<typeof SceneNow>;

export const SCENE_TYPE = 'application/vnd.loa.scene+json' satisfies MediaType;

/** Every file that a scene names, each once. */
export function filesOf({ pages }: Pick<Scene, 'pages'>): (PictureFile | FilmFile)[] {
  const files = pages.flatMap(({ zones }) => zones.flatMap(({ item }) => filesOfItem(item)));
  return [...new Map(files.map((file) => [file.sha256, file])).values()];
}

function filesOfItem(item: SceneItem): readonly (PictureFile | FilmFile)[] {
  if (item.type === 'image' || item.type === 'video') return item.files;
  return item.type === 'images' ? item.pictures.flatMap(({ files }) => files) : [];
}
