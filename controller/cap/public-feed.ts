import { type Response, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Changes } from '../changes.ts';
import { notFound } from '../failure.ts';
import { sendProblem } from '../http/problem.ts';
import type { OwnMessages } from './own-messages.ts';
import { capTime, element, escaped, type OwnMessage, writeMessage } from './write-message.ts';

export interface PublicFeedDeps {
  readonly own: OwnMessages;
  readonly changes: Changes;
  readonly siteName: string;
  readonly publicUrl: string;
  /** IANA. */
  readonly zone: string;
  /** Calls in a minute from one address. */
  readonly limit?: number;
}

const CALLS_A_MINUTE = 120;
const FRESH_SECONDS = 15;
const NEVER = Date.UTC(2026, 0, 1);

/** `/public/cap`: own incidents as CAP 1.2, for whoever wants them; without an account. */
export function publicFeedRouter(deps: PublicFeedDeps): Router {
  const { own, changes, zone, limit = CALLS_A_MINUTE } = deps;
  const router = Router({ caseSensitive: true });
  // Drawn once for all who ask, until something changes.
  let feed: string | null = null;
  changes.listen((entity) => {
    if (entity === 'incident' || entity === 'policy') feed = null;
  });
  router.use(
    rateLimit({
      ...{ windowMs: 60_000, limit, standardHeaders: 'draft-8', legacyHeaders: false },
      handler: (_request, response) => {
        sendProblem(response, {
          ...{ status: 429, code: 'too-many-requests' },
          detail: 'Too many requests from this address; try again in a minute.',
        });
      },
    }),
  );
  router.get('/cap/feed.atom', (_request, response) => {
    feed ??= writeFeed(deps, own.latest());
    cacheable(response).type('application/atom+xml').send(feed);
  });
  router.get('/cap/:name', (request, response) => {
    const identifier = /^([A-Za-z0-9.-]{1,64})\.xml$/.exec(request.params.name)?.[1] ?? '';
    const message = own.find(identifier);
    if (message === undefined) throw notFound('alert', request.params.name.slice(0, 80));
    cacheable(response).type('application/cap+xml').send(writeMessage(message, zone));
  });
  return router;
}

const cacheable = (response: Response): Response =>
  response
    .set('Cache-Control', `public, max-age=${FRESH_SECONDS}`)
    .set('Access-Control-Allow-Origin', '*')
    .set('Cross-Origin-Resource-Policy', 'cross-origin');

/** ATOM 1.0 (RFC 4287), as the CAP feeds of weather services are. */
function writeFeed({ siteName, publicUrl, zone }: PublicFeedDeps, messages: readonly OwnMessage[]): string {
  const at = (name: string): string => `${publicUrl.replace(/\/$/, '')}/public/cap/${name}`;
  const entries = messages.map(({ identifier, sender, sent, headline, description, status }) =>
    [
      '<entry>',
      element('id', `urn:x-cap:${sender}:${identifier}`),
      element('title', status === 'Exercise' ? `[Exercise] ${headline}` : headline),
      element('updated', capTime(sent, zone)),
      element('summary', description),
      `<link rel="alternate" type="application/cap+xml" href="${escaped(at(`${identifier}.xml`))}"/>`,
      '</entry>',
    ].join(''),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
    element('id', at('feed.atom')),
    element('title', siteName),
    element('updated', capTime(messages[0]?.sent ?? NEVER, zone)),
    `<author>${element('name', siteName)}</author>`,
    `<link rel="self" type="application/atom+xml" href="${escaped(at('feed.atom'))}"/>`,
    ...entries,
    '</feed>\n',
  ].join('');
}
