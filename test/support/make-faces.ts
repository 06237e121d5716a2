import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Font, type Glyph, openSync } from 'fontkit';
import { LETTERS } from '#devices/face/letters';

/**
 * Writes `devices/face/outline/{medium,bold}.ts`: the outlines of Be Vietnam Pro as numbers, so that a board, the
 * controller and a browser draw the same letters without a font file or a font rasteriser.
 *
 *     node --conditions=loa-source --import tsx test/support/make-faces.ts
 */
const SUBSETS = ['latin', 'vietnamese', 'latin-ext'] as const;
const resolve = createRequire(import.meta.url).resolve;

export const FACES = [
  { weight: 500, name: 'MEDIUM', file: 'devices/face/outline/medium.ts' },
  { weight: 700, name: 'BOLD', file: 'devices/face/outline/bold.ts' },
] as const;

/** A closed line, in whole units: its first point, then pieces of one end point, or of a control point and an end. */
interface Line {
  readonly x: number;
  readonly y: number;
  readonly pieces: readonly (readonly number[])[];
}
interface Letter {
  readonly advance: number;
  readonly lines: readonly Line[];
}

/** Closer by less than this is not seen at the heights of a board. */
const LEAST_PAIR = 12;

function openFonts(weight: number): Font[] {
  return SUBSETS.map((subset) => {
    const font = openSync(
      resolve(`@fontsource/be-vietnam-pro/files/be-vietnam-pro-${subset}-${weight}-normal.woff2`),
    );
    if (!('glyphForCodePoint' in font))
      throw new Error(`be-vietnam-pro-${subset}-${weight}: not a single font.`);
    return font;
  });
}

function linesOf(glyph: Glyph): Line[] {
  const lines: { x: number; y: number; pieces: number[][] }[] = [];
  for (const { command, args } of glyph.path.commands) {
    const points = args.map((value) => Math.round(value));
    if (command === 'moveTo') lines.push({ x: points[0] ?? 0, y: points[1] ?? 0, pieces: [] });
    else if (command === 'lineTo' || command === 'quadraticCurveTo') lines.at(-1)?.pieces.push(points);
    else if (command !== 'closePath')
      throw new Error(`A glyph has a ${command}: only quadratic outlines are read.`);
  }
  return lines;
}

const polygon = (...points: (readonly [number, number])[]): Line => {
  const [first = [0, 0], ...rest] = points;
  return { x: first[0], y: first[1], pieces: rest.map(([x, y]) => [x, y]) };
};
const moved = (lines: readonly Line[], dx: number, dy = 0): Line[] =>
  lines.map(({ x, y, pieces }) => ({
    x: x + dx,
    y: y + dy,
    pieces: pieces.map((piece) => piece.map((value, at) => value + (at % 2 === 0 ? dx : dy))),
  }));

/** What the design lacks, drawn with the thickness of its strokes. */
function drawnHere(stroke: number, letter: (char: string) => Letter): ReadonlyMap<string, Letter> {
  const half = Math.round(stroke / 2);
  const slant = Math.round(stroke * 0.7);
  const [middle, reach, left, right] = [300, 200, 60, 740];
  const arrow = polygon(
    [left, middle + half],
    [right - 2 * slant, middle + half],
    [right - reach - slant, middle + reach - slant + half],
    [right - reach, middle + reach + half],
    [right + half, middle],
    [right - reach, middle - reach - half],
    [right - reach - slant, middle - reach + slant - half],
    [right - 2 * slant, middle - half],
    [left, middle - half],
  );
  const turned = (line: Line, turn: (x: number, y: number) => [number, number]): Line => {
    const points = [[line.x, line.y], ...line.pieces].map(([x = 0, y = 0]) => turn(x, y));
    return polygon(...points);
  };
  const wide = 860;
  const tall = 600;
  const [n, small] = [letter('N'), letter('º')];
  const tick = polygon(
    [60, 300],
    [60 + slant, 300 + slant],
    [250, 110 + 2 * slant],
    [590, 450 + 2 * slant],
    [590 + slant, 450 + slant],
    [250, 110],
  );
  return new Map<string, Letter>([
    ['→', { advance: wide, lines: [arrow] }],
    ['←', { advance: wide, lines: [turned(arrow, (x, y) => [wide - x, y])] }],
    ['↑', { advance: tall, lines: [turned(arrow, (x, y) => [y, x - 30])] }],
    ['↓', { advance: tall, lines: [turned(arrow, (x, y) => [y, 740 - x])] }],
    ['✓', { advance: 720, lines: [tick] }],
    [
      '№',
      { advance: n.advance + small.advance - 20, lines: [...n.lines, ...moved(small.lines, n.advance - 20)] },
    ],
  ]);
}

