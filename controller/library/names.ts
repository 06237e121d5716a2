/** What a file was called, fit to be shown: no folders, no invisible or direction-changing characters. Never a path. */
export function shownName(filename: string): string {
  const last = filename.split(/[/\\]/).at(-1) ?? '';
  return last
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, 255);
}

/** A title for who gave none: the name without its ending. */
export function titleOf(filename: string): string {
  const title = shownName(filename)
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replaceAll('_', ' ')
    .trim();
  return (title === '' ? shownName(filename) : title).slice(0, 200) || '—';
}
