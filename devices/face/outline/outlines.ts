/** The outlines of a weight as they are stored: see `test/support/make-faces.ts`, which writes them. */
export interface StoredOutlines {
  readonly letters: string;
  /** Variable-length signed whole numbers, in base64: contours, letters, pairs. */
  readonly numbers: readonly string[];
}

/** From its own zero on; a bend has its control point before its end. */
interface Contour {
  /** Flat: kind (0 straight, 1 bent), then 2 or 4 coordinates. */
  readonly moves: Int16Array;
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** A contour where it stands in a letter: an acute is stored once. */
export interface Part {
  readonly contour: Contour;
  readonly x: number;
  readonly y: number;
}

export interface Outline {
  readonly advance: number;
  readonly parts: readonly Part[];
  /** The letter without its marks: pairs are known by these. */
  readonly bare: string;
  /** Its right edge. */
  readonly right: number;
  /** The left edge of what stands over a small letter; far away if nothing does. */
  readonly marksLeft: number;
}

/** In units of which 1,000 are the font's size. */
export interface Outlines {
  readonly letters: ReadonlyMap<string, Outline>;
  /** By two letters without their marks: how much closer (negative) they stand. */
  readonly pairs: ReadonlyMap<string, number>;
  /** Of all letters. */
  readonly top: number;
  readonly bottom: number;
}

export function readOutlines(stored: StoredOutlines): Outlines {
  const next = numbersOf(stored.numbers.join(''));
  const contours = Array.from({ length: next() }, () => readContour(next));
  const letters = new Map<string, Outline>();
  const names = [...stored.letters];
  for (const name of names) {
    const advance = next();
    const parts = Array.from({ length: next() }, () => {
      const contour = contours[next()];
      if (contour === undefined)
        throw new RangeError('A face has a letter with a contour that is not stored.');
      return { contour, x: next(), y: next() };
    });
    letters.set(name, outlineOf(name, advance, parts));
  }
  const pairs = new Map<string, number>();
  for (let count = next(); count > 0; count -= 1)
    pairs.set(`${names[next()] ?? ''}${names[next()] ?? ''}`, next());
  const parts = [...letters.values()].flatMap((letter) => letter.parts);
  return {
    letters,
    pairs,
    top: Math.max(...parts.map(({ y, contour }) => y + contour.maxY)),
    bottom: Math.min(...parts.map(({ y, contour }) => y + contour.minY)),
  };
}

/** Be Vietnam Pro's, both weights. */
export const X_HEIGHT = 530;
const FAR = 10_000;

export function outlineOf(letter: string, advance: number, parts: readonly Part[]): Outline {
  const marks = parts.filter(({ y, contour }) => y + contour.minY >= X_HEIGHT);
  return {
    advance,
    parts,
    bare: letter.normalize('NFD').replace(/\p{M}/gu, '').replace('đ', 'd').replace('Đ', 'D'),
    right: Math.max(0, ...parts.map(({ x, contour }) => x + contour.maxX)),
    marksLeft: Math.min(FAR, ...marks.map(({ x, contour }) => x + contour.minX)),
  };
}

function readContour(next: () => number): Contour {
  const moves: number[] = [];
  let [x, y] = [0, 0];
  let [minX, minY, maxX, maxY] = [0, 0, 0, 0];
  for (let count = next(); count > 0; count -= 1) {
    const bent = next();
    moves.push(bent);
    for (let point = 0; point <= bent; point += 1) {
      x += next();
      y += next();
      moves.push(x, y);
      // A control point may lie outside; in this design none does by more than the curve itself.
      minX = Math.min(minX, x);
      maxX = Math.max(maxX, x);
      minY = Math.min(minY, y);
      maxY = Math.max(maxY, y);
    }
  }
  return { moves: Int16Array.from(moves), minX, minY, maxX, maxY };
}

/** Seven bits a byte, the lowest first; the sign is the lowest bit of the number. */
function numbersOf(base64: string): () => number {
  const chars = atob(base64);
  let at = 0;
  return () => {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = chars.charCodeAt(at);
      at += 1;
      value |= (byte & 127) << shift;
      if (byte < 128) break;
      shift += 7;
    }
    return (value & 1) === 0 ? value >> 1 : -((value + 1) >> 1);
  };
}
