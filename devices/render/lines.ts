import type { Face } from '../face/face.ts';
import { lettersOf } from '../face/letters.ts';
import type { Faces } from './fit.ts';
import { type Piece, textOf, type Word } from './words-of-runs.ts';

/** A line of text, each stretch of one look at its place from the line's left end, in whole pixels. */
export interface Line {
  readonly pieces: readonly (Piece & { readonly x: number })[];
  readonly width: number;
}

export interface Lines {
  readonly lines: readonly Line[];
  /** Words that are wider than a line and had to be cut. */
  readonly broken: readonly string[];
}

/** A word as wide as it is with these faces. */
interface Measured {
  readonly pieces: readonly Piece[];
  readonly width: number;
  readonly bound: boolean;
}

/** Measures words of one height of line, each once, and breaks them into lines. */
export class Compositor {
  readonly #faces: Faces;
  readonly #widths = new Map<string, number>();
  readonly #blanks = new Map<string, number>();

  constructor(faces: Faces) {
    this.#faces = faces;
  }

  width(text: string, face: Face): number {
    const key = face === this.#faces.heading ? `\u0001${text}` : text;
    let width = this.#widths.get(key);
    if (width === undefined) {
      width = face.widthOf(text);
      this.#widths.set(key, width);
    }
    return width;
  }

  /** Lines no wider than `maxWidth`: broken between words, and inside a word that is too long. */
  lines(words: readonly Word[], maxWidth: number): Lines {
    const broken: string[] = [];
    const measured = words.flatMap((word) => {
      const width = this.#widthOf(word.pieces);
      if (width <= maxWidth) return [{ ...word, width }];
      broken.push(textOf(word.pieces));
      return this.#cut(word.pieces, maxWidth);
    });
    return { lines: this.#fill(measured, maxWidth), broken };
  }

  /** As many lines, as even as they can be: for headings, and for whatever stands in the middle. */
  evenLines(words: readonly Word[], maxWidth: number): Lines {
    const widest = this.lines(words, maxWidth);
    const count = widest.lines.length;
    if (count < 2 || widest.broken.length > 0) return widest;
    let best = widest;
    let low = Math.max(1, ...words.map(({ pieces }) => this.#widthOf(pieces)));
    let high = maxWidth;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const tried = this.lines(words, middle);
      if (tried.lines.length <= count) {
        best = tried;
        high = middle;
      } else low = middle + 1;
    }
    return best;
  }

  /** On one line. */
  widthOf(words: readonly Word[]): number {
    return this.#widthOfLine(words.map((word) => ({ ...word, width: this.#widthOf(word.pieces) })));
  }

  /** Of what is not broken by choice: words, and numbers with what they count. */
  leastWidths(words: readonly Word[]): number[] {
    const measured = words.map((word) => ({ ...word, width: this.#widthOf(word.pieces) }));
    return this.#groups(measured, Number.MAX_SAFE_INTEGER).map((group) => this.#widthOfLine(group));
  }

  #widthOf(pieces: readonly Piece[]): number {
    return pieces.reduce((sum, { text, voice }) => sum + this.width(text, this.#faces[voice]), 0);
  }

  /** The blank between two words, letters drawn together as the face does. */
  #blank(before: Piece | undefined, after: Piece | undefined): number {
    if (before === undefined || after === undefined) return 0;
    const joined = before.voice === after.voice;
    const last = lettersOf(before.text.slice(-2)).at(-1) ?? ' ';
    const first = joined ? (lettersOf(after.text.slice(0, 2))[0] ?? ' ') : '';
    const key = `${before.voice}${last} ${first}`;
    let blank = this.#blanks.get(key);
    if (blank === undefined) {
      const face = this.#faces[before.voice];
      blank = face.advance(last, ' ') - face.advance(last) + face.advance(' ', joined ? first : undefined);
      this.#blanks.set(key, blank);
    }
    return blank;
  }

  #fill(words: readonly Measured[], maxWidth: number): Line[] {
    const lines: Line[] = [];
    let line: Measured[] = [];
    let width = 0;
    for (const group of this.#groups(words, maxWidth)) {
      const own = this.#widthOfLine(group);
      const longer = width + this.#blank(line.at(-1)?.pieces.at(-1), group[0]?.pieces[0]) + own;
      if (line.length > 0 && longer > maxWidth) {
        lines.push(this.#line(line));
        line = [...group];
        width = own;
      } else {
        line.push(...group);
        width = longer;
      }
    }
    if (line.length > 0) lines.push(this.#line(line));
    return lines;
  }

  /** A number goes with what it counts, where both fit on a line. */
  #groups(words: readonly Measured[], maxWidth: number): Measured[][] {
    const groups: Measured[][] = [];
    for (const word of words) {
      const last = groups.at(-1);
      if (word.bound && last !== undefined && this.#widthOfLine([...last, word]) <= maxWidth) last.push(word);
      else groups.push([word]);
    }
    return groups;
  }

  #widthOfLine(words: readonly Measured[]): number {
    return words.reduce(
      (sum, { pieces, width }, at) => sum + this.#blank(words[at - 1]?.pieces.at(-1), pieces[0]) + width,
      0,
    );
  }

  #line(words: readonly Measured[]): Line {
    const pieces: (Piece & { x: number })[] = [];
    let x = 0;
    for (const [at, word] of words.entries()) {
      const blank = at === 0 ? 0 : this.#blank(words[at - 1]?.pieces.at(-1), word.pieces[0]);
      for (const [index, piece] of word.pieces.entries()) {
        const last = pieces.at(-1);
        const spaced = index === 0 && at > 0;
        if (spaced) x += blank;
        if (
          last !== undefined &&
          last.voice === piece.voice &&
          last.ink === piece.ink &&
          (spaced || index > 0)
        ) {
          pieces[pieces.length - 1] = { ...last, text: `${last.text}${spaced ? ' ' : ''}${piece.text}` };
        } else pieces.push({ ...piece, x });
        x += this.width(piece.text, this.#faces[piece.voice]);
      }
    }
    return { pieces, width: x };
  }

  /**
   * The parts of a word that fit: a number that was kept on one line is parted at its blanks before it is cut. Text is
   * NFC, so that a code point is a letter with all its marks.
   */
  #cut(pieces: readonly Piece[], maxWidth: number): Measured[] {
    const parts: Measured[] = [];
    for (const { text, ...look } of pieces) {
      const face = this.#faces[look.voice];
      const add = (part: string): void => {
        if (part !== '')
          parts.push({ pieces: [{ text: part, ...look }], width: face.widthOf(part), bound: false });
      };
      for (const stretch of text.split('\u00a0')) {
        let part = '';
        for (const letter of stretch) {
          if (part !== '' && face.widthOf(part + letter) > maxWidth) {
            add(part);
            part = '';
          }
          part += letter;
        }
        add(part);
      }
    }
    return parts;
  }
}
