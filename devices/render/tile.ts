import type { z } from 'zod';
import { type Face, faceFor } from '../face/face.ts';
import { putText } from '../face/put-text.ts';
import type { TileItem } from '../scene/item.ts';
import type { Act, Place } from './act.ts';
import { type Box, marginOf, within } from './box.ts';
import { facesFor, largest, smallestLine } from './fit.ts';
import { ICON_INK, iconOf } from './icons.ts';
import { GROUND, inksOn } from './ink.ts';
import { Compositor, type Line } from './lines.ts';
import { putShape } from './raster.ts';
import { wordsOfRuns } from './words-of-runs.ts';

/** What stands there instead of a figure that is older than it may be. */
export const STALE = '––';

/** One figure with its name, and a sign that is known before it is read. */
export function setTile(item: z.infer<typeof TileItem>, place: Place): Act {
  const { size, board, ground } = place;
  const inks = inksOn(ground, item.colour);
  const { across, down } = marginOf(size);
  const inner = within({ x: 0, y: 0, ...size }, across, down);
  const { icon, text } = partsOf(inner, item.icon !== undefined);
  const label = setLabel(item.label, text, Math.min(smallestLine(board), text.height), inks.quiet);
  const labelHeight = label.lines.length * label.face.linePx;
  const figure = setFigure(item, text.width, text.height - labelHeight);
  const iconInk = item.icon === undefined || ground !== GROUND ? inks.heading : ICON_INK[item.icon];
  const isStale = (now: number): boolean => item.staleAt !== undefined && now >= item.staleAt;
  return {
    pages: 1,
    moving: false,
    lastsMs: 0,
    setting: {
      linePx: [label.face.linePx, figure.value.linePx].sort((a, b) => a - b),
      capitalPx: Math.min(label.face.capitalPx, figure.value.capitalPx),
      broken: label.broken,
      clipped: labelHeight + figure.value.capitalPx > size.height || figure.width > size.width,
    },
    words: () => `${item.label}: ${item.value}${item.unit === undefined ? '' : ` ${item.unit}`}`,
    at: (_page, _groupMs, now) =>
      isStale(now)
        ? { name: 'stale', nextInMs: Number.POSITIVE_INFINITY }
        : { name: '', nextInMs: (item.staleAt ?? Number.POSITIVE_INFINITY) - now },
    paint: (raster, _page, _groupMs, now) => {
      const stale = isStale(now);
      if (icon !== null && item.icon !== undefined) {
        putShape(raster, iconOf(item.icon, icon.width), icon.x, icon.y, stale ? inks.faint : iconInk);
      }
      const gap = Math.max(1, Math.round(figure.value.capitalPx / 5));
      const seen = labelHeight + gap + figure.value.capitalPx;
      let y = text.y + Math.max(0, Math.floor((text.height - seen) / 2));
      const placed = (width: number): number =>
        text.x + (icon !== null && icon.y === text.y ? 0 : Math.floor((text.width - width) / 2));
      for (const line of label.lines) {
        for (const piece of line.pieces) {
          putText(
            raster,
            label.face,
            piece.text,
            placed(line.width) + piece.x,
            y + label.face.ascent,
            piece.ink,
          );
        }
        y += label.face.linePx;
      }
      const value = stale ? STALE : item.value;
      const unit = stale ? '' : (item.unit ?? '');
      const wide = figure.value.widthOf(value) + (unit === '' ? 0 : figure.blank + figure.unit.widthOf(unit));
      const baseline = y + gap + figure.value.capitalPx;
      const x = putText(raster, figure.value, value, placed(wide), baseline, stale ? inks.faint : inks.body);
      if (unit !== '') putText(raster, figure.unit, unit, x + figure.blank, baseline, inks.body);
    },
  };
}

/** The sign beside the words where the zone is wide, above them where it is not. */
function partsOf(inner: Box, hasIcon: boolean): { icon: Box | null; text: Box } {
  if (!hasIcon) return { icon: null, text: inner };
  if (inner.width >= 1.3 * inner.height) {
    const side = Math.min(inner.height, Math.round(inner.width * 0.36));
    const gap = Math.max(2, Math.round(side / 8));
    return {
      icon: { x: inner.x, y: inner.y + Math.floor((inner.height - side) / 2), width: side, height: side },
      text: { x: inner.x + side + gap, y: inner.y, width: inner.width - side - gap, height: inner.height },
    };
  }
  const side = Math.min(inner.width, Math.round(inner.height * 0.45));
  return {
    icon: { x: inner.x + Math.floor((inner.width - side) / 2), y: inner.y, width: side, height: side },
    text: { x: inner.x, y: inner.y + side, width: inner.width, height: inner.height - side },
  };
}

/** As large as fits on two lines in a third of the height, but never too small to read. */
function setLabel(
  label: string,
  { width, height }: Box,
  smallest: number,
  ink: string,
): { lines: readonly Line[]; face: Face; broken: readonly string[] } {
  const words = wordsOfRuns([{ text: label.replace(/\s+/g, ' '), voice: 'body', ink }]);
  const setAt = (linePx: number) => {
    const faces = facesFor(linePx);
    return { ...new Compositor(faces).evenLines(words, width), face: faces.body };
  };
  const low = Math.max(8, smallest);
  const found = largest(low, Math.max(low, Math.round(height / 3)), (linePx) => {
    const set = setAt(linePx);
    return set.broken.length === 0 && set.lines.length * set.face.linePx <= Math.max(linePx, height * 0.45)
      ? set
      : null;
  });
  return found ?? setAt(low);
}

function setFigure(
  item: z.infer<typeof TileItem>,
  width: number,
  height: number,
): { value: Face; unit: Face; blank: number; width: number } {
  const setAt = (linePx: number) => {
    const value = faceFor('heading', linePx);
    const unit = faceFor('body', Math.max(8, Math.round(linePx * 0.55)));
    const blank = Math.max(1, Math.round(value.capitalPx / 6));
    const own = value.widthOf(item.value) + (item.unit === undefined ? 0 : blank + unit.widthOf(item.unit));
    return { value, unit, blank, width: own };
  };
  return (
    largest(8, Math.max(8, 2 * height), (linePx) => {
      const set = setAt(linePx);
      return set.width <= width && set.value.capitalPx * 1.45 <= height ? set : null;
    }) ?? setAt(8)
  );
}
