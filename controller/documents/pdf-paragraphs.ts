import type { Line } from './pdf-lines.ts';
import type { Block, Piece } from './piece.ts';

/** What begins a point of a list or a section. */
const POINT =
  /^\s*([•‣◦▪●○■□✓➢\uf0b7\uf0a7\uf0d8–—+*-]\s|\d{1,2}(\.\d{1,2})*[.)]\s|[a-zđ][.)]\s|[IVX]{1,5}[.)]\s|(điều|chương|phần|mục)\s+[\dIVX]+)/iu;
const SENTENCE_ENDS = /[.!?:;…”"')]\s*$/u;

/** Joins lines that were broken only because the paper ended. @param lines of one page, in the order of reading. */
export function paragraphsOf(lines: readonly Line[], pageWidth: number): Block[] {
  const paragraphs: Line[][] = [];
  const spacing = usualSpacing(lines);
  const right = Math.max(0, ...lines.map((line) => line.right));
  for (const line of lines) {
    const paragraph = paragraphs.at(-1);
    const last = paragraph?.at(-1);
    if (paragraph === undefined || last === undefined || begins(line, last, paragraph, { spacing, right })) {
      paragraphs.push([line]);
    } else paragraph.push(line);
  }
  return paragraphs.map((paragraph) => blockOf(paragraph, pageWidth));
}

function begins(
  line: Line,
  last: Line,
  paragraph: readonly Line[],
  { spacing, right }: { readonly spacing: number; readonly right: number },
): boolean {
  const gap = last.y - line.y;
  const size = last.size;
  if (gap <= 0 || gap > Math.max(spacing * 1.25, spacing + size * 0.35)) return true;
  if (Math.abs(line.size - size) > size * 0.12) return true;
  if (line.bold !== last.bold && (isWhole(line) || isWhole(last))) return true;
  if (POINT.test(line.text)) return true;
  // The first line of a paragraph is drawn in; the others stand further left.
  const body = paragraph.length > 1 ? (paragraph[1]?.left ?? last.left) : Math.min(last.left, line.left);
  const centred = Math.abs((line.left + line.right) / 2 - (last.left + last.right) / 2) < size * 0.8;
  if (line.left > body + size * 1.2 && !centred) return true;
  // A line that ends early ends its paragraph: the next word would have had room.
  const nextWord = (line.right - line.left) * (firstWord(line.text).length / Math.max(1, line.text.length));
  const hadRoom = right - last.right > nextWord + size * 0.6;
  return hadRoom && !(centred && line.left > body + size)
    ? SENTENCE_ENDS.test(last.text) || !startsSmall(line.text)
    : false;
}

const firstWord = (text: string): string => /\S+/.exec(text)?.[0] ?? '';
const startsSmall = (text: string): boolean => /^\s*\p{Ll}/u.test(text);
/** All of one weight: a heading, and not a bold word where the line happened to break. */
const isWhole = ({ pieces, bold }: Line): boolean =>
  pieces.every((piece) => piece.bold === bold || piece.text.trim() === '');

/** The distance of most lines from the one above. */
function usualSpacing(lines: readonly Line[]): number {
  const gaps = lines
    .flatMap(({ y, size }, index) => {
      const gap = (lines[index - 1]?.y ?? Number.NaN) - y;
      return gap > size * 0.7 && gap < size * 3 ? [gap] : [];
    })
    .sort((a, b) => a - b);
  // Lines within paragraphs are the closest ones, and the most.
  return gaps[Math.floor(gaps.length * 0.3)] ?? (lines[0]?.size ?? 12) * 1.35;
}

function blockOf(lines: readonly Line[], pageWidth: number): Block {
  const pieces: Piece[] = [];
  for (const [index, line] of lines.entries()) {
    if (index > 0) seam(pieces, line);
    pieces.push(...line.pieces);
  }
  return { pieces, bullet: false, align: alignOf(lines, pageWidth) };
}

/** Between two lines: a space, or nothing where a word was parted. */
function seam(pieces: Piece[], next: Line): void {
  const last = pieces.at(-1);
  if (last === undefined) return;
  const text = last.text.trimEnd();
  const before = pieces
    .map((piece) => piece.text)
    .join('')
    .trimEnd();
  const parted = before.endsWith('\u00ad') || (/\p{Ll}[-\u2010]$/u.test(before) && startsSmall(next.text));
  pieces[pieces.length - 1] = { ...last, text: parted ? text.slice(0, -1) : `${text} ` };
}

function alignOf(lines: readonly Line[], pageWidth: number): Block['align'] {
  const isCentred = lines.every(({ left, right, size }) => {
    const off = Math.abs((left + right) / 2 - pageWidth / 2);
    return off < size * 1.5 && left > pageWidth * 0.2;
  });
  return isCentred ? 'center' : 'start';
}
