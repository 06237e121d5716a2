import { wordsOf } from '#devices/render/words';
import { escaped } from './html.ts';
import type { PageSite } from './page.ts';
import type { PastItem, StandingItem } from './standing-item.ts';
import { WORDS } from './words.ts';

const MOST = 30;

/** The same as ATOM 1.0 (RFC 4287), for readers of news and other programs. */
export function feedOf(
  { name, publicUrl }: PageSite,
  at: number,
  standing: readonly StandingItem[],
  past: readonly PastItem[],
): string {
  const root = `${publicUrl}/public/board`;
  const element = (tag: string, text: string): string => `<${tag}>${escaped(text)}</${tag}>`;
  const time = (ms: number): string => new Date(ms).toISOString();
  const entries = [
    ...standing.map((item) => ({
      ...item,
      at: item.since,
      words: wordsOf(item.scene),
      language: item.scene.language,
    })),
    ...past.map((item) => ({ ...item, at: item.firstAt })),
  ]
    .slice(0, MOST)
    .map(({ id, title, at: began, words, language, priority }) =>
      [
        `<entry xml:lang="${escaped(language)}">`,
        element('id', `${root}/${id}`),
        element('title', priority === 'emergency' ? `[${WORDS.vi.emergency}] ${title}` : title),
        element('updated', time(began)),
        element('content', words),
        `<link rel="alternate" type="text/html" href="${escaped(`${root}/${id}`)}"/>`,
        '</entry>',
      ].join(''),
    );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi">',
    element('id', `${root}/feed.atom`),
    element('title', WORDS.vi.of(name)),
    element('updated', time(at)),
    `<author>${element('name', name)}</author>`,
    `<link rel="self" type="application/atom+xml" href="${escaped(`${root}/feed.atom`)}"/>`,
    `<link rel="alternate" type="text/html" href="${escaped(root)}"/>`,
    ...entries,
    '</feed>\n',
  ].join('');
}
