import type { Align } from '../scene/text.ts';
import { type Act, type Place, STILL } from './act.ts';
import { marginOf } from './box.ts';
import { heightOf, paginate, paintRows, type Row } from './column.ts';
import { type Faces, facesFor, largest, largestLine, smallestLine, uncut } from './fit.ts';
import type { Inks } from './ink.ts';
import { Compositor } from './lines.ts';
import { marksRoom, paintMarks } from './position-marks.ts';
import { fillRectangle, type Raster } from './raster.ts';
import { type Piece, textOf, wordsOfRuns } from './words-of-runs.ts';

export interface WrittenParagraph {
  readonly runs: readonly Piece[];
  readonly align?: Align;
  readonly bullet?: true;
  /** Belongs to the paragraph before it, even in a document. */
  readonly close?: true;
}

/** What is written in a zone, before it has a size. */
export interface Written {
  readonly heading: readonly WrittenParagraph[];
  readonly paragraphs: readonly WrittenParagraph[];
  readonly linePx: number | undefined;
  readonly align: Align | undefined;
  readonly inks: Inks;
  /** Paragraphs stand apart, and begin at the left however short they are. */
  readonly document?: true;
}

/** The text at one height of line. */
interface Trial {
  readonly heading: readonly Row[];
  readonly body: readonly Row[];
  readonly gap: number;
  readonly linePx: number;
  readonly capitalPx: number;
  readonly headingPx: number;
  readonly broken: readonly string[];
}

/** Letters of a poster, at most. */
const POSTER = 64;

/** One page: its heading, if it has one, and its lines. */
interface Leaf {
  readonly heading: readonly Row[];
  readonly body: readonly Row[];
}

/**
 * The largest size at which all of it fits; where that would be too small to read, pages at the smallest that is
 * legible.
 */
export function setText(written: Written, place: Place): Act {
  const { size, board } = place;
  const margin = marginOf(size);
  const room = { width: size.width - 2 * margin.across, height: size.height - 2 * margin.down };
  const fits = (linePx: number): Trial | null =>
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

const lettersOf = (paragraphs: readonly WrittenParagraph[]): number =>
  paragraphs.reduce((sum, { runs }) => sum + textOf(runs).length, 0);

const fitting = (trial: Trial, room: number): Trial | null =>
  trial.broken.length === 0 && heightOfAll(trial) <= room ? trial : null;

function tryAt(
  { heading, paragraphs, align, inks, document }: Written,
  asked: number,
  width: number,
  boardHeight: number,
): Trial {
  const faces = facesFor(asked);
  const { linePx } = faces.body;
  // A heading is a little larger, unless the board is so small that every pixel counts.
  const headingFaces = boardHeight < 64 ? faces : facesFor(Math.round(linePx * 1.2));
  const broken: string[] = [];
  const gapBetween = document === true ? Math.round(linePx / 3) : 0;
  const rowsOf = (
    paragraph: WrittenParagraph,
    at: number,
    own: Faces,
    standing: Align,
    even: boolean,
    gap: number,
  ): Row[] => {
    const words = wordsOfRuns(paragraph.runs);
    const bullet = paragraph.bullet === true;
    const indent = bullet ? own.body.widthOf('• ') : 0;
    const compositor = new Compositor(own);
    const broke = even
      ? compositor.evenLines(words, width - indent)
      : compositor.lines(words, width - indent);
    broken.push(...broke.broken);
    return broke.lines.map((line, index) => ({
      line,
      faces: own,
      align: standing,
      indent,
      ...(bullet && index === 0 ? { bullet: inks.heading } : {}),
      gap: index === 0 && at > 0 ? gap : 0,
      left: broke.lines.length - index,
      first: index === 0 && paragraph.close !== true,
    }));
  };
  const rowsAs = (standing: Align): Row[] =>
    paragraphs.flatMap((paragraph, at) => {
      const own = paragraph.align ?? standing;
      return rowsOf(paragraph, at, faces, own, own !== 'start', paragraph.close === true ? 0 : gapBetween);
    });
  let body = rowsAs(align ?? 'start');
  // A few words are a poster, and stand in the middle; more are a text, and begin at the left.
  if (align === undefined && document !== true && (body.length <= 2 || lettersOf(paragraphs) <= POSTER)) {
    body = rowsAs('center');
  }
  return {
    heading: heading.flatMap((paragraph, at) =>
      rowsOf(paragraph, at, headingFaces, align ?? 'center', true, 0),
    ),
    body,
    gap: Math.max(1, Math.round(linePx / (headingFaces === faces ? 6 : 3))),
    linePx,
    capitalPx: faces.body.capitalPx,
    headingPx: headingFaces.body.linePx,
    broken,
  };
}

const heightOfAll = ({ heading, body, gap }: Leaf & { gap: number }): number =>
  heightOf(heading) + (heading.length > 0 && body.length > 0 ? gap : 0) + heightOf(body);

/** The heading stays on every page while it leaves room for two lines of text; else it has pages of its own. */
function leavesOf(trial: Trial, room: number): Leaf[] {
  const { heading, body, gap, linePx } = trial;
  if (heading.length === 0) return paginate(body, room).map((rows) => ({ heading: [], body: rows }));
  const beside = room - heightOf(heading) - gap;
  if (body.length > 0 && beside >= 2 * linePx)
    return paginate(body, beside).map((rows) => ({ heading, body: rows }));
  return [
    ...paginate(heading, room).map((rows) => ({ heading: rows, body: [] })),
    ...paginate(body, room).map((rows) => ({ heading: [], body: rows })),
  ];
}

function actOf({ inks }: Written, trial: Trial, leaves: readonly Leaf[], { size }: Place): Act {
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
  { gap, linePx }: Trial,
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
