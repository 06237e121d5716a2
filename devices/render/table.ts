import type { z } from 'zod';
import type { Voice } from '../face/face.ts';
import type { TableItem } from '../scene/item.ts';
import { type Act, type Place, STILL } from './act.ts';
import { marginOf } from './box.ts';
import { heightOf, paintRows, type Row } from './column.ts';
import { shareOut } from './columns.ts';
import { facesFor, largest, largestLine, smallestLine } from './fit.ts';
import { type Inks, inksOn } from './ink.ts';
import { Compositor } from './lines.ts';
import { marksRoom, paintMarks } from './position-marks.ts';
import { fillRectangle, type Raster } from './raster.ts';
import { wordsOfRuns } from './words-of-runs.ts';

/** A row of the table: its cells beside one another, each of some lines. */
interface Band {
  readonly cells: readonly (readonly Row[])[];
  readonly height: number;
}

/** The table at one height of line. */
interface Trial {
  readonly linePx: number;
  readonly capitalPx: number;
  readonly heading: readonly Row[];
  readonly head: Band | null;
  readonly bands: readonly Band[];
  readonly widths: readonly number[];
  readonly gap: number;
  readonly rule: number;
  readonly broken: readonly string[];
  /** Whether every cell is one line. */
  readonly single: boolean;
}

type Table = z.infer<typeof TableItem>;
const NUMERIC = /^[\d\s.,:%+−–/-]*\d[\d\s.,:%+−–/-]*(đ|₫|đồng|kg|%|\/kg)*$/iu;
/** A table whose cells are one line each is worth letters that are a little smaller. */
const WORTH = 0.7;

/** Rows of a price list or a duty roster. */
export function setTable(item: Table, place: Place): Act {
  const { size, board, ground } = place;
  const inks = inksOn(ground, item.colour);
  const margin = marginOf(size);
  const room = { width: size.width - 2 * margin.across, height: size.height - 2 * margin.down };
  const attempt = (linePx: number): Trial | null => {
    const trial = tryAt(item, inks, linePx, room.width);
    return trial.broken.length === 0 && heightOfAll(trial) <= room.height ? trial : null;
  };
  const smallest = Math.max(8, Math.min(smallestLine(board), room.height));
  const free = item.linePx === undefined;
  const any =
    item.linePx === undefined ? largest(smallest, largestLine(size), attempt) : attempt(item.linePx);
  const single = free
    ? largest(Math.max(smallest, Math.round((any?.linePx ?? 0) * WORTH)), largestLine(size), (linePx) => {
        const trial = attempt(linePx);
        return trial?.single === true ? trial : null;
      })
    : null;
  const trial = single ?? any ?? tryAt(item, inks, item.linePx ?? smallest, room.width);
  const pages = (single ?? any) === null ? pagesOf(trial, room.height - marksRoom(size, 2)) : [trial.bands];
  return actOf(trial, pages, inks, place);
}

function tryAt(item: Table, inks: Inks, asked: number, width: number): Trial {
  const faces = facesFor(asked);
  const { linePx } = faces.body;
  const compositor = new Compositor(faces);
  const gap = Math.max(3, Math.round(linePx * 0.6));
  const rows = item.rows;
  const count = Math.max(...rows.map((row) => row.length));
  const voiceOf = (at: number): Voice => (item.head === true && at === 0 ? 'heading' : 'body');
  const wordsAt = (text: string, at: number) =>
    wordsOfRuns([
      {
        text: text.replace(/\s+/g, ' '),
        voice: voiceOf(at),
        ink: voiceOf(at) === 'heading' ? inks.quiet : inks.body,
      },
    ]);
  const naturalOf = (text: string, at: number): number =>
    compositor.lines(wordsAt(text, at), Number.MAX_SAFE_INTEGER).lines[0]?.width ?? 0;
  const columns = Array.from({ length: count }, (_, column) => column);
  const wishes = columns.map((column) => ({
    natural: Math.max(1, ...rows.map((row, at) => naturalOf(row[column] ?? '', at))),
    least: Math.max(
      1,
      ...rows.flatMap((row, at) => (row[column] ?? '').split(/\s+/).map((word) => naturalOf(word, at))),
    ),
  }));
  const { widths, whole } = shareOut(wishes, width, gap);
  const numeric = columns.map((column) =>
    rows.every((row, at) => (item.head === true && at === 0) || NUMERIC.test((row[column] ?? '').trim())),
  );
  const broken: string[] = [];
  const bandOf = (row: readonly string[], at: number): Band => {
    const cells = columns.map((column) => {
      const broke = compositor.lines(wordsAt(row[column] ?? '', at), widths[column] ?? 1);
      broken.push(...broke.broken);
      return broke.lines.map(
        (line, index): Row => ({
          line,
          faces,
          align: numeric[column] === true && column > 0 ? 'end' : 'start',
          indent: 0,
          gap: 0,
          left: broke.lines.length - index,
          first: index === 0,
        }),
      );
    });
    return { cells, height: Math.max(linePx, ...cells.map((cell) => heightOf(cell))) };
  };
  const headingWords = wordsOfRuns([
    { text: (item.heading ?? '').replace(/\s+/g, ' '), voice: 'heading', ink: inks.heading },
  ]);
  const headingFaces = facesFor(Math.round(linePx * 1.15));
  const heading = new Compositor(headingFaces).evenLines(headingWords, width);
  broken.push(...heading.broken);
  const bands = rows.map(bandOf);
  return {
    linePx,
    capitalPx: faces.body.capitalPx,
    heading: heading.lines.map((line, index) => ({
      line,
      faces: headingFaces,
      align: 'center',
      indent: 0,
      gap: 0,
      left: heading.lines.length - index,
      first: index === 0,
    })),
    head: item.head === true ? (bands[0] ?? null) : null,
    bands: item.head === true ? bands.slice(1) : bands,
    widths,
    gap,
    rule: Math.max(1, Math.round(linePx / 24)),
    broken,
    single: whole,
  };
}

