import type { z } from 'zod';
import type { Voice } from '../face/face.ts';
import type { TableItem } from '../scene/item.ts';
import { heightOf, type Row } from './column.ts';
import { shareOut } from './columns.ts';
import { type Faces, facesFor } from './fit.ts';
import type { Inks } from './ink.ts';
import { Compositor, type Line } from './lines.ts';
import { type Word, wordsOfRuns } from './words-of-runs.ts';

export type Table = z.infer<typeof TableItem>;

/** A row of the table: its cells beside one another, each of some lines. */
export interface Band {
  readonly cells: readonly (readonly Row[])[];
  /** With what keeps tails off the rule below. */
  readonly height: number;
}

/** The table at one height of line. */
export interface Trial {
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

const NUMERIC = /^(?=\D*\d)[\d\s.,:%+−–/-]+(đ|₫|đồng|kg|\/kg)*$/iu;

/** A figure or a telephone's number is one word. */
export const unbroken = (text: string): string => {
  const plain = text.replace(/\s+/g, ' ').trim();
  return NUMERIC.test(plain) ? plain.replaceAll(' ', '\u00a0') : plain;
};

/** The table with lines of a height, in so many pixels of width. */
export function tryTable(item: Table, inks: Inks, asked: number, width: number): Trial {
  const faces = facesFor(asked);
  const { linePx } = faces.body;
  const compositor = new Compositor(faces);
  const gap = Math.max(3, Math.round(linePx * 0.6));
  const pad = Math.max(1, Math.round(linePx / 14));
  const rows = item.rows;
  const isHead = (at: number): boolean => item.head === true && at === 0;
  const wordsAt = (text: string | undefined, at: number): Word[] => {
    const look: { voice: Voice; ink: string } = isHead(at)
      ? { voice: 'heading', ink: inks.quiet }
      : { voice: 'body', ink: inks.body };
    return wordsOfRuns([{ text: unbroken(text ?? ''), ...look }]);
  };
  const columns = Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, column) => column);
  const wishes = columns.map((column) => {
    const cells = rows.map((row, at) => wordsAt(row[column], at));
    return {
      natural: Math.max(1, ...cells.map((words) => compositor.widthOf(words))),
      least: Math.max(1, ...cells.flatMap((words) => compositor.leastWidths(words))),
    };
  });
  const { widths, whole } = shareOut(wishes, width, gap);
  const numeric = columns.map(
    (column) =>
      column > 0 && rows.every((row, at) => isHead(at) || NUMERIC.test((row[column] ?? '').trim() || '0')),
  );
  const broken: string[] = [];
  const bands = rows.map((row, at): Band => {
    const cells = columns.map((column) => {
      const broke = compositor.lines(wordsAt(row[column], at), widths[column] ?? 1);
      broken.push(...broke.broken);
      return rowsOf(broke.lines, faces, numeric[column] === true ? 'end' : 'start');
    });
    return { cells, height: Math.max(linePx, ...cells.map((cell) => heightOf(cell))) + pad };
  });
  const headingFaces = facesFor(Math.round(linePx * 1.15));
  const heading = new Compositor(headingFaces).evenLines(
    wordsOfRuns([{ text: item.heading ?? '', voice: 'heading', ink: inks.heading }]),
    width,
  );
  broken.push(...heading.broken);
  const head = item.head === true ? (bands.shift() ?? null) : null;
  return {
    linePx,
    capitalPx: faces.body.capitalPx,
    heading: rowsOf(heading.lines, headingFaces, 'center'),
    head,
    bands,
    widths,
    gap,
    rule: Math.max(1, Math.round(linePx / 24)),
    broken,
    single: whole,
  };
}

const rowsOf = (lines: readonly Line[], faces: Faces, align: Row['align']): Row[] =>
  lines.map((line, index) => ({
    line,
    faces,
    align,
    indent: 0,
    gap: 0,
    left: lines.length - index,
    first: index === 0,
  }));

/** Under the heading. */
export const gapUnder = ({ heading, linePx }: Trial): number =>
  heading.length === 0 ? 0 : Math.max(1, Math.round(linePx / 6));
const topOf = (trial: Trial): number =>
  heightOf(trial.heading) + gapUnder(trial) + (trial.head === null ? 0 : trial.head.height + trial.rule);
const heightOfBands = (bands: readonly Band[], rule: number): number =>
  bands.reduce((sum, { height }) => sum + height, 0) + Math.max(0, bands.length - 1) * rule;
/** @param bands those on one page. */
export const heightOfTable = (trial: Trial, bands: readonly Band[] = trial.bands): number =>
  topOf(trial) + heightOfBands(bands, trial.rule);

/** As few pages as are needed, evenly filled; each has the heading and the names of the columns. */
export function pagesOfTable(trial: Trial, height: number): (readonly Band[])[] {
  const fill = (limit: number): Band[][] => {
    const pages: Band[][] = [];
    for (const band of trial.bands) {
      const page = pages.at(-1);
      if (page !== undefined && heightOfBands([...page, band], trial.rule) <= limit) page.push(band);
      else pages.push([band]);
    }
    return pages;
  };
  const room = height - topOf(trial);
  const fewest = fill(room);
  let limit = Math.ceil(heightOfBands(trial.bands, trial.rule) / Math.max(1, fewest.length));
  for (; limit < room; limit += Math.max(1, Math.round(trial.linePx / 4))) {
    const pages = fill(limit);
    if (pages.length <= fewest.length) return pages;
  }
  return fewest.length === 0 ? [[]] : fewest;
}
