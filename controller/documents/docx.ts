import mammoth from 'mammoth';
import { DocxStyles } from './docx-styles.ts';
import { DocxNode } from './docx-tree.ts';
import { type Block, lettersOf, type Piece } from './piece.ts';
import type { Left, Reading } from './reading.ts';
import { DocumentRefusal } from './refusal.ts';
import type { Zip } from './zip.ts';

/**
 * The text of a Word document, as it stands after all changes were accepted: without headers, footers, notes, comments
 * and pictures, which are named in `left`.
 * @throws DocumentRefusal `document-broken`, `document-bomb`.
 */
export async function readDocx(file: Buffer, zip: Zip): Promise<Reading> {
  zip.refuseLies();
  const xml = zip.text('word/document.xml');
  if (xml === null) throw new DocumentRefusal('document-broken');
  const left = new Set<Left>(leftOutside(zip, xml));
  let tree: DocxNode | null = null;
  try {
    await mammoth.convertToHtml(
      { buffer: file },
      {
        transformDocument: (document: unknown) => {
          tree = DocxNode.parse(document);
          // The tree is all that is wanted: nothing is left to be made into HTML.
          return { type: 'document', children: [], notes: { resolve: () => null }, comments: [] };
        },
      },
    );
  } catch (error) {
    if (tree === null) throw new DocumentRefusal('document-broken', {}, error);
  }
  if (tree === null) throw new DocumentRefusal('document-broken');
  const walk = new Walk(new DocxStyles(zip.text('word/styles.xml')), left);
  return { title: titleOf(zip), blocks: walk.blocks(tree), left: [...left] };
}

/** What mammoth does not even read, found by its marks. */
function leftOutside(zip: Zip, xml: string): Left[] {
  const margins = zip.names.filter((name) => /^word\/(header|footer)\d*\.xml$/.test(name));
  const hasMargins = margins.some((name) => /<w:t[ >][^<]*\p{L}/u.test(zip.text(name) ?? ''));
  return [
    ...(hasMargins ? (['headers'] as const) : []),
    ...(/<w:(del|moveFrom) /.test(xml) ? (['deleted'] as const) : []),
    ...(/<(c:chart|dgm:relIds|m:oMath)[ >]/.test(xml) ? (['drawings'] as const) : []),
  ];
}

function titleOf(zip: Zip): string | null {
  const title = /<dc:title>([^<]{1,300})<\/dc:title>/.exec(zip.text('docProps/core.xml') ?? '')?.[1];
  const plain = title
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
    .normalize('NFC')
    .trim();
  return plain === undefined || plain === '' ? null : plain;
}

const ALIGN: Readonly<Record<string, Block['align']>> = { center: 'center', right: 'end', end: 'end' };

class Walk {
  readonly #styles: DocxStyles;
  readonly #left: Set<Left>;
  readonly #counts = new Map<object, number>();

  constructor(styles: DocxStyles, left: Set<Left>) {
    this.#styles = styles;
    this.#left = left;
  }

  blocks(node: DocxNode): Block[] {
    if (node.type === 'paragraph') return this.#paragraph(node);
    if (node.type === 'table') return this.#table(node);
    if (node.type === 'image') this.#left.add('pictures');
    return node.children.flatMap((child) => this.blocks(child));
  }

  #paragraph(node: DocxNode): Block[] {
    const align = ALIGN[node.alignment ?? ''] ?? 'start';
    const bullet = node.numbering !== null && !node.numbering.isOrdered;
    // A break of line within a paragraph is meant, unlike in PDF.
    const lines: Piece[][] = [[]];
    for (const piece of this.#pieces(node, node.styleId, null)) {
      if (piece === 'break') lines.push([]);
      else lines.at(-1)?.push(piece);
    }
    const first = lines[0] ?? [];
    const number = this.#numberOf(node);
    if (number !== '' && lines.some((line) => line.some(({ text }) => text.trim() !== ''))) {
      first.unshift({ text: `${number} `, bold: first[0]?.bold ?? false });
    }
    return lines.map((pieces, index) => ({ pieces, bullet: bullet && index === 0, align }));
  }

  #numberOf({ numbering }: DocxNode): string {
    if (numbering === null || !numbering.isOrdered) return '';
    const count = (this.#counts.get(numbering) ?? 0) + 1;
    this.#counts.set(numbering, count);
    return `${count}.`;
  }

  #pieces(node: DocxNode, paragraphStyle: string | null, run: DocxNode | null): (Piece | 'break')[] {
    switch (node.type) {
      case 'text':
        return [this.#piece(node.value, paragraphStyle, run)];
      case 'tab':
        return [this.#piece(' ', paragraphStyle, run)];
      case 'checkbox':
        return [this.#piece(node.checked ? '[x] ' : '[ ] ', paragraphStyle, run)];
      case 'break':
        return node.breakType === 'line' ? ['break'] : [];
      case 'image':
        this.#left.add('pictures');
        return [];
      case 'noteReference':
        this.#left.add('footnotes');
        return [];
      case 'commentReference':
        this.#left.add('comments');
        return [];
      default: {
        if (node.type === 'hyperlink') this.#left.add('links');
        const within = node.type === 'run' ? node : run;
        return node.children.flatMap((child) => this.#pieces(child, paragraphStyle, within));
      }
    }
  }

  #piece(value: string, paragraphStyle: string | null, run: DocxNode | null): Piece {
    const look = this.#styles.look(paragraphStyle, run?.styleId ?? null);
    const letters = lettersOf(value, run?.font ?? look.font);
    const text = run?.isAllCaps === true ? letters.toLocaleUpperCase('vi') : letters;
    return { text, bold: run?.isBold === true || look.bold };
  }

  /**
   * Rows of figures become a line each. A table that only places things (the two halves of an official letter's head) is
   * read cell by cell.
   */
  #table(table: DocxNode): Block[] {
    const rows = table.children.map(({ children }) =>
      children.map((cell) => this.blocks(cell).filter(hasWords)),
    );
    const places = rows.length < 2 || rows.some((cells) => cells.some((blocks) => blocks.length > 1));
    if (places) return rows.flat(2);
    this.#left.add('tables');
    return rows.map((cells) => ({
      pieces: cells
        .filter((blocks) => blocks.length > 0)
        .flatMap((blocks, index) => [
          ...(index === 0 ? [] : [{ text: ' – ', bold: false }]),
          ...blocks.flatMap(({ pieces }) => pieces),
        ]),
      bullet: false,
      align: 'start',
    }));
  }
}

const hasWords = ({ pieces }: Block): boolean => pieces.some(({ text }) => text.trim() !== '');
