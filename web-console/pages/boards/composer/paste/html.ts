/** A piece of HTML as it was written; nothing of it is ever carried out. */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: ReadonlyMap<string, string>;
      readonly empty: boolean;
    }
  | { readonly kind: 'close'; readonly name: string };

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  bull: '•',
  middot: '·',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  deg: '°',
};
const EMPTY = new Set(['br', 'hr', 'img', 'meta', 'link', 'input', 'wbr', 'col', 'source']);
/** Their content is no text. */
const RAW = new Set(['style', 'script', 'title', 'xml', 'template', 'noscript', 'svg', 'math', 'object']);

const codePoint = (value: number): string =>
  value > 0 && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff) ? String.fromCodePoint(value) : '';

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, (all, decimal, hex, name) =>
    decimal !== undefined
      ? codePoint(Number(decimal))
      : hex !== undefined
        ? codePoint(Number.parseInt(hex, 16))
        : (NAMED[name as string] ?? all),
  );

const TAG = /<(\/?)([a-zA-Z][\w:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>/y;
const ATTRIBUTE = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE))
    found.set(name.toLowerCase(), decoded(double ?? single ?? bare ?? ''));
  return found;
}

/**
 * Reads HTML as word processors and browsers put it on the clipboard. A reader of our own and not the browser's:
 * it fetches no picture, runs no script and gives the same everywhere.
 */
export function tokensOf(html: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < html.length) {
    const next = html.indexOf('<', at);
    const end = next === -1 ? html.length : next;
    if (end > at) tokens.push({ kind: 'text', text: decoded(html.slice(at, end)) });
    if (next === -1) break;
    at = next;
    if (html.startsWith('<!--', at)) {
      const close = html.indexOf('-->', at + 4);
      at = close === -1 ? html.length : close + 3;
      continue;
    }
    if (html.startsWith('<!', at) || html.startsWith('<?', at)) {
      const close = html.indexOf('>', at);
      at = close === -1 ? html.length : close + 1;
      continue;
    }
    TAG.lastIndex = at;
    const match = TAG.exec(html);
    if (match === null) {
      tokens.push({ kind: 'text', text: '<' });
      at += 1;
      continue;
    }
    const [all, slash, written = '', rest = ''] = match;
    const name = written.toLowerCase();
    at += all.length;
    if (slash === '/') tokens.push({ kind: 'close', name });
    else if (RAW.has(name) && !rest.endsWith('/')) {
      const close = html.toLowerCase().indexOf(`</${name}`, at);
      const over = close === -1 ? -1 : html.indexOf('>', close);
      at = over === -1 ? html.length : over + 1;
    } else
      tokens.push({
        kind: 'open',
        name,
        attributes: attributesOf(rest),
        empty: EMPTY.has(name) || rest.endsWith('/'),
      });
  }
  return tokens;
}
