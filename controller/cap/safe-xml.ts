import { ParseOption, XmlC14NMode, XmlDocument, XmlElement, type XmlError } from 'libxml2-wasm';
import { CapRefusal } from './refusal.ts';

/** Nothing is fetched, nothing is expanded, no limit is lifted: 256 levels deep at most, by libxml2 itself. */
const CAREFUL = {
  option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NO_SYS_CATALOG,
};

/** Of a parser's complaint; the rest may quote what it was given. */
const SHOWN = 200;

/**
 * XML from outside as text. Only UTF-8, the encoding that CAP asks for (section 3.3.3), so that what is looked for is
 * found however it is written; and no document type, which alone can hold entities.
 * @throws CapRefusal `too-large`, `not-utf8`, `has-doctype`.
 */
export function xmlText(bytes: Uint8Array, mostBytes: number): string {
  if (bytes.byteLength > mostBytes) {
    throw new CapRefusal('too-large', `It has ${bytes.byteLength} bytes; at most ${mostBytes} are read.`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CapRefusal('not-utf8', 'It is not written in UTF-8; send it so.', cause);
  }
  const declared = /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]*)/.exec(text)?.[1];
  if (declared !== undefined && !/^(utf-?8|us-ascii|ascii)$/i.test(declared)) {
    throw new CapRefusal('not-utf8', `It says that it is written in ${declared}; send it in UTF-8.`);
  }
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) {
    throw new CapRefusal(
      'has-doctype',
      'It has a document type or entities, which are not read. Send it without.',
    );
  }
  return text;
}

/**
 * Reads a document with what `read` makes of it, and frees it, for it lives outside of JavaScript's memory.
 * @throws CapRefusal `not-xml`.
 */
export function readXml<T>(text: string, read: (document: XmlDocument) => T): T {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(text.trimStart(), CAREFUL);
  } catch (cause) {
    const complaint = cause instanceof Error ? cause.message.slice(0, SHOWN).trim() : '';
    throw new CapRefusal('not-xml', `It is not well-formed XML: ${complaint}`, cause);
  }
  try {
    return read(document);
  } finally {
    document.dispose();
  }
}

/** The first complaint of a validator, short enough to be shown. */
export const complaintOf = (error: XmlError): string => error.message.slice(0, SHOWN).trim();

export type Element = XmlElement;

/** Its children of a name and namespace, in their order. @param namespace empty: those in none. */
export function childrenNamed(parent: Element, name: string, namespace: string): Element[] {
  const found: Element[] = [];
  for (let node = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement && node.name === name && node.namespaceUri === namespace) found.push(node);
  }
  return found;
}

/** An element as a document of its own, in the form in which signatures see it (Exclusive XML Canonicalization). */
export const standingAlone = (element: Element): string =>
  element.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 });
