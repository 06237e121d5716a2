import { getDocumentProxy } from 'unpdf';
import { z } from 'zod';
import { linesOf, type Placed } from './pdf-lines.ts';
import { type PdfPage, withoutMargins } from './pdf-margins.ts';
import { paragraphsOf } from './pdf-paragraphs.ts';
import { type Block, lettersOf } from './piece.ts';
import type { Left, Reading } from './reading.ts';
import { DocumentRefusal } from './refusal.ts';

/** More is no notice for a board. */
const MOST_PAGES = 60;

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;
type Page = Awaited<ReturnType<Pdf['getPage']>>;

const Font = z.object({
  name: z.string().default(''),
  bold: z.boolean().default(false),
  black: z.boolean().default(false),
});
interface FontLook {
  readonly name: string;
  readonly bold: boolean;
}

/** @throws DocumentRefusal `document-encrypted`, `document-broken`, `document-scanned`, `document-without-text`. */
export async function readPdf(file: Buffer): Promise<Reading> {
  const pdf = await getDocumentProxy(new Uint8Array(file), { verbosity: 0 }).catch((error: unknown) => {
    const name = error instanceof Error ? error.name : '';
    throw new DocumentRefusal(
      name === 'PasswordException' ? 'document-encrypted' : 'document-broken',
      {},
      error,
    );
  });
  const left = new Set<Left>();
  if (pdf.numPages > MOST_PAGES) left.add('rest');
  const pages: (PdfPage & { readonly width: number })[] = [];
  let pictures = 0;
  for (let number = 1; number <= Math.min(pdf.numPages, MOST_PAGES); number += 1) {
    const page = await pdf.getPage(number);
    const fonts = await fontsOf(page);
    const { width, height } = page.getViewport({ scale: 1 });
    pages.push({ lines: linesOf(await placedOn(page, fonts.of)), width, height });
    if (fonts.hasPictures) pictures += 1;
    page.cleanup();
  }
  const letters = pages.reduce(
    (sum, { lines }) => sum + lines.reduce((all, { text }) => all + text.length, 0),
    0,
  );
  // A scanner's name or a stamp in the corner is no text.
  if (letters < 20 && pictures > 0) throw new DocumentRefusal('document-scanned');
  if (letters === 0) throw new DocumentRefusal('document-without-text');
  if (pictures > 0) left.add('pictures');
  const body = withoutMargins(pages);
  if (body.numbers) left.add('page-numbers');
  if (body.headers) left.add('headers');
  const blocks = body.pages.map(({ lines }, index) => paragraphsOf(lines, pages[index]?.width ?? 595));
  return { title: await titleOf(pdf), blocks: acrossPages(blocks), left: [...left] };
}

async function placedOn(page: Page, fontOf: (name: string) => FontLook): Promise<Placed[]> {
  const { items } = await page.getTextContent();
  return items.flatMap((item) => {
    if (!('str' in item) || item.str === '') return [];
    const [a = 1, b = 0, c = 0, d = 1, x = 0, y = 0] = item.transform.map(Number);
    // What runs up the margin, or across the page as a watermark, is no line of the text.
    if (Math.abs(b) > Math.abs(a) * 0.2) return [];
    const { name, bold } = fontOf(item.fontName);
    const size = Math.hypot(c, d) || item.height;
    return [{ text: lettersOf(item.str, name), bold, x, y, width: item.width, size }];
  });
}

/** The page is gone through once, for that is when its fonts become known. */
async function fontsOf(page: Page): Promise<{ of: (name: string) => FontLook; hasPictures: boolean }> {
  const known = new Map<string, FontLook>();
  const { fnArray } = await page.getOperatorList();
  const of = (name: string): FontLook => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const found = page.commonObjs.has(name) ? Font.safeParse(page.commonObjs.get(name)) : null;
    const { name: font = '', bold = false, black = false } = found?.data ?? {};
    const look = { name: font, bold: bold || black || /bold|black|heavy|,b/i.test(font) };
    known.set(name, look);
    return look;
  };
  return { of, hasPictures: fnArray.some((operation) => PICTURES.has(operation)) };
}

/** `OPS.paintImageXObject` and its kin, by number: the names are not exported with types. */
const PICTURES = new Set([83, 84, 85, 86, 87, 88, 89]);

async function titleOf(pdf: Pdf): Promise<string | null> {
  const { info } = await pdf.getMetadata();
  const title = z.object({ Title: z.string() }).safeParse(info).data?.Title.normalize('NFC').trim() ?? '';
  // What programs write there themselves.
  return title === '' || /\.(docx?|pdf|xlsx?)$|^(untitled|microsoft word)/i.test(title) ? null : title;
}

/** A paragraph that the end of a page cut in two is one. */
function acrossPages(pages: readonly (readonly Block[])[]): Block[] {
  const all: Block[] = [];
  for (const [index, blocks] of pages.entries()) {
    const [first, ...others] = blocks;
    const last = all.at(-1);
    const before = last?.pieces.map(({ text }) => text).join('') ?? '';
    const after = first?.pieces.map(({ text }) => text).join('') ?? '';
    const goesOn = index > 0 && /[\p{L}\p{N},]\s*$/u.test(before) && /^\s*\p{Ll}/u.test(after);
    if (goesOn && last !== undefined && first !== undefined) {
      all[all.length - 1] = {
        ...last,
        pieces: [...last.pieces, { text: ' ', bold: false }, ...first.pieces],
      };
      all.push(...others);
    } else all.push(...blocks);
  }
  return all;
}
