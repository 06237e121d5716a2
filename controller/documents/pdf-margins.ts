import type { Line } from './pdf-lines.ts';

export interface PdfPage {
  readonly lines: readonly Line[];
  readonly height: number;
}

/** The share of a page, at its top and at its bottom, in which headers, footers and page numbers stand. */
const MARGIN = 0.11;
/** Running titles change their numbers from page to page. */
const alike = (text: string): string =>
  text.normalize('NFC').toLowerCase().replaceAll(/\d+/g, '#').replaceAll(/\s+/g, ' ').trim();
const PAGE_NUMBER =
  /^[-–—\s]*((trang|page|tr\.?)\s*)?\d{1,4}(\s*[/|]\s*\d{1,4}|\s*(of|trên)\s*\d{1,4})?[-–—\s.]*$/i;

/** Takes away what stands in the margins of all pages. */
export function withoutMargins(pages: readonly PdfPage[]): {
  readonly pages: readonly PdfPage[];
  readonly numbers: boolean;
  readonly headers: boolean;
} {
  const inMargin = ({ y }: Line, height: number): boolean => y > height * (1 - MARGIN) || y < height * MARGIN;
  const seen = new Map<string, number>();
  for (const { lines, height } of pages) {
    const texts = new Set(lines.filter((line) => inMargin(line, height)).map(({ text }) => alike(text)));
    for (const text of texts) seen.set(text, (seen.get(text) ?? 0) + 1);
  }
  let numbers = false;
  let headers = false;
  const kept = pages.map(({ lines, height }) => ({
    height,
    lines: lines.filter((line) => {
      if (!inMargin(line, height)) return true;
      const isNumber = PAGE_NUMBER.test(line.text.trim()) && isOutermost(line, lines);
      const repeats =
        pages.length > 1 && (seen.get(alike(line.text)) ?? 0) >= Math.max(2, pages.length * 0.6);
      numbers ||= isNumber;
      headers ||= repeats && !isNumber;
      return !isNumber && !repeats;
    }),
  }));
  return { pages: kept, numbers, headers };
}

/** A lone number amid the text (a price, a year) is no page number. */
const isOutermost = (line: Line, lines: readonly Line[]): boolean =>
  lines.every(({ y }) => y <= line.y + 1) || lines.every(({ y }) => y >= line.y - 1);
