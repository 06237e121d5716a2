import type { z } from 'zod';
import type { PictureFile } from '../scene/file.ts';
import type { ImageItem, ImagesItem } from '../scene/item.ts';
import { type Act, type Moment, type Place, STILL, UNWRITTEN } from './act.ts';
import type { Assets, Pixels } from './assets.ts';
import type { Box } from './box.ts';
import type { Brush, Size } from './brush.ts';
import { inksOn } from './ink.ts';
import { type Fit, fileFor, isCopy, placingOf } from './picture-place.ts';
import { scalePixels } from './scale-pixels.ts';
import { setText } from './text-act.ts';

interface Picture {
  readonly files: readonly PictureFile[];
  readonly alt: string;
}

/** One after the other, each for so long; one alone stands still. A picture that is not there is told in words. */
export function setPictures(pictures: readonly Picture[], eachMs: number, fit: Fit, place: Place): Act {
  const { size, ground } = place;
  const alts = pictures.map(({ alt }) => setAlt(alt, place));
  const files = pictures.map((picture) => fileFor(picture.files, size, fit));
  const many = pictures.length > 1;
  const standing = (groupMs: number): number => (many ? Math.floor(groupMs / eachMs) % pictures.length : 0);
  return {
    pages: 1,
    moving: many,
    lastsMs: many ? pictures.length * eachMs : 0,
    setting: UNWRITTEN,
    words: () => pictures.map(({ alt }) => alt).join('\n'),
    at: (_page, groupMs): Moment =>
      many ? { name: String(standing(groupMs)), nextInMs: eachMs - (groupMs % eachMs) } : STILL,
    paint: (raster, _page, groupMs, now) => alts[standing(groupMs)]?.paint(raster, 0, 0, now),
    draw: (brush, box, groupMs, assets) => {
      const file = files[standing(groupMs)];
      const pixels = file === null || file === undefined ? null : assets.picture(file.sha256);
      if (pixels !== null) drawPicture(brush, box, pixels, fit, ground, assets);
    },
  };
}

export const setImage = (item: z.infer<typeof ImageItem>, place: Place): Act =>
  setPictures([item], 1, item.fit, place);
export const setImages = (item: z.infer<typeof ImagesItem>, place: Place): Act =>
  setPictures(item.pictures, item.eachMs, item.fit, place);

export const setAlt = (alt: string, place: Place): Act => {
  const inks = inksOn(place.ground);
  const paragraphs = [{ runs: [{ text: alt, voice: 'body' as const, ink: inks.quiet }] }];
  return setText({ heading: [], paragraphs, linePx: undefined, align: 'center', inks }, place);
};

/** Over the ground, which is drawn anew: words that stood for the picture must not stand beside it. */
function drawPicture(
  brush: Brush,
  box: Box,
  picture: Pixels,
  fit: Fit,
  ground: string,
  assets: Assets,
): void {
  const placing = placingOf(picture, box, fit);
  brush.fillStyle = ground;
  brush.fillRect(box.x, box.y, box.width, box.height);
  const { from, to } = placing;
  const [x, y] = [box.x + to.x, box.y + to.y];
  if (isCopy(placing)) {
    brush.imageSmoothingEnabled = false;
    brush.drawImage(picture, from.x, from.y, from.width, from.height, x, y, to.width, to.height);
    return;
  }
  const scaled = brush.createImageData(to.width, to.height);
  scalePixels(pixelsOf(picture, ground, assets), placing, scaled);
  brush.putImageData(scaled, x, y);
}

function pixelsOf(picture: Pixels, ground: string, assets: Assets): ReturnType<Brush['getImageData']> {
  const size: Size = { width: picture.width, height: picture.height };
  const { brush } = assets.layer(size);
  brush.fillStyle = ground;
  brush.fillRect(0, 0, size.width, size.height);
  brush.drawImage(picture, 0, 0);
  return brush.getImageData(0, 0, size.width, size.height);
}
