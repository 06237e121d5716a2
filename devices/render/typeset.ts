import { type Brush, fontOf, type Voice } from './brush.ts';

/** How high the lines of a text stand and hang, in whole pixels, with the marks that they really have. */
export interface LineMetrics {
  readonly ascent: number;
  readonly descent: number;
  readonly leading: number;
}

/** What every text is given room for, so that "aaa" does not stand differently from "bà". */
const AT_LEAST = 'Xốg';

export function lineMetrics(brush: Brush, voice: Voice, sizePx: number, text: string): LineMetrics {
  brush.font = fontOf(voice, sizePx);
  // The canvas measures one line; the letters' extremes do not depend on their order.
  const extent = brush.measureText(`${AT_LEAST}${[...new Set(text)].join('').replace(/\s/g, '')}`);
  const ascent = Math.ceil(extent.actualBoundingBoxAscent);
  const descent = Math.ceil(extent.actualBoundingBoxDescent);
  return { ascent, descent, leading: ascent + descent + Math.floor(sizePx / 12) };
}

/** Measures each word once. */
export class Ruler {
  readonly #brush: Brush;
  readonly #widths = new Map<string, number>();
  readonly #font: string;

  constructor(brush: Brush, voice: Voice, sizePx: number) {
    this.#brush = brush;
    this.#font = fontOf(voice, sizePx);
  }

  width(text: string): number {
    let width = this.#widths.get(text);
    if (width === undefined) {
      this.#brush.font = this.#font;
      width = this.#brush.measureText(text).width;
      this.#widths.set(text, width);
    }
    return width;
  }
}

/** Breaks a text into lines no wider than `maxWidth`: at its own line ends, between words, and inside a word that is too long. */
export function wrap(text: string, ruler: Ruler, maxWidth: number): string[] {
  const space = ruler.width(' ');
  const lines: string[] = [];
  for (const paragraph of text.split(/\r?\n/)) {
    let line = '';
    let width = 0;
    for (const word of paragraph.split(/\s+/).filter((candidate) => candidate !== '')) {
      for (const piece of pieces(word, ruler, maxWidth)) {
        const pieceWidth = ruler.width(piece);
        if (line !== '' && width + space + pieceWidth > maxWidth) {
          lines.push(line);
          line = '';
        }
        width = line === '' ? pieceWidth : width + space + pieceWidth;
        line = line === '' ? piece : `${line} ${piece}`;
      }
    }
    if (line !== '') lines.push(line);
  }
  return lines;
}

/** A word, or the pieces of it that fit. Text is NFC, so that a code point is a letter with all its marks. */
function pieces(word: string, ruler: Ruler, maxWidth: number): string[] {
  if (ruler.width(word) <= maxWidth) return [word];
  const found: string[] = [];
  let piece = '';
  for (const letter of word) {
    if (piece !== '' && ruler.width(piece + letter) > maxWidth) {
      found.push(piece);
      piece = '';
    }
    piece += letter;
  }
  return piece === '' ? found : [...found, piece];
}
