/** A bitmap face as it is stored: letters without the marks that are put on them by rule. Measures are whole pixels. */
export interface StoredBitmaps {
  readonly ascent: number;
  readonly descent: number;
  readonly capital: number;
  readonly xHeight: number;
  /** How wide an upright stroke is. */
  readonly stem: number;
  /** How far a space goes. */
  readonly space: number;
  /** `letter left advance top width rows`: rows in hexadecimal digits from above, as many digits each as the width needs. */
  readonly letters: readonly string[];
}

/** Pixels of a letter or a mark: rows from above, `#` for ink. */
export type Rows = readonly string[];

/** A letter where it stands: `left` of its first column, `top` of its upper edge over the baseline. */
export interface Shape {
  readonly left: number;
  readonly top: number;
  readonly advance: number;
  readonly rows: Rows;
}

export const widthOf = (rows: Rows): number => rows[0]?.length ?? 0;

export function readBitmaps({ letters, space }: StoredBitmaps): ReadonlyMap<string, Shape> {
  const read = letters.map((line): [string, Shape] => {
    const [letter = '', left, advance, top, width, digits = ''] = line.split(' ');
    const rows = rowsOf(digits, Number(width));
    return [letter, { left: Number(left), advance: Number(advance), top: Number(top), rows }];
  });
  return new Map([...read, [' ', { left: 0, advance: space, top: 0, rows: [] }]]);
}

function rowsOf(digits: string, width: number): string[] {
  const perRow = Math.ceil(width / 4);
  return Array.from({ length: digits.length / perRow }, (_, row) =>
    [...digits.slice(row * perRow, (row + 1) * perRow)]
      .map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'))
      .join('')
      .slice(0, width)
      .replaceAll('0', ' ')
      .replaceAll('1', '#'),
  );
}

/** Both shapes in one; `from` gives the advance. */
export function joined(from: Shape, other: Shape): Shape {
  if (other.rows.length === 0) return from;
  if (from.rows.length === 0) return { ...other, advance: from.advance };
  const left = Math.min(from.left, other.left);
  const right = Math.max(from.left + widthOf(from.rows), other.left + widthOf(other.rows));
  const top = Math.max(from.top, other.top);
  const bottom = Math.min(from.top - from.rows.length, other.top - other.rows.length);
  const rows = Array.from({ length: top - bottom }, (_, row) =>
    Array.from({ length: right - left }, (_, column) =>
      inkAt(from, left + column, top - 1 - row) || inkAt(other, left + column, top - 1 - row) ? '#' : ' ',
    ).join(''),
  );
  return { left, top, advance: from.advance, rows };
}

/** @param y 0 is the row on the baseline. */
export const inkAt = ({ left, top, rows }: Shape, x: number, y: number): boolean =>
  rows[top - 1 - y]?.[x - left] === '#';
