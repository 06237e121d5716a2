import { createHash } from 'node:crypto';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Assets, Pixels } from '#devices/render/assets';
import { drawPage, makeShow } from '#devices/render/show';
import { filesOf, Scene } from '#devices/scene';
import type { Size } from './panels.ts';

/** One page as the controller's own renderer draws it. */
export interface PageProof {
  /** SHA-256 of its RGBA rows; null where pixels change while it stands, so that there is nothing to compare. */
  readonly sha256: string | null;
  /**
   * Whether other pixels are wrong ones: not where another program's decoder of pictures may give others for the same
   * file, as for all but PNG, and not where a figure may have become too old meanwhile.
   */
  readonly exact: boolean;
}

export interface ProofTask {
  /** The scene itself, JSON. */
  readonly scene: string;
  readonly size: Size;
  /** Where the files are that it names, by their SHA-256. */
  readonly files: Readonly<Record<string, string>>;
}

/** What every page of a scene looks like on a board of a size, in the order in which they are shown. */
export async function proofsOf({ scene: text, size, files }: ProofTask): Promise<PageProof[]> {
  const scene = Scene.parse(JSON.parse(text));
  const named = filesOf(scene).filter(({ type }) => type.startsWith('image/'));
  const pictures = new Map<string, Pixels>();
  for (const { sha256 } of named) {
    const path = files[sha256];
    const picture = path === undefined ? null : await loadImage(path).catch(() => null);
    if (picture !== null) pictures.set(sha256, picture);
  }
  const exact = scene.pages.map(isExact);
  const assets: Assets = {
    picture: (sha256) => pictures.get(sha256) ?? null,
    film: () => null,
    layer: (wanted) => {
      const canvas = createCanvas(wanted.width, wanted.height);
      return { brush: canvas.getContext('2d'), pixels: canvas };
    },
  };
  const show = makeShow(scene, size, assets);
  const canvas = createCanvas(size.width, size.height);
  const brush = canvas.getContext('2d');
  return show.pages.map((page) => {
    const certain = { exact: exact[page.group] ?? false };
    if (page.moving) return { sha256: null, ...certain };
    drawPage(brush, show, page.index, 0, page.from ?? 0);
    const { data } = brush.getImageData(0, 0, size.width, size.height);
    return { sha256: createHash('sha256').update(data).digest('hex'), ...certain };
  });
}

const isExact = ({ zones }: Scene['pages'][number]): boolean =>
  zones.every(({ item }) => {
    if (item.type === 'tile') return item.staleAt === undefined;
    if (item.type === 'image') return item.files.every(({ type }) => type === 'image/png');
    if (item.type === 'images') {
      return item.pictures.every(({ files }) => files.every(({ type }) => type === 'image/png'));
    }
    return true;
  });
