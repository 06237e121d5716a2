/**
 * A reader as strict as RFC 4180: quotes are closed, quotes inside are doubled, lines end with CRLF and are all of one
 * length. Throws at the first character that does not belong.
 */
export function parseCsv(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] !== '"')
      throw new Error(`An unquoted field at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
    let field = '';
    at += 1;
    for (;;) {
      const close = text.indexOf('"', at);
      if (close < 0) throw new Error(`A quote that opened is never closed, from ${at}`);
      field += text.slice(at, close);
      at = close + 1;
      if (text[at] !== '"') break;
      field += '"';
      at += 1;
    }
    row.push(field);
    if (text[at] === separator) at += 1;
    else if (text.startsWith('\r\n', at)) {
      if (rows[0] !== undefined && rows[0].length !== row.length)
        throw new Error(`Line ${rows.length} has ${row.length} fields`);
      rows.push(row);
      row = [];
      at += 2;
    } else
      throw new Error(`Neither a separator nor CRLF at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
  }
  if (row.length > 0) throw new Error('The last line does not end');
  return rows;
}
