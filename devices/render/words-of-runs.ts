import type { Voice } from '../face/face.ts';

/** Letters of one look. */
export interface Piece {
  readonly text: string;
  readonly voice: Voice;
  readonly ink: string;
}

/** What stands between two blanks. */
export interface Word {
  readonly pieces: readonly Piece[];
  /** Stands on the line of the word before it: a number and what it counts. */
  readonly bound: boolean;
}

/** Not the blank that keeps words together. */
const BLANKS = /([^\S\u00a0]+)/u;
const NUMBER = /^[(]?[\d][\d.,:/–-]*[),.;:]?$/u;
/** What a number is the number of, or what it numbers. */
const COUNTED =
  /^(giờ|phút|giây|ngày|tháng|năm|km|m|cm|mm|kg|g|tấn|tạ|ha|m²|m³|đồng|đ|₫|triệu|tỷ|nghìn|%|°C|độ|hộ|người|lít|hours?|minutes?|days?)[),.;:]?$/iu;
const NUMBERS =
  /^[(]?(số|tổ|phố|ngày|tháng|năm|quý|khu|ngõ|lúc|điều|khoản|thứ|mùng|phòng|lớp|lô|cấp|no\.)$/iu;

/** The words of a line of text; its blanks are as good as one. */
export function wordsOfRuns(runs: readonly Piece[]): Word[] {
  const found: Piece[][] = [];
  let open: Piece[] | null = null;
  for (const { text, ...look } of runs) {
    for (const part of text.normalize('NFC').split(BLANKS)) {
      if (part === '') continue;
      if (BLANKS.test(part)) open = null;
      else {
        if (open === null) {
          open = [];
          found.push(open);
        }
        open.push({ text: part, ...look });
      }
    }
  }
  return found.map((pieces, at) => {
    const text = textOf(pieces);
    const before = textOf(found[at - 1] ?? []);
    const first = textOf(found[at - 2] ?? []);
    const bound =
      (NUMBER.test(before) && COUNTED.test(text) && !NUMBERS.test(first)) ||
      (NUMBERS.test(before) && NUMBER.test(text));
    return { pieces, bound };
  });
}

export const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');
