import { inkAt, joined, type Rows, type Shape, type StoredBitmaps, widthOf } from './bitmaps.ts';
import type { Drawings, Mark } from './marks.ts';

const MARKS: Readonly<Record<string, Mark>> = {
  '\u0300': 'grave',
  '\u0301': 'acute',
  '\u0302': 'circumflex',
  '\u0303': 'tilde',
  '\u0306': 'breve',
  '\u0308': 'diaeresis',
  '\u0309': 'hook',
  '\u030a': 'ring',
  '\u0323': 'dot',
};
const HORN = '\u031b';

interface Spelt {
  readonly base: string;
  /** Over the letter, the lowest first. */
  readonly over: readonly Mark[];
  readonly under: boolean;
}

/** `ậ` is an a with a circumflex over and a dot under it; the horn of ơ and ư belongs to the letter. */
function spell(letter: string): Spelt {
  const [first = '', ...rest] = letter.normalize('NFD');
  const horned = rest.includes(HORN);
  const marks = rest.flatMap((mark) => MARKS[mark] ?? []);
  const over = marks.filter((mark) => mark !== 'dot');
  const base = horned ? `${first}${HORN}`.normalize('NFC') : first;
  return { base: base === 'i' && over.length > 0 ? 'ı' : base, over, under: marks.includes('dot') };
}

/**
 * A letter with its marks, each apart from the letter and from the next by a dark row. Where two marks would leave
 * the cell, a capital is drawn a pixel lower.
 * @returns null if the face has no drawing for it.
 */
export function compose(
  letter: string,
  stored: StoredBitmaps,
  shapes: ReadonlyMap<string, Shape>,
  drawings: Drawings,
): Shape | null {
  const whole = shapes.get(letter);
  if (whole !== undefined) return whole;
  const { base, over, under } = spell(letter);
  const shape = shapes.get(base);
  // Marks stand in the middle of the letter without its horn.
  const body = shapes.get(base.normalize('NFD')[0] ?? '') ?? shape;
  if (shape === undefined || body === undefined || letter.normalize('NFD').length === 1) return null;
  const marked = over.length === 0 ? shape : withMarks(shape, body, over, stored, drawings);
  const dotted = under ? withDot(marked, body, stored, drawings) : marked;
  return dotted === null ? null : roomy(dotted);
}

/** A tone of fewer rows is taken for another from afar: a capital is rather drawn a pixel lower. */
const CLEAR = 3;

function withMarks(
  shape: Shape,
  body: Shape,
  over: readonly Mark[],
  { ascent, xHeight }: StoredBitmaps,
  drawings: Drawings,
): Shape | null {
  const isCapital = body.top > xHeight;
  const feet = isCapital ? body.top : xHeight;
  const stackFrom = (top: number, least: number): Shape[] | null =>
    stacked(over, body, ascent - top, least, drawings)?.map((mark) => ({ ...mark, top: top + mark.top })) ??
    null;
  for (const least of [CLEAR, 1])
    for (const lowered of isCapital && over.length > 1 ? [0, 1] : [0]) {
      const stack = stackFrom(feet - lowered, least);
      if (stack !== null) return stack.reduce(joined, lowered === 0 ? shape : lower(shape));
    }
  return null;
}

/** The highest drawings that stand over one another in `room` rows, with a dark row under each; first the uppermost is chosen. */
function stacked(
  over: readonly Mark[],
  body: Shape,
  room: number,
  least: number,
  drawings: Drawings,
): Shape[] | null {
  const mark = over.at(-1);
  if (mark === undefined) return [];
  for (const rows of inOrder(drawings[mark], body)) {
    const left = room - rows.length - 1;
    if (left < 0 || (mark !== 'tilde' && over.length > 1 && rows.length < least)) continue;
    const under = stacked(over.slice(0, -1), body, left, 1, drawings);
    if (under === null) continue;
    const top = (under.at(-1)?.top ?? 0) + 1 + rows.length;
    return [...under, { left: leftOf(mark, rows, body), top, advance: 0, rows }];
  }
  return null;
}

/** Those that are not wider than the letter, the high ones first, and among them those that can stand in the middle. */
function inOrder(drawings: readonly Rows[], { rows }: Shape): Rows[] {
  const width = widthOf(rows);
  const odd = (drawing: Rows): number => (widthOf(drawing) + width) % 2;
  const narrow = drawings.filter((drawing) => widthOf(drawing) <= Math.max(width, 4));
  return (narrow.length > 0 ? narrow : [...drawings].slice(-1)).sort(
    (one, other) => other.length - one.length || odd(one) - odd(other),
  );
}

/** Acutes lean to the right and graves to the left, if half a pixel is left over. */
function leftOf(mark: Mark, rows: Rows, body: Shape): number {
  const free = widthOf(body.rows) - widthOf(rows);
  return body.left + (mark === 'acute' || mark === 'hook' ? Math.ceil(free / 2) : Math.floor(free / 2));
}

/** A pixel lower, by one of two rows that are alike, nearest to the middle. */
function lower(shape: Shape): Shape {
  const { rows, top } = shape;
  const middle = rows.length / 2;
  const alike = rows.map((_, row) => row).filter((row) => row > 0 && rows[row] === rows[row - 1]);
  const [row = Math.round(middle)] = alike.sort(
    (one, other) => Math.abs(one - middle) - Math.abs(other - middle),
  );
  return { ...shape, top: top - 1, rows: rows.filter((_, at) => at !== row) };
}

/** Under the middle; beside the tail of a y. */
function withDot(
  shape: Shape | null,
  body: Shape,
  { descent }: StoredBitmaps,
  drawings: Drawings,
): Shape | null {
  if (shape === null) return null;
  for (const rows of drawings.dot) {
    if (rows.length + 1 > descent) continue;
    // Two dark rows where there is room for them.
    const top = descent > rows.length + 1 ? -2 : -1;
    const first = leftOf('dot', rows, body);
    for (let left = first; left <= first + widthOf(body.rows); left += 1) {
      const dot: Shape = { left, top, advance: 0, rows };
      if (!touches(shape, dot)) return joined(shape, dot);
    }
  }
  return null;
}

function touches(shape: Shape, dot: Shape): boolean {
  for (let y = dot.top - dot.rows.length - 1; y <= dot.top; y += 1)
    for (let x = dot.left - 1; x <= dot.left + widthOf(dot.rows); x += 1) if (inkAt(shape, x, y)) return true;
  return false;
}

/** Marks wider than an i are given room on both sides. */
function roomy(shape: Shape): Shape {
  const left = Math.max(0, shape.left);
  const advance = Math.max(shape.advance + left - shape.left, left + widthOf(shape.rows) + 1);
  return { ...shape, left, advance };
}
