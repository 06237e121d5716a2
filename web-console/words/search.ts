const plain = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();

/** Whether every word that was typed is in the texts; marks may be left out, as people do on a phone. */
export function matches(typed: string, ...texts: (string | null | undefined)[]): boolean {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const all = plain(texts.filter((text) => text !== null && text !== undefined).join(' '));
  return words.every((word) => all.includes(word));
}
