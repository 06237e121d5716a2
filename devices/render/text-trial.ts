import type { Align } from '../scene/text.ts';
import { heightOf, paginate, type Row } from './column.ts';
import { type Faces, facesFor } from './fit.ts';
import type { Inks } from './ink.ts';
import { Compositor } from './lines.ts';
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
export interface TextTrial {
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
export interface Leaf {
  readonly heading: readonly Row[];
  readonly body: readonly Row[];
}

const lettersOf = (paragraphs: readonly WrittenParagraph[]): number =>
  paragraphs.reduce((sum, { runs }) => sum + textOf(runs).length, 0);

/** The text, if all of it has room and no word is cut. */
export const fitting = (trial: TextTrial, room: number): TextTrial | null =>
  trial.broken.length === 0 && heightOfAll(trial) <= room ? trial : null;

/** @param boardHeight 0 where every pixel counts, and the heading is as small as the text. */
export function tryAt(
  { heading, paragraphs, align, inks, document }: Written,
  asked: number,
  width: number,
  boardHeight: number,
): TextTrial {
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

export const heightOfAll = ({ heading, body, gap }: Leaf & { gap: number }): number =>
  heightOf(heading) + (heading.length > 0 && body.length > 0 ? gap : 0) + heightOf(body);

/** The heading stays on every page while it leaves room for two lines of text; else it has pages of its own. */
export function leavesOf(trial: TextTrial, room: number): Leaf[] {
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
