import { createCanvas, PDFDocument } from '@napi-rs/canvas';
import { fontOf, registerFonts, type Weight } from './fonts.ts';

/** A4 in points, as PDF counts. */
export const PAGE = { width: 595, height: 842 } as const;
const MARGIN = { left: 51, right: 51, top: 54, bottom: 62 } as const;
const INNER = PAGE.width - MARGIN.left - MARGIN.right;
const INK = '#1b2430';
const QUIET = '#5d6b7a';
const LINE = '#d5dbe2';
const SHADE = '#f2f5f8';
const ACCENT = '#0b5cad';

/** What a page of a PDF and a picture both draw with. */
type Context = Pick<
  ReturnType<PDFDocument['beginPage']>,
  'fillStyle' | 'fillRect' | 'font' | 'textBaseline' | 'fillText' | 'measureText'
>;
type Draw = (context: Context) => void;

export interface Column {
  readonly title: string;
  /** Of the width, as a share of all columns' shares. */
  readonly share: number;
}

/**
 * Lays a report out from top to bottom on as many pages as it needs: titles, paragraphs, facts and tables whose head is
 * repeated on each page. Drawing comes afterwards, when the number of pages is known.
 */
export class ReportDocument {
  readonly #title: string;
  readonly #footer: string;
  readonly #pages: Draw[][] = [[]];
  readonly #measure: Context;
  #y: number = MARGIN.top;

  /** @param footer stands at the foot of each page, beside the page's number. */
  constructor(title: string, footer: string) {
    registerFonts();
    this.#title = title;
    this.#footer = footer;
    this.#measure = createCanvas(8, 8).getContext('2d');
  }

  /** The head of the first page. */
  heading(above: string, title: string, below: string): void {
    this.#text(above, { weight: 'strong', size: 9.5, colour: ACCENT });
    this.#y += 4;
    this.#text(title, { weight: 'title', size: 20, colour: INK });
    this.#y += 2;
    this.#text(below, { weight: 'body', size: 10, colour: QUIET });
    this.#y += 6;
    this.#rule();
    this.#y += 8;
  }

  section(title: string): void {
    // A title at the foot of a page belongs to nothing.
    this.#room(70);
    this.#y += 10;
    this.#text(title, { weight: 'strong', size: 12.5, colour: INK });
    this.#y += 4;
  }

  paragraph(text: string, quiet = false): void {
    for (const line of text.split('\n')) {
      this.#text(line, { weight: 'body', size: 10, colour: quiet ? QUIET : INK });
    }
    this.#y += 4;
  }

