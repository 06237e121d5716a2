import { drawShow, type Show } from '#devices/render/show';
import { startOf } from '../preview/use-playback.ts';

type Brush2d = CanvasRenderingContext2D;

function layer(width: number, height: number): Brush2d {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const brush = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (brush === null) throw new Error('The browser gives no canvas to compare pictures on');
  return brush;
}

/** The board's own picture as pixels, as they were sent. @throws when it cannot be fetched or decoded. */
export async function pixelsOfPicture(address: string): Promise<ImageData> {
  const answer = await fetch(address, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`The picture was answered with status ${answer.status}`);
  const picture = await createImageBitmap(await answer.blob(), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  });
  const brush = layer(picture.width, picture.height);
  brush.drawImage(picture, 0, 0);
  return brush.getImageData(0, 0, picture.width, picture.height);
}

/** How many pixels of two pictures of one size are not the same; every one where the sizes differ. */
export function differing(one: Uint8ClampedArray, other: Uint8ClampedArray): number {
  if (one.length !== other.length) return Math.max(one.length, other.length) / 4;
  let count = 0;
  for (let at = 0; at < one.length; at += 4)
    if (one[at] !== other[at] || one[at + 1] !== other[at + 1] || one[at + 2] !== other[at + 2]) count += 1;
  return count;
}

export interface Comparison {
  /** Which picture of the round it is like. */
  readonly page: number;
  readonly different: number;
  /** Whether something moves on that page: its pixels are another moment's. */
  readonly moving: boolean;
  /** The preview that it was compared with. */
  readonly expected: ImageData;
}

/** Compares a board's picture with the preview: of all pages with the one that it is most like. */
export function compared(seen: ImageData, show: Show, now: number): Comparison | null {
  const { width, height } = show.size;
  const brush = layer(width, height);
  brush.imageSmoothingEnabled = false;
  let best: Comparison | null = null;
  // Whatever days its pages are for: it is asked what they look like.
  const always = { ...show, pages: show.pages.map(({ from: _from, until: _until, ...page }) => page) };
  for (const page of always.pages) {
    drawShow(brush, always, startOf(always, page.index), now);
    const expected = brush.getImageData(0, 0, width, height);
    const different = differing(seen.data, expected.data);
    if (best === null || different < best.different)
      best = { page: page.index, different, moving: page.moving, expected };
    if (different === 0) break;
  }
  return best;
}
