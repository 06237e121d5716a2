import { tidied } from './plain.ts';

/** Cells of a spreadsheet as it puts them on the clipboard, by tabs and line ends; null for what is no table. */
export function rowsOfText(text: string): string[][] | null {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n');
  if (lines.length < 2 && !text.includes('\t')) return null;
  return lines.slice(0, 60).map((line) =>
    line
      .split('\t')
      .slice(0, 6)
      .map((cell) => tidied(cell).trim().slice(0, 200)),
  );
}
