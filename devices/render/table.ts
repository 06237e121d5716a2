import { type Act, type Place, STILL } from './act.ts';
import { marginOf } from './box.ts';
import { heightOf, paintRows } from './column.ts';
import { LEAST, largest, largestLine, smallestLine, uncut } from './fit.ts';
import { type Inks, inksOn } from './ink.ts';
import { marksRoom, paintMarks } from './position-marks.ts';
import { fillRectangle, type Raster } from './raster.ts';
import { setList } from './table-list.ts';
import {
  type Band,
  gapUnder,
  heightOfTable,
  pagesOfTable,
  type Table,
  type Trial,
  tryTable,
} from './table-trial.ts';
import { textOf } from './words-of-runs.ts';

/** A table whose cells are one line each is worth letters that are so much smaller. */
const WORTH = 0.7;

/** Rows of a price list or a duty roster. */
export function setTable(item: Table, place: Place): Act {
  const { size, board, ground } = place;
  const inks = inksOn(ground, item.colour);
  const margin = marginOf(size);
  const room = { width: size.width - 2 * margin.across, height: size.height - 2 * margin.down };
  const attempt = (linePx: number): Trial | null => {
    const trial = tryTable(item, inks, linePx, room.width);
    return trial.broken.length === 0 && heightOfTable(trial) <= room.height ? trial : null;
  };
  const smallest = Math.max(8, Math.min(smallestLine(board), room.height));
  const whole =
    item.linePx === undefined ? wholeAt(attempt, smallest, largestLine(size)) : attempt(item.linePx);
  const at = (linePx: number): Trial => tryTable(item, inks, linePx, room.width);
  if (whole !== null) return actOf(whole, [whole.bands], inks, place);
  if (at(item.linePx ?? LEAST).broken.length > 0) return setList(item, place);
  const trial = at(item.linePx ?? uncut(smallest, at));
  const height = room.height - marksRoom(size, 2);
  const pages = pagesOfTable(trial, height);
  // What stands over the rows must leave room for each of them, or nobody ever sees it.
  if (pages.some((bands) => heightOfTable(trial, bands) > height)) return setList(item, place);
  return actOf(trial, pages, inks, place);
}

/** The largest at which all of it fits, rather with each cell on one line. */
function wholeAt(attempt: (linePx: number) => Trial | null, low: number, high: number): Trial | null {
  const any = largest(low, high, attempt);
  if (any === null || any.single) return any;
  const single = largest(Math.max(low, Math.round(any.linePx * WORTH)), any.linePx, (linePx) => {
    const trial = attempt(linePx);
    return trial?.single === true ? trial : null;
  });
  return single ?? any;
}

function actOf(trial: Trial, pages: readonly (readonly Band[])[], inks: Inks, { size }: Place): Act {
  const margin = marginOf(size);
  const tallest = Math.max(...pages.map((bands) => heightOfTable(trial, bands)));
  const room = size.height - marksRoom(size, pages.length);
  const written = (bands: readonly Band[]): string =>
    [
      ...trial.heading.map(({ line }) => textOf(line.pieces)),
      ...bands.map(({ cells }) =>
        cells.map((rows) => rows.map(({ line }) => textOf(line.pieces)).join(' ')).join(', '),
      ),
    ].join('\n');
  return {
    pages: pages.length,
    moving: false,
    lastsMs: 0,
    setting: {
      linePx: [trial.linePx],
      capitalPx: trial.capitalPx,
      broken: trial.broken,
      clipped: tallest > size.height,
    },
    words: (page) => written(pages[page] ?? []),
    at: () => STILL,
    paint: (raster, page) => {
      const loose = loosened(trial, pages, room - tallest - 2 * margin.down);
      const top = Math.max(0, Math.floor((room - tallest - loose.added) / 2));
      paintTable(raster, trial, pages[page] ?? [], { left: margin.across, top, loose: loose.each }, inks);
      paintMarks(raster, page, pages.length, inks);
    },
  };
}

/** Rows stand apart where there is room for it, but still belong together. */
function loosened(
  { linePx, head }: Trial,
  pages: readonly (readonly Band[])[],
  room: number,
): { each: number; added: number } {
  const rows = Math.max(...pages.map((bands) => bands.length)) + (head === null ? 0 : 1);
  const each = Math.max(0, Math.min(Math.round(linePx * 0.6), Math.floor(room / Math.max(1, rows))));
  return { each, added: each * rows };
}

function paintTable(
  raster: Raster,
  trial: Trial,
  bands: readonly Band[],
  { left, top, loose }: { left: number; top: number; loose: number },
  inks: Inks,
): void {
  const width = raster.width - 2 * left;
  paintRows(raster, trial.heading, left, top, width);
  let y = top + heightOf(trial.heading) + gapUnder(trial);
  const paintBand = ({ cells, height }: Band): void => {
    let x = left;
    for (const [column, rows] of cells.entries()) {
      const across = trial.widths[column] ?? 0;
      paintRows(raster, rows, x, y + Math.floor(loose / 2), across);
      x += across + trial.gap;
    }
    y += height + loose;
  };
  const rule = (ink: string): void => {
    fillRectangle(raster, left, y, width, trial.rule, ink);
    y += trial.rule;
  };
  if (trial.head !== null) {
    paintBand(trial.head);
    rule(inks.heading);
  }
  for (const [at, band] of bands.entries()) {
    if (at > 0) rule(inks.faint);
    paintBand(band);
  }
}