function lettersOf(fonts: readonly Font[], weight: number): ReadonlyMap<string, Letter> {
  const found = (char: string): Letter | null => {
    const code = char.codePointAt(0) ?? 0;
    const font = fonts.find((candidate) => candidate.hasGlyphForCodePoint(code));
    if (font === undefined) return null;
    const glyph = font.glyphForCodePoint(code);
    return { advance: Math.round(glyph.advanceWidth), lines: linesOf(glyph) };
  };
  const must = (char: string): Letter => {
    const letter = found(char);
    if (letter === null) throw new Error(`Be Vietnam Pro ${weight} has no ${char}.`);
    return letter;
  };
  const here = drawnHere(weight === 700 ? 130 : 88, must);
  return new Map(LETTERS.map((char) => [char, here.get(char) ?? must(char)]));
}

/** Pairs of letters without marks that stand closer or wider than their widths say. */
function pairsOf(latin: Font): (readonly [string, string, number])[] {
  const chars = LETTERS.filter((char) => /^[A-Za-z0-9.,:;!?'"()\-/–—“”‘’&]$/.test(char));
  return chars.flatMap((left) =>
    chars.flatMap((right) => {
      const { positions, glyphs } = latin.layout(left + right, { liga: false });
      const closer = Math.round((positions[0]?.xAdvance ?? 0) - (glyphs[0]?.advanceWidth ?? 0));
      return Math.abs(closer) < LEAST_PAIR ? [] : [[left, right, closer] as const];
    }),
  );
}

class Numbers {
  readonly #bytes: number[] = [];
  put(...values: number[]): void {
    for (const value of values) {
      let rest = value < 0 ? -value * 2 - 1 : value * 2;
      for (; rest > 127; rest >>= 7) this.#bytes.push((rest & 127) | 128);
      this.#bytes.push(rest);
    }
  }
  lines(): string[] {
    return (
      Buffer.from(this.#bytes)
        .toString('base64')
        .match(/.{1,100}/g) ?? []
    );
  }
}

/** The text of a data file: what stands in the repository must be this. */
export function faceFile({ weight, name }: (typeof FACES)[number]): string {
  const fonts = openFonts(weight);
  const letters = lettersOf(fonts, weight);
  const contours = new Map<string, { at: number; numbers: number[] }>();
  const contourOf = (line: Line): number => {
    const numbers = [line.pieces.length];
    let [x, y] = [line.x, line.y];
    for (const piece of line.pieces) {
      numbers.push(piece.length === 4 ? 1 : 0);
      for (let at = 0; at < piece.length; at += 2) {
        numbers.push((piece[at] ?? 0) - x, (piece[at + 1] ?? 0) - y);
        [x, y] = [piece[at] ?? 0, piece[at + 1] ?? 0];
      }
    }
    const key = numbers.join();
    const known = contours.get(key) ?? { at: contours.size, numbers };
    contours.set(key, known);
    return known.at;
  };
  const placed = [...letters].map(([, { advance, lines }]) => [
    advance,
    lines.length,
    ...lines.flatMap((line) => [contourOf(line), line.x, line.y]),
  ]);
  const order = [...letters.keys()];
  const pairs = pairsOf(fonts[0] ?? openFonts(weight)[0]!);
  const numbers = new Numbers();
  numbers.put(contours.size);
  for (const contour of contours.values()) numbers.put(...contour.numbers);
  for (const letter of placed) numbers.put(...letter);
  numbers.put(pairs.length);
  for (const [left, right, closer] of pairs) numbers.put(order.indexOf(left), order.indexOf(right), closer);
  return [
    "import type { StoredOutlines } from './outlines.ts';",
    '',
    `/** Be Vietnam Pro ${weight}; SIL Open Font License, see ../OFL.txt. Written by test/support/make-faces.ts. */`,
    `export const ${name}: StoredOutlines = {`,
    `  letters: ${JSON.stringify(order.join(''))},`,
    '  numbers: [',
    ...numbers.lines().map((line) => `    '${line}',`),
    '  ],',
    '};',
    '',
  ].join('\n');
}

if (import.meta.url === `file://${process.argv[1] ?? ''}`)
  for (const face of FACES) writeFileSync(new URL(`../../${face.file}`, import.meta.url), faceFile(face));
