import type { Align, Paragraph, Run } from '#devices/scene/text';
import { type Token, tokensOf } from './html.ts';
import { bulletless, tidied } from './plain.ts';

const BLOCKS = new Set(
  'p div li h1 h2 h3 h4 h5 h6 ul ol table tr blockquote pre section article header footer body dt dd'.split(
    ' ',
  ),
);
const HEADINGS = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'th']);
/** As the contract bounds a text. */
const MOST_PARAGRAPHS = 200;
const MOST_RUNS = 64;

interface Look {
  readonly bold: boolean;
  readonly colour: string | null;
  readonly hidden: boolean;
  readonly align: Align | null;
  readonly bullet: boolean;
}
const PLAIN: Look = { bold: false, colour: null, hidden: false, align: null, bullet: false };

const two = (value: number): string => Math.min(255, value).toString(16).padStart(2, '0');

/** `#rrggbb`, or null for what a board has no pixels for. */
export function colourOf(css: string): string | null {
  const text = css.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(text)) return text;
  if (/^#[0-9a-f]{3}$/.test(text)) return `#${[...text.slice(1)].map((digit) => digit + digit).join('')}`;
  const rgb = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(text);
  return rgb === null ? null : `#${two(Number(rgb[1]))}${two(Number(rgb[2]))}${two(Number(rgb[3]))}`;
}

const ALIGNS: Readonly<Record<string, Align>> = { center: 'center', right: 'end', end: 'end' };

/** What an element makes of the look that it stands in. Sizes, faces and the page's own colours are left behind. */
function lookOf(
  { name, attributes }: Extract<Token, { kind: 'open' }>,
  outer: Look,
  palette: ReadonlySet<string>,
): Look {
  const style = (attributes.get('style') ?? '').toLowerCase();
  const css = (property: string): string | undefined =>
    new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*([^;]+)`).exec(style)?.[1]?.trim();
  const weight = css('font-weight');
  const bold =
    weight !== undefined
      ? weight.startsWith('bold') || Number(weight) >= 600
      : outer.bold || name === 'b' || name === 'strong' || HEADINGS.has(name);
  // Black on white is what paper is: on a board it means nothing. Only a colour that was picked here is kept.
  const colour = colourOf(css('color') ?? attributes.get('color') ?? '');
  const align = ALIGNS[css('text-align') ?? attributes.get('align') ?? ''] ?? null;
  const word = (attributes.get('class') ?? '').startsWith('MsoListParagraph') || style.includes('mso-list:l');
  return {
    bold,
    colour: colour !== null && palette.has(colour) ? colour : colour === null ? outer.colour : null,
    hidden: outer.hidden || css('display') === 'none' || style.includes('mso-list:ignore') || name === 'head',
    align: align ?? outer.align,
    bullet: BLOCKS.has(name) ? name === 'li' || word : outer.bullet,
  };
}

/**
 * What is left of a formatted text when everything is taken away that a board cannot show, or nobody could read
 * from across a road: paragraphs with bold letters, bullets, three alignments, and colours of the board's own palette.
 */
export function paragraphsOfHtml(html: string, palette: ReadonlySet<string> = new Set()): Paragraph[] {
  const found: Paragraph[] = [];
  const stack: { name: string; look: Look }[] = [];
  let look = PLAIN;
  let runs: Run[] = [];
  let shape: Pick<Look, 'align' | 'bullet'> = PLAIN;
  const end = () => {
    const paragraph = paragraphOf(runs, shape);
    if (paragraph !== null) found.push(paragraph);
    runs = [];
  };
  // A list's item may hold a paragraph of its own: it stays the item.
  const inItem = () => stack.some(({ name }) => name === 'li');
  for (const token of tokensOf(html)) {
    if (token.kind === 'open') {
      if (token.name === 'br' || BLOCKS.has(token.name)) end();
      if ((token.name === 'td' || token.name === 'th') && runs.length > 0) runs.push({ text: ' ' });
      if (token.empty) continue;
      stack.push({ name: token.name, look });
      look = lookOf(token, look, palette);
      if (BLOCKS.has(token.name)) look = { ...look, bullet: look.bullet || inItem() };
    } else if (token.kind === 'close') {
      const depth = stack.findLastIndex(({ name }) => name === token.name);
      if (BLOCKS.has(token.name)) end();
      if (depth >= 0) look = stack.splice(depth)[0]?.look ?? PLAIN;
    } else if (!look.hidden && (token.text.trim() !== '' || runs.length > 0)) {
      if (runs.length === 0) shape = look;
      runs.push({
        text: token.text.replace(/\s+/g, ' '),
        ...(look.bold ? { bold: true } : {}),
        ...(look.colour === null ? {} : { colour: look.colour }),
      });
    }
  }
  end();
  return found.slice(0, MOST_PARAGRAPHS);
}

function paragraphOf(
  runs: readonly Run[],
  { align, bullet }: Pick<Look, 'align' | 'bullet'>,
): Paragraph | null {
  const joined = joinedRuns(runs);
  const first = joined[0];
  const written = first === undefined ? null : bulletless(first.text);
  if (first !== undefined && written !== null) joined[0] = { ...first, text: written };
  const left = joined.filter(({ text }) => text !== '');
  if (left.length === 0) return null;
  return {
    runs: left.slice(0, MOST_RUNS),
    ...(align === null ? {} : { align }),
    ...(bullet || written !== null ? { bullet: true } : {}),
  };
}

/** Neighbours of one look are one run; no spaces at the ends. */
export function joinedRuns(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last !== undefined && last.bold === run.bold && last.colour === run.colour)
      joined[joined.length - 1] = { ...last, text: `${last.text}${run.text}` };
    else joined.push({ ...run });
  }
  const whole = joined.map((run, index) => ({
    ...run,
    text: ends(tidied(run.text), index === 0, index === joined.length - 1).slice(0, 4_000),
  }));
  return whole.filter(({ text }) => text !== '');
}

const ends = (text: string, first: boolean, last: boolean): string => {
  const begun = first ? text.trimStart() : text;
  return last ? begun.trimEnd() : begun;
};