const topOf = ({ heading, head, rule, linePx }: Trial): number =>
  heightOf(heading) +
  (heading.length > 0 ? Math.round(linePx / 4) : 0) +
  (head === null ? 0 : head.height + rule);
const heightOfBands = (bands: readonly Band[], rule: number): number =>
  bands.reduce((sum, { height }) => sum + height, 0) + Math.max(0, bands.length - 1) * rule;
const heightOfAll = (trial: Trial): number => topOf(trial) + heightOfBands(trial.bands, trial.rule);

/** As few pages as are needed, evenly filled; each has the heading and the names of the columns. */
function pagesOf(trial: Trial, height: number): (readonly Band[])[] {
  const room = Math.max(height - topOf(trial), 1);
  const fill = (limit: number): Band[][] => {
    const pages: Band[][] = [];
    for (const band of trial.bands) {
      const page = pages.at(-1);
      if (page !== undefined && heightOfBands([...page, band], trial.rule) <= limit) page.push(band);
      else pages.push([band]);
    }
    return pages;
  };
  const fewest = fill(room);
  const lowest = Math.ceil(heightOfBands(trial.bands, trial.rule) / Math.max(1, fewest.length));
  for (let limit = lowest; limit < room; limit += Math.max(1, Math.round(trial.linePx / 4))) {
    const pages = fill(limit);
    if (pages.length <= fewest.length) return pages;
  }
  return fewest.length === 0 ? [[]] : fewest;
}

function actOf(trial: Trial, pages: readonly (readonly Band[])[], inks: Inks, { size }: Place): Act {
  const margin = marginOf(size);
  const tallest = topOf(trial) + Math.max(0, ...pages.map((bands) => heightOfBands(bands, trial.rule)));
  const room = size.height - marksRoom(size, pages.length);
  const words = pages.map((bands) =>
    [
      ...trial.heading.map(({ line }) => line.pieces.map(({ text }) => text).join('')),
      ...bands.map(({ cells }) =>
        cells
          .map((rows) => rows.map(({ line }) => line.pieces.map(({ text }) => text).join('')).join(' '))
          .join(', '),
      ),
    ].join('\n'),
  );
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
    words: (page) => words[page] ?? '',
    at: () => STILL,
    paint: (raster, page) => {
      const top = Math.max(0, Math.floor((room - tallest) / 2));
      paintTable(raster, trial, pages[page] ?? [], margin.across, top, inks);
      paintMarks(raster, page, pages.length, inks);
    },
  };
}

function paintTable(
  raster: Raster,
  trial: Trial,
  bands: readonly Band[],
  left: number,
  top: number,
  inks: Inks,
): void {
  const width = raster.width - 2 * left;
  paintRows(raster, trial.heading, left, top, width);
  let y = top + heightOf(trial.heading) + (trial.heading.length > 0 ? Math.round(trial.linePx / 4) : 0);
  const paintBand = ({ cells, height }: Band): void => {
    let x = left;
    for (const [column, rows] of cells.entries()) {
      const across = trial.widths[column] ?? 0;
      paintRows(raster, rows, x, y, across);
      x += across + trial.gap;
    }
    y += height;
  };
  if (trial.head !== null) {
    paintBand(trial.head);
    fillRectangle(raster, left, y, width, trial.rule, inks.heading);
    y += trial.rule;
  }
  for (const [at, band] of bands.entries()) {
    if (at > 0) {
      fillRectangle(raster, left, y, width, trial.rule, inks.faint);
      y += trial.rule;
    }
    paintBand(band);
  }
}
