import type { z } from 'zod';
import type { TileItem } from '../scene/item.ts';
import type { Act, Place } from './act.ts';
import { type Box, marginOf, within } from './box.ts';
import { smallestLine } from './fit.ts';
import { ICON_INK, iconOf } from './icons.ts';
import { GROUND, inksOn } from './ink.ts';
import { putShape, type Raster } from './raster.ts';
import { figureIn, paintFigure, type TileFigure, widthOfFigure } from './tile-figure.ts';
import { paintLabel, setLabel, type TileLabel } from './tile-label.ts';

type Tile = z.infer<typeof TileItem>;

/** What stands there instead of a figure that is older than it may be. */
export const STALE = '––';

/** Where the parts of a tile stand. */
interface Plan {
  readonly icon: Box | null;
  readonly label: TileLabel | null;
  readonly labelAt: Box;
  readonly figure: TileFigure;
  readonly figureAt: Box;
  readonly align: 'start' | 'center';
}

/** One figure with its name, and a sign that is known before it is read. */
export function setTile(item: Tile, place: Place): Act {
  const { size, board, ground } = place;
  const inks = inksOn(ground, item.colour);
  const { across, down } = marginOf(size);
  const plan = planOf(item, within({ x: 0, y: 0, ...size }, across, down), smallestLine(board), inks.quiet);
  const { figure, label } = plan;
  const iconInk = item.icon === undefined || ground !== GROUND ? inks.heading : ICON_INK[item.icon];
  const isStale = (now: number): boolean => item.staleAt !== undefined && now >= item.staleAt;
  const linePx = [figure.value.linePx, ...(label === null ? [] : [label.face.linePx])].sort((a, b) => a - b);
  return {
    pages: 1,
    moving: false,
    lastsMs: 0,
    setting: {
      linePx,
      capitalPx: Math.min(figure.value.capitalPx, label?.face.capitalPx ?? figure.value.capitalPx),
      broken: label?.broken ?? [],
      // A figure without a name says nothing, unless its sign does.
      clipped:
        (label === null && plan.icon === null) || widthOfFigure(figure, item.value, item.unit) > size.width,
    },
    words: () => `${item.label}: ${item.value}${item.unit === undefined ? '' : ` ${item.unit}`}`,
    at: (_page, _groupMs, now) =>
      isStale(now)
        ? { name: 'stale', nextInMs: Number.POSITIVE_INFINITY }
        : { name: '', nextInMs: (item.staleAt ?? Number.POSITIVE_INFINITY) - now },
    paint: (raster, _page, _groupMs, now) => {
      const stale = isStale(now);
      if (item.icon !== undefined && plan.icon !== null) {
        putShape(
          raster,
          iconOf(item.icon, plan.icon.width),
          plan.icon.x,
          plan.icon.y,
          stale ? inks.faint : iconInk,
        );
      }
      paintWords(
        raster,
        plan,
        stale ? STALE : item.value,
        stale ? undefined : item.unit,
        stale ? inks.faint : inks.body,
      );
    },
  };
}

function paintWords(
  raster: Raster,
  { label, labelAt, figure, figureAt, align }: Plan,
  value: string,
  unit: string | undefined,
  ink: string,
): void {
  if (label !== null) paintLabel(raster, label, labelAt, align);
  paintFigure(raster, figure, value, unit, figureAt, align, ink);
}

/** Beside the sign where the zone is wide, below it where it is not; on one line where there is room for one alone. */
function planOf(item: Tile, inner: Box, smallest: number, quiet: string): Plan {
  const hasIcon = item.icon !== undefined;
  if (inner.height < smallest + 14) return flatPlan(item, inner, quiet);
  const wide = inner.width >= 1.3 * inner.height;
  const side = !hasIcon
    ? 0
    : wide
      ? Math.min(inner.height, Math.round(inner.width * 0.36))
      : Math.min(inner.width, Math.round(inner.height * 0.4));
  const gap = hasIcon ? Math.max(2, Math.round(side / 8)) : 0;
  const text: Box = wide
    ? { ...inner, x: inner.x + side + gap, width: inner.width - side - gap }
    : { ...inner, y: inner.y + side, height: inner.height - side };
  const label = setLabel(item.label, text.width, text.height, Math.min(smallest, text.height), quiet);
  const below = text.height - label.height;
  const figure = figureIn(item.value, item.unit, text.width, below);
  const between = Math.max(1, Math.round(figure.value.capitalPx / 5));
  // What the eye sees: from the label to the figure's feet.
  const seen = label.height + between + figure.value.capitalPx;
  const top = text.y + Math.max(0, Math.floor((text.height - seen) / 2));
  const squareAt = wide
    ? { x: inner.x, y: inner.y + Math.floor((inner.height - side) / 2) }
    : { x: inner.x + Math.floor((inner.width - side) / 2), y: inner.y };
  return {
    icon: hasIcon ? { ...squareAt, width: side, height: side } : null,
    label,
    labelAt: { ...text, y: top, height: label.height },
    figure,
    figureAt: { ...text, y: top + label.height + between, height: figure.value.capitalPx },
    align: 'center',
  };
}

/** Sign, name and figure side by side; the name goes where there is no room for it. */
function flatPlan(item: Tile, inner: Box, quiet: string): Plan {
  const side = item.icon === undefined ? 0 : inner.height;
  const gap = Math.max(2, Math.round(inner.height / 8));
  const from = item.icon === undefined ? inner.x : inner.x + side + gap;
  const room = inner.x + inner.width - from;
  const label = setLabel(item.label, Math.floor(room / 2), inner.height, Math.min(12, inner.height), quiet);
  const labelled = label.broken.length === 0 && label.height <= inner.height;
  const forFigure = labelled ? room - label.width - 2 * gap : room;
  const figure = figureIn(item.value, item.unit, forFigure, Math.round(inner.height * 1.2));
  const useful = labelled && figure.value.capitalPx >= 8;
  const alone = useful ? figure : figureIn(item.value, item.unit, room, Math.round(inner.height * 1.2));
  const figureFrom = useful ? from + label.width + 2 * gap : from;
  const { capitalPx } = alone.value;
  return {
    icon: item.icon === undefined ? null : { x: inner.x, y: inner.y, width: side, height: side },
    label: useful ? label : null,
    labelAt: {
      x: from,
      y: inner.y + Math.floor((inner.height - label.height) / 2),
      width: label.width,
      height: label.height,
    },
    figure: alone,
    figureAt: {
      x: figureFrom,
      y: inner.y + Math.floor((inner.height - capitalPx) / 2),
      width: inner.x + inner.width - figureFrom,
      height: capitalPx,
    },
    align: 'start',
  };
}