  /** Large figures side by side, each with a word below. */
  figures(figures: readonly { readonly figure: string; readonly name: string }[]): void {
    const height = 52;
    this.#room(height + 8);
    const width = (INNER - (figures.length - 1) * 8) / figures.length;
    for (const [index, { figure, name }] of figures.entries()) {
      const x = MARGIN.left + index * (width + 8);
      const y = this.#y;
      this.#draw((context) => {
        context.fillStyle = SHADE;
        context.fillRect(x, y, width, height);
        write(context, figure, x + 10, y + 26, { weight: 'title', size: 18, colour: INK });
        write(context, name, x + 10, y + 43, { weight: 'body', size: 8.5, colour: QUIET });
      });
    }
    this.#y += height + 8;
  }

  /** Names on the left, what is known on the right. What is not known is left out by the caller. */
  facts(facts: readonly (readonly [name: string, value: string])[]): void {
    const left = 130;
    for (const [name, value] of facts) {
      const lines = this.#wrapped(value, INNER - left, 'body', 10);
      this.#room(15);
      const first = this.#y;
      this.#draw((context) =>
        write(context, name, MARGIN.left, first + 11, { weight: 'body', size: 10, colour: QUIET }),
      );
      for (const line of lines) {
        this.#room(15);
        const y = this.#y;
        this.#draw((context) =>
          write(context, line, MARGIN.left + left, y + 11, { weight: 'body', size: 10, colour: INK }),
        );
        this.#y += 15;
      }
    }
    this.#y += 2;
  }

  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    const whole = columns.reduce((sum, { share }) => sum + share, 0);
    const widths = columns.map(({ share }) => (share / whole) * INNER);
    const lefts = widths.map((_, index) => MARGIN.left + widths.slice(0, index).reduce((a, b) => a + b, 0));
    const head = (): void => {
      const y = this.#y;
      this.#draw((context) => {
        context.fillStyle = SHADE;
        context.fillRect(MARGIN.left, y, INNER, 20);
        for (const [index, { title }] of columns.entries()) {
          write(context, title, (lefts[index] ?? 0) + 6, y + 13.5, {
            weight: 'strong',
            size: 9,
            colour: INK,
          });
        }
      });
      this.#y += 20;
    };
    this.#room(60);
    head();
    for (const row of rows) {
      const cells = row.map((cell, index) => this.#wrapped(cell, (widths[index] ?? 0) - 12, 'body', 9));
      const height = Math.max(...cells.map((lines) => lines.length)) * 12.5 + 7;
      if (this.#room(height)) head();
      const y = this.#y;
      this.#draw((context) => {
        for (const [index, lines] of cells.entries()) {
          for (const [at, line] of lines.entries()) {
            const x = (lefts[index] ?? 0) + 6;
            write(context, line, x, y + 13 + at * 12.5, { weight: 'body', size: 9, colour: INK });
          }
        }
        context.fillStyle = LINE;
        context.fillRect(MARGIN.left, y + height - 0.5, INNER, 0.5);
      });
      this.#y += height;
    }
    this.#y += 8;
  }

  get pages(): number {
    return this.#pages.length;
  }

  /** The pages as PDF. */
  pdf(): Buffer {
    const document = new PDFDocument({ title: this.#title });
    for (const index of this.#pages.keys()) {
      this.#paint(document.beginPage(PAGE.width, PAGE.height), index);
      document.endPage();
    }
    return document.close();
  }

  /** One page as a picture, to be looked at. @param scale pixels a point. */
  picture(index: number, scale = 2): Buffer {
    const canvas = createCanvas(PAGE.width * scale, PAGE.height * scale);
    const context = canvas.getContext('2d');
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(scale, scale);
    this.#paint(context, index);
    return canvas.toBuffer('image/png');
  }

  #paint(context: Context, index: number): void {
    for (const draw of this.#pages[index] ?? []) draw(context);
    const y = PAGE.height - MARGIN.bottom + 26;
    context.fillStyle = LINE;
    context.fillRect(MARGIN.left, y - 14, INNER, 0.5);
    const style = { weight: 'body', size: 8, colour: QUIET } as const;
    write(context, this.#footer, MARGIN.left, y, style);
    const page = `Trang ${index + 1}/${this.#pages.length}`;
    context.font = fontOf(style.weight, style.size);
    write(context, page, PAGE.width - MARGIN.right - context.measureText(page).width, y, style);
  }

  #text(text: string, style: Style): void {
    const height = style.size * 1.45;
    for (const line of this.#wrapped(text, INNER, style.weight, style.size)) {
      this.#room(height);
      const y = this.#y + style.size * 1.08;
      this.#draw((context) => write(context, line, MARGIN.left, y, style));
      this.#y += height;
    }
  }

  #rule(): void {
    const y = this.#y;
    this.#draw((context) => {
      context.fillStyle = ACCENT;
      context.fillRect(MARGIN.left, y, INNER, 1.2);
    });
    this.#y += 2;
  }

  /** @returns whether a new page was begun for want of room. */
  #room(height: number): boolean {
    if (this.#y + height <= PAGE.height - MARGIN.bottom) return false;
    this.#pages.push([]);
    this.#y = MARGIN.top;
    return true;
  }

  #draw(draw: Draw): void {
    this.#pages.at(-1)?.push(draw);
  }

  /** Lines that fit; a word that is wider than the line is cut. */
  #wrapped(text: string, width: number, weight: Weight, size: number): string[] {
    this.#measure.font = fontOf(weight, size);
    const fits = (line: string): boolean => this.#measure.measureText(line).width <= width;
    const lines: string[] = [];
    for (const written of text.normalize('NFC').split('\n')) {
      let line = '';
      for (const word of written.split(' ')) {
        const longer = line === '' ? word : `${line} ${word}`;
        if (fits(longer)) {
          line = longer;
          continue;
        }
        if (line !== '') lines.push(line);
        line = word;
        while (!fits(line) && line.length > 1) {
          let length = line.length - 1;
          while (length > 1 && !fits(line.slice(0, length))) length -= 1;
          lines.push(line.slice(0, length));
          line = line.slice(length);
        }
      }
      lines.push(line);
    }
    return lines;
  }
}

interface Style {
  readonly weight: Weight;
  readonly size: number;
  readonly colour: string;
}

function write(context: Context, text: string, x: number, y: number, style: Style): void {
  context.font = fontOf(style.weight, style.size);
  context.fillStyle = style.colour;
  context.textBaseline = 'alphabetic';
  context.fillText(text, x, y);
}
