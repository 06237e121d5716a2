import type { Piece } from './piece.ts';

/** Letters as a PDF places them, in points from the lower left corner of the page. */
export interface Placed extends Piece {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Of the letters. */
  readonly size: number;
}

/** What stands on one baseline, from left to right. */
export interface Line {
  readonly pieces: readonly Piece[];
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
}

/** Further apart than so many sizes of letters, two pieces on one baseline are two columns. */
const COLUMN_GAP = 3;
const SPACE_GAP = 0.18;

/** Puts letters together into lines, in the order in which the page draws them: that is the order of reading. */
export function linesOf(placed: readonly Placed[]): Line[] {
  const lines: Placed[][] = [];
  for (const piece of placed) {
    const line = lines.at(-1);
    const last = line?.at(-1);
    const follows =
      last !== undefined &&
      Math.abs(last.y - piece.y) < Math.max(last.size, piece.size) * 0.45 &&
      piece.x >= last.x - last.size * 0.5 &&
      piece.x - (last.x + last.width) < Math.max(last.size, piece.size) * COLUMN_GAP;
    if (follows) line?.push(piece);
    else if (piece.text.trim() !== '') lines.push([piece]);
  }
  return lines.map(lineOf).filter(({ text }) => text.trim() !== '');
}

function lineOf(placed: readonly Placed[]): Line {
  const pieces: Piece[] = [];
  let end: number | null = null;
  for (const { text, bold, x, width, size } of placed) {
    const before = pieces.at(-1);
    const apart = end !== null && x - end > size * SPACE_GAP;
    const space = apart && before !== undefined && !/\s$/.test(before.text) && !/^\s/.test(text) ? ' ' : '';
    pieces.push({ text: space + text, bold });
    end = x + width;
  }
  const words = placed.filter(({ text }) => text.trim() !== '');
  const letters = words.reduce((sum, { text }) => sum + text.length, 0);
  const boldLetters = words.reduce((sum, { text, bold }) => sum + (bold ? text.length : 0), 0);
  return {
    pieces,
    text: pieces.map(({ text }) => text).join(''),
    left: Math.min(...words.map(({ x }) => x)),
    right: Math.max(...words.map(({ x, width }) => x + width)),
    y: words[0]?.y ?? 0,
    size: Math.max(...words.map(({ size }) => size)),
    bold: boldLetters > letters / 2,
  };
}
