import type { z } from 'zod';
import { faceFor } from '../face/face.ts';
import { putText } from '../face/put-text.ts';
import type { TickerItem } from '../scene/item.ts';
import { type Act, type Place, STILL } from './act.ts';
import type { Box } from './box.ts';
import { marginOf } from './box.ts';
import type { Brush } from './brush.ts';
import { inksOn } from './ink.ts';
import { movedBy, nextMoveInMs, paceOf, speedOf } from './pace.ts';
import { Strip } from './strip.ts';

/** As fast as a line that runs is read. */
export const LETTERS_A_SECOND = 5;
/** The beginning stands, until the eye has found it. */
const STANDS_MS = 1_500;

/** A line that runs from right to left by whole pixels, over and over; text that fits stands still. */
export function setTicker(item: z.infer<typeof TickerItem>, { size, ground }: Place): Act {
  const inks = inksOn(ground, item.colour);
  const face = faceFor('body', Math.min(item.linePx ?? largestIn(size.height), 1_000));
  const text = item.text
    .normalize('NFC')
    .replace(/\s*\n\s*/g, ' • ')
    .replace(/\s+/g, ' ')
    .trim();
  const margin = marginOf(size).across;
  // In the middle by what is seen of small letters and capitals alike.
  const baseline = Math.min(
    Math.max(Math.round((size.height + face.capitalPx) / 2), face.ascent),
    Math.max(size.height - face.descent, face.capitalPx),
  );
  const strip = new Strip(text, face, size.height, baseline, inks.body, ground);
  const setting = {
    linePx: text === '' ? [] : [face.linePx],
    capitalPx: text === '' ? null : face.capitalPx,
    broken: [],
    clipped: face.linePx > size.height,
  };
  if (strip.width <= size.width - 2 * margin) {
    return {
      pages: 1,
      moving: false,
      lastsMs: 0,
      setting,
      words: () => text,
      at: () => STILL,
      paint: (raster) => {
        putText(raster, face, text, Math.floor((size.width - strip.width) / 2), baseline, inks.body);
      },
    };
  }
  const pace = paceOf(
    item.pixelsPerSecond ?? Math.round((LETTERS_A_SECOND * strip.width) / [...text].length),
  );
  // Room enough that the end is not read into the beginning.
  const round = strip.width + Math.max(3 * face.linePx, Math.round(size.width / 3));
  return {
    pages: 1,
    moving: true,
    lastsMs: STANDS_MS + Math.ceil((round * 1_000) / speedOf(pace)),
    setting: { ...setting, lettersASecond: (speedOf(pace) * [...text].length) / strip.width },
    words: () => text,
    at: (_page, groupMs) => {
      const ran = groupMs - STANDS_MS;
      return {
        name: String(movedBy(pace, ran) % round),
        nextInMs: ran < 0 ? nextMoveInMs(pace, 0) - ran : nextMoveInMs(pace, ran),
      };
    },
    paint: () => {},
    everyFrame: true,
    draw: (brush, box, groupMs, assets) => {
      const moved = movedBy(pace, groupMs - STANDS_MS) % round;
      for (let begin = margin - moved; begin < box.width; begin += round) {
        for (const tile of strip.tiles(-begin, box.width - begin, assets))
          copy(brush, box, begin + tile.x, tile);
      }
    },
  };
}

/** Copies what of a layer lies inside the zone. @param x of the layer's left edge in the zone. */
function copy(
  brush: Brush,
  box: Box,
  x: number,
  { pixels, width }: { readonly pixels: { readonly height: number }; readonly width: number },
): void {
  const left = Math.max(0, -x);
  const across = Math.min(width, box.width - x) - left;
  if (across <= 0) return;
  brush.imageSmoothingEnabled = false;
  brush.drawImage(pixels, left, 0, across, pixels.height, box.x + x + left, box.y, across, pixels.height);
}

/** A line fills the height, but not more than looks well. */
const largestIn = (height: number): number => Math.max(8, height < 40 ? height : Math.round(height * 0.8));
