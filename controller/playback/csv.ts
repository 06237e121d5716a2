/**
 * CSV by RFC 4180: every field quoted, quotes doubled, lines ended by CRLF, UTF-8 with a byte order mark.
 *
 * The separator follows the reader's language, not the standard alone. Excel splits a file that is opened by a
 * double-click at the list separator of the region, and with a decimal comma, as in Vietnam, that is a semicolon. (The
 * other way out, a first line `sep=;`, makes Excel forget the byte order mark and mangle every Vietnamese letter.)
 * Numbers are whole, so that no decimal sign can be misread. LibreOffice and Google Sheets recognise both.
 */
export type Separator = ';' | ',';

export const BYTE_ORDER_MARK = '\uFEFF';

export function csvLine(fields: readonly (string | number | null)[], separator: Separator): string {
  return `${fields.map(csvField).join(separator)}\r\n`;
}

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe before it: what people type into a title must not run
 * on the machine of whoever opens the export (OWASP, CSV injection). Numbers are ours, and may be negative.
 */
function csvField(value: string | number | null): string {
  if (value === null) return '""';
  if (typeof value === 'number') return `"${value}"`;
  const harmless = /^[\s]*[=+\-@]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}
