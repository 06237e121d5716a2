import type { Paragraph } from '#devices/scene/text';
import type { Block, Piece } from './piece.ts';

/** As the contract's scenes allow. */
const MOST_PARAGRAPHS = 200;
const MOST_RUNS = 64;
const MOST_LETTERS = 4_000;

/** Characters of fonts for symbols that stand for a bullet, and what people type for one. */
const BULLET = /^[\s]*[•‣◦▪▫●○■□◆◇★☆✓✔➢➤►▶⁃∙·\u00b7\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d–—+*-]\s+/u;
/** Rows of dots or lines in forms, for a pen. */
const FILL_IN = /([._…]\s?){6,}|_{4,}/g;

/**
 * Paragraphs fit for a board: white space made one space, runs of one look joined, nothing empty, signs of enumeration
 * made bullets, within the bounds of a scene.
 */
export function tidy(blocks: readonly Block[]): { readonly paragraphs: Paragraph[]; readonly cut: boolean } {
  const all = blocks.map(paragraphOf).filter((paragraph) => paragraph !== null);
  const paragraphs = all.slice(0, MOST_PARAGRAPHS);
  return { paragraphs, cut: paragraphs.length < all.length };
}

function paragraphOf({ pieces, bullet, align }: Block): Paragraph | null {
  const whole = pieces.map(({ text }) => text).join('');
  const sign = bullet ? null : BULLET.exec(whole);
  const runs = runsOf(dropFirst(pieces, sign?.[0].length ?? 0));
  if (runs.length === 0 || !/[\p{L}\p{N}]/u.test(runs.map(({ text }) => text).join(''))) return null;
  return {
    runs,
    ...(align === 'start' ? {} : { align }),
    ...(bullet || sign !== null ? { bullet: true as const } : {}),
  };
}

function dropFirst(pieces: readonly Piece[], count: number): Piece[] {
  let left = count;
  return pieces.map(({ text, bold }) => {
    const dropped = Math.min(left, text.length);
    left -= dropped;
    return { text: text.slice(dropped), bold };
  });
}

function runsOf(pieces: readonly Piece[]): Paragraph['runs'] {
  const runs: { text: string; bold: boolean }[] = [];
  for (const { text, bold } of pieces) {
    const last = runs.at(-1);
    const clean = text
      .replaceAll(/[\p{Cc}\p{Cf}\p{Co}]/gu, (character) => (/[\t\n\r]/.test(character) ? ' ' : ''))
      .replaceAll(FILL_IN, '…');
    // A space alone has no look.
    if (last !== undefined && (last.bold === bold || /^\s*$/.test(clean))) last.text += clean;
    else if (clean !== '') runs.push({ text: clean, bold });
  }
  // One space at a seam is enough, and none stands in front.
  let spaced = true;
  for (const run of runs) {
    run.text = run.text.replaceAll(/\s+/gu, ' ');
    if (spaced) run.text = run.text.trimStart();
    if (run.text !== '') spaced = run.text.endsWith(' ');
  }
  const last = runs.at(-1);
  if (last !== undefined) last.text = last.text.trimEnd();
  return runs
    .filter(({ text }) => text !== '')
    .slice(0, MOST_RUNS)
    .map(({ text, bold }) => ({
      text: text.normalize('NFC').slice(0, MOST_LETTERS),
      ...(bold ? { bold: true as const } : {}),
    }));
}
