import { DOMParser, type Element, onErrorStopParsing } from '@xmldom/xmldom';

/** What a run of letters is where it does not say so itself. */
export interface Look {
  readonly font: string | null;
  readonly bold: boolean;
}
const PLAIN: Look = { font: null, bold: false };
const MOST_ANCESTORS = 20;

/** The styles of a Word document (ECMA-376 §17.7): each builds upon another, and all upon the document's defaults. */
export class DocxStyles {
  readonly #styles = new Map<
    string,
    { readonly basedOn: string | null; readonly font: string | null; readonly bold: boolean | null }
  >();
  readonly #defaults: Look = PLAIN;
  readonly #defaultStyle: string | null = null;

  /** @param xml `word/styles.xml`; null where there is none. */
  constructor(xml: string | null) {
    if (xml === null || /<!DOCTYPE/i.test(xml)) return;
    const root = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
      xml,
      'text/xml',
    ).documentElement;
    if (root === null) return;
    const [defaults] = root.getElementsByTagName('w:docDefaults');
    if (defaults !== undefined) this.#defaults = { font: fontIn(defaults), bold: boldIn(defaults) ?? false };
    for (const style of root.getElementsByTagName('w:style')) {
      const id = style.getAttribute('w:styleId');
      if (id === null) continue;
      const isDefault =
        style.getAttribute('w:default') === '1' && style.getAttribute('w:type') === 'paragraph';
      if (isDefault) this.#defaultStyle = id;
      const basedOn = first(style, 'w:basedOn')?.getAttribute('w:val') ?? null;
      this.#styles.set(id, { basedOn, font: fontIn(style), bold: boldIn(style) });
    }
  }

  /** @param paragraph the paragraph's style, `run` the run's; null for none. */
  look(paragraph: string | null, run: string | null): Look {
    const own = this.#resolve(run);
    const around = this.#resolve(paragraph ?? this.#defaultStyle);
    return {
      font: own.font ?? around.font ?? this.#defaults.font,
      bold: own.bold ?? around.bold ?? this.#defaults.bold,
    };
  }

  #resolve(id: string | null): { font: string | null; bold: boolean | null } {
    let [font, bold]: [string | null, boolean | null] = [null, null];
    let next = id;
    for (let depth = 0; next !== null && depth < MOST_ANCESTORS; depth += 1) {
      const style = this.#styles.get(next);
      if (style === undefined) break;
      font ??= style.font;
      bold ??= style.bold;
      next = style.basedOn;
    }
    return { font, bold };
  }
}

const first = (element: Element, name: string): Element | undefined => element.getElementsByTagName(name)[0];

const fontIn = (element: Element): string | null =>
  first(element, 'w:rFonts')?.getAttribute('w:ascii') ?? null;

function boldIn(element: Element): boolean | null {
  const bold = first(element, 'w:b');
  return bold === undefined ? null : !['0', 'false'].includes(bold.getAttribute('w:val') ?? '');
}
