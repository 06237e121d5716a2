import type { Paragraph } from '#devices/scene/text';

/** What PDF readers and word processors put between letters and nobody sees. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}]/gu;

/** Bullets of the Symbol and Wingdings faces, which have a place in no alphabet. */
const SYMBOLS = /[\uf076\uf0a7\uf0b7\uf0d8\uf0fc]/gu;

/** One spelling of each letter (NFC), one kind of space, and nothing invisible. */
export const tidied = (text: string): string =>
  text
    .normalize('NFC')
    .replace(SYMBOLS, '• ')
    .replace(UNSEEN, '')
    .replace(/[\t\u00a0\u2000-\u200a\u202f\u3000 ]+/g, ' ');

const BULLET = /^\s*(?:[•·▪●○◦■□➢✓❖*+]|[-–—](?=\s))\s*(?=\S)/u;

/** The text of a line behind its bullet; null for a line without one. */
export const bulletless = (line: string): string | null =>
  BULLET.test(line) ? line.replace(BULLET, '') : null;

/** A line that goes on in the next: it is long, stops in the middle, and the next begins small. */
const goesOn = (line: string, next: string, width: number): boolean =>
  line.length > width * 0.6 && !/[.!?:;…]["”’)]?$/u.test(line) && /^[\p{Ll}\d(“"]/u.test(next);

/**
 * Paragraphs of a plain text. Lines that only ended because a page of paper did are joined again; bullets become
 * bullets.
 */
export function paragraphsOfText(text: string): Paragraph[] {
  const lines = tidied(text.replace(/\r\n?/g, '\n').replace(/[\u2028\u2029]/g, '\n'))
    .split('\n')
    .map((line) => line.trim());
  const width = Math.max(40, ...lines.map(({ length }) => length));
  const paragraphs: { text: string; bullet: boolean; open: boolean }[] = [];
  for (const line of lines) {
    const last = paragraphs.at(-1);
    if (line === '') {
      if (last !== undefined) last.open = false;
      continue;
    }
    const written = bulletless(line);
    const ended = last?.text.split('\n').at(-1) ?? '';
    if (last?.open === true && written === null && goesOn(ended, line, width)) last.text += ` ${line}`;
    else paragraphs.push({ text: written ?? line, bullet: written !== null, open: true });
  }
  return paragraphs
    .filter((paragraph) => paragraph.text !== '')
    .slice(0, 200)
    .map(({ text: words, bullet }) => ({
      runs: [{ text: words.slice(0, 4_000) }],
      ...(bullet ? { bullet: true } : {}),
    }));
}
