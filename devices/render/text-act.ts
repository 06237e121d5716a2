import { type Act, type Place, STILL } from './act.ts';
import { marginOf } from './box.ts';
import { heightOf, paintRows, type Row } from './column.ts';
import { largest, largestLine, smallestLine, uncut } from './fit.ts';
import type { Inks } from './ink.ts';
import { marksRoom, paintMarks } from './position-marks.ts';
import { fillRectangle, type Raster } from './raster.ts';
import {
  fitting,
  heightOfAll,
  type Leaf,
  leavesOf,
  type TextTrial,
  tryAt,
  type Written,
} from './text-trial.ts';
import { textOf } from './words-of-runs.ts';

/**
 * The largest size at which all of it fits; where that would be too small to read, pages at the smallest that is
 * legible.
 */
export function setText(written: Written, place: Place): Act {
  const { size, board } = place;
  const margin = marginOf(size);
  const room = { width: size.width - 2 * margin.across, height: size.height - 2 * margin.down };
  const fits = (linePx: number): TextTrial | null =>
    fitting(tryAt(written, linePx, room.width, board.height), room.height);
  const smallest = Math.max(8, Math.min(smallestLine(board), room.height));
  const whole =
    written.linePx === undefined ? largest(smallest, largestLine(size), fits) : fits(written.linePx);
  const least = written.linePx ?? uncut(smallest, (linePx) => tryAt(written, linePx, room.width, 0));
  const tight = whole ?? fitting(tryAt(written, least, room.width, 0), room.height);
  const trial = tight ?? tryAt(written, least, room.width, board.height);
  const leaves =
    tight === null
      ? leavesOf(trial, room.height - marksRoom(size, 2))
      : [{ heading: trial.heading, body: trial.body }];
  return actOf(written, trial, leaves, place);
}

function actOf({ inks }: Written, trial: TextTrial, leaves: readonly Leaf[], { size }: Place): Act {
  const margin = marginOf(size);
  const width = size.width - 2 * margin.across;
  // Pages of one text begin at the same height.
  const fullest = Math.max(0, ...leaves.map((leaf) => heightOfAll({ ...leaf, gap: trial.gap })));
  const marks = marksRoom(size, leaves.length);
  const written = trial.heading.length + trial.body.length > 0;
  return {
    pages: Math.max(1, leaves.length),
    moving: false,
    lastsMs: 0,
    setting: {
      linePx: written ? [trial.linePx, ...(trial.heading.length > 0 ? [trial.headingPx] : [])] : [],
      capitalPx: written ? trial.capitalPx : null,
      broken: trial.broken,
      clipped: written && (fullest > size.height || trial.linePx > size.height),
    },
    words: (page) => wordsOfRows([...(leaves[page]?.heading ?? []), ...(leaves[page]?.body ?? [])]),
    at: () => STILL,
    paint: (raster, page) => {
      const leaf = leaves[page];
      if (leaf === undefined) return;
      paintLeaf(raster, leaf, trial, { x: margin.across, width, fullest, marks }, inks);
      paintMarks(raster, page, leaves.length, inks);
    },
  };
}

function paintLeaf(
  raster: Raster,
  { heading, body }: Leaf,
  { gap, linePx }: TextTrial,
  { x, width, fullest, marks }: { x: number; width: number; fullest: number; marks: number },
  inks: Inks,
): void {
  const first = (heading[0] ?? body[0])?.faces.body;
  if (first === undefined) return;
  const last = (body.at(-1) ?? heading.at(-1))?.faces.body ?? first;
  // A heading that has a page of its own stands in the middle of it.
  const height = body.length === 0 ? heightOf(heading) : fullest;
  const top = opticalTop(raster.height - marks, height, first.ascent - first.capitalPx, last.descent);
  paintRows(raster, heading, x, top, width);
  const under = top + heightOf(heading) + (heading.length === 0 ? 0 : gap);
  paintRows(raster, body, x, under, width);
  const thick = Math.max(1, Math.round(linePx / 24));
  if (heading.length > 0 && body.length > 0 && gap >= 6) {
    fillRectangle(raster, x, under - Math.ceil((gap + thick) / 2), width, thick, inks.heading);
  }
}

/**
 * Where a block begins so that what the eye sees of it stands in the middle: from the first line's capitals to the last
 * line's feet. Marks and tails hang over, and are never cut off.
 */
export function opticalTop(room: number, height: number, above: number, below: number): number {
  const seen = height - above - below;
  return Math.max(0, Math.min(room - height, Math.round((room - seen) / 2) - above));
}

const wordsOfRows = (rows: readonly Row[]): string => rows.map(({ line }) => textOf(line.pieces)).join(' ');
