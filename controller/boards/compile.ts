import type { z } from 'zod';
import { boxOf, isEmpty } from '#devices/render/box';
import type { Scene } from '#devices/scene';
import type { FilmFile, PictureFile } from '#devices/scene/file';
import type { ImageItem, ImagesItem, SceneItem, VideoItem } from '#devices/scene/item';
import { Failure } from '../failure.ts';
import type { Fitter } from './fitter.ts';
import { type Size, sizeKey } from './panels.ts';

/** A scene as boards get it, with the files that it names and on which sizes of board each is needed. */
export interface Compiled {
  readonly scene: Scene;
  readonly files: readonly { readonly file: PictureFile | FilmFile; readonly panels: readonly Size[] }[];
}

/** As the contract's scenes allow: so many forms of one picture, and so many sizes of board that it is made for. */
export const MOST_SIZES = 12;

type Zone = Scene['pages'][number]['zones'][number];

/** Whether anything in it has to be made for the boards. */
export const hasPictures = ({ pages }: Pick<Scene, 'pages'>): boolean =>
  pages.some(({ zones }) =>
    zones.some(({ item: { type } }) => type === 'image' || type === 'images' || type === 'video'),
  );

/**
 * Has every picture and film made for its zone on boards of these sizes, and names the files in the scene. Films are made
 * one after the other: each may take minutes.
 * @param sizes the composed one first; at most {@link MOST_SIZES}.
 * @throws what {@link Fitter.fit} throws; Failure 422 `picture-not-chosen`.
 */
export async function compileScene(scene: Scene, sizes: readonly Size[], fitter: Fitter): Promise<Compiled> {
  const files = new Map<string, { file: PictureFile | FilmFile; panels: Map<string, Size> }>();
  const filesFor = async (
    zone: Zone,
    visual: string | undefined,
    fit: 'contain' | 'cover',
  ): Promise<(PictureFile | FilmFile)[]> => {
    if (visual === undefined) throw notChosen();
    const made = new Map<string, PictureFile | FilmFile>();
    for (const size of sizes) {
      const { width, height } = boxOf(zone.rectangle, scene.grid, size);
      // On a board so small that nothing is left of the zone there is nothing to be made.
      if (isEmpty({ width, height })) continue;
      const file = await fitter.fit(visual, { width, height }, fit);
      made.set(file.sha256, file);
      const known = files.get(file.sha256) ?? { file, panels: new Map<string, Size>() };
      known.panels.set(sizeKey(size), size);
      files.set(file.sha256, known);
    }
    return [...made.values()];
  };
  const pages: Scene['pages'] = [];
  for (const page of scene.pages) {
    const zones: Zone[] = [];
    for (const zone of page.zones) zones.push({ ...zone, item: await itemWith(zone, filesFor) });
    pages.push({ ...page, zones });
  }
  return {
    scene: { ...scene, pages },
    files: [...files.values()].map(({ file, panels }) => ({ file, panels: [...panels.values()] })),
  };
}

type FilesFor = (
  zone: Zone,
  visual: string | undefined,
  fit: 'contain' | 'cover',
) => Promise<(PictureFile | FilmFile)[]>;

async function itemWith(zone: Zone, filesFor: FilesFor): Promise<SceneItem> {
  const { item } = zone;
  switch (item.type) {
    case 'image':
      return withoutVisual({
        ...item,
        files: (await filesFor(zone, item.visual, item.fit)).filter(isPicture),
      });
    case 'images': {
      const pictures: z.infer<typeof ImagesItem>['pictures'] = [];
      for (const { visual, alt } of item.pictures) {
        pictures.push({ alt, files: (await filesFor(zone, visual, item.fit)).filter(isPicture) });
      }
      return { ...item, pictures };
    }
    case 'video': {
      const files = (await filesFor(zone, item.visual, 'contain')).filter(isFilm);
      const [first] = files;
      return withoutVisual({ ...item, files, durationMs: first?.durationMs ?? item.durationMs });
    }
    default:
      return item;
  }
}

function withoutVisual(item: z.infer<typeof ImageItem> | z.infer<typeof VideoItem>): SceneItem {
  const { visual: _, ...shown } = item;
  return shown;
}

const isFilm = (file: PictureFile | FilmFile): file is FilmFile => 'framesPerSecond' in file;
const isPicture = (file: PictureFile | FilmFile): file is PictureFile => !isFilm(file);

const notChosen = (): Failure =>
  new Failure(
    'picture-not-chosen',
    'A place for a picture or a film is empty; choose one, or remove the place.',
    {
      status: 422,
    },
  );
