import { CAP_NAMESPACE } from './cap-schema.ts';
import { CapRefusal } from './refusal.ts';
import { childrenNamed, type Element, readXml, standingAlone } from './safe-xml.ts';

const ATOM = 'http://www.w3.org/2005/Atom';
/** What a link to an alert may say that it leads to; nothing said is as good. */
const XML_TYPES = ['application/cap+xml', 'application/xml', 'text/xml', ''];
/** The newest stand first; older ones were seen before. */
const MOST_ENTRIES = 200;

/** One alert of a feed: it stands there itself, or where the link leads. */
export interface FeedEntry {
  /** By which it is known again; another one when it was changed. */
  readonly key: string;
  readonly alert: { readonly xml: string } | { readonly link: URL } | null;
}

/**
 * Reads ATOM 1.0 (RFC 4287) and RSS 2.0. An entry without an alert is passed over, but known again.
 * @param base where the feed is, for links that are relative.
 * @throws CapRefusal `not-xml`, `not-cap` when it is no feed.
 */
export function readFeed(text: string, base: URL): FeedEntry[] {
  return readXml(text, ({ root }) => {
    if (root.name === 'feed' && root.namespaceUri === ATOM) {
      return childrenNamed(root, 'entry', ATOM)
        .slice(0, MOST_ENTRIES)
        .map((entry) => atomEntry(entry, base));
    }
    const [channel] = root.name === 'rss' ? childrenNamed(root, 'channel', '') : [];
    if (channel === undefined) throw new CapRefusal('not-cap', 'It is neither an ATOM feed nor an RSS feed.');
    return childrenNamed(channel, 'item', '')
      .slice(0, MOST_ENTRIES)
      .map((item) => rssItem(item, base));
  });
}

function atomEntry(entry: Element, base: URL): FeedEntry {
  const text = (name: string): string => childrenNamed(entry, name, ATOM)[0]?.content.trim() ?? '';
  const links = childrenNamed(entry, 'link', ATOM).map((link) => ({
    href: link.attr('href')?.value ?? '',
    rel: link.attr('rel')?.value ?? 'alternate',
    type: plainType(link.attr('type')?.value),
  }));
  const content = childrenNamed(entry, 'content', ATOM)[0];
  const src = content?.attr('src')?.value;
  const inline = content === undefined ? undefined : childrenNamed(content, 'alert', CAP_NAMESPACE)[0];
  const said = links.find(({ type }) => type === 'application/cap+xml');
  const likely = links.find(
    ({ rel, type }) => ['alternate', 'enclosure'].includes(rel) && XML_TYPES.includes(type),
  );
  const href = src ?? said?.href ?? likely?.href;
  return {
    key: `${text('id') || href || ''} ${text('updated')}`.slice(0, 600),
    alert: inline === undefined ? linkOf(href, base) : { xml: standingAlone(inline) },
  };
}

function rssItem(item: Element, base: URL): FeedEntry {
  const text = (name: string): string => childrenNamed(item, name, '')[0]?.content.trim() ?? '';
  const [enclosure] = childrenNamed(item, 'enclosure', '').filter((each) =>
    XML_TYPES.includes(plainType(each.attr('type')?.value)),
  );
  const [inline] = childrenNamed(item, 'alert', CAP_NAMESPACE);
  const href = enclosure?.attr('url')?.value ?? (text('link') || undefined);
  return {
    key: `${text('guid') || href || ''} ${text('pubDate')}`.slice(0, 600),
    alert: inline === undefined ? linkOf(href, base) : { xml: standingAlone(inline) },
  };
}

function linkOf(href: string | undefined, base: URL): { link: URL } | null {
  if (href === undefined || href === '' || !URL.canParse(href, base.href)) return null;
  return { link: new URL(href, base.href) };
}

const plainType = (type: string | undefined): string =>
  (type ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
