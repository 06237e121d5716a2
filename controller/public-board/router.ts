import { createHash } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { sendProblem } from '../http/problem.ts';
import type { BoardWatch } from './board-watch.ts';
import { type Counter, isReader } from './counter.ts';
import { feedOf } from './feed.ts';
import type { PublicItems } from './items.ts';
import { itemPage, listPage, missingPage, type PageSite } from './page.ts';
import type { BoardPictures } from './pictures.ts';
import { SCRIPT } from './script.ts';
import { ITEM_ID, type PastItem, type StandingItem } from './standing-item.ts';
import { STYLE } from './style.ts';
import { type Language, languageOf } from './words.ts';

export interface PublicBoardDeps {
  readonly site: PageSite;
  readonly watch: Pick<BoardWatch, 'standing' | 'lookedAt' | 'revision'>;
  readonly items: PublicItems;
  readonly pictures: Pick<BoardPictures, 'page'>;
  readonly counter: Pick<Counter, 'count'>;
  /** Calls in a minute from one address. */
  readonly limit?: number;
}

const CALLS_A_MINUTE = 300;
const LATELY_MS = 7 * 86_400_000;
const FRESH_SECONDS = 15;
/** Nothing from elsewhere, no script but ours, and nobody puts the page into his own. */
const POLICY = [
  "default-src 'none'",
  "img-src 'self'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/public/board`: what the ward's boards show now and lately, for everybody; without an account. */
export function publicBoardRouter(deps: PublicBoardDeps): Router {
  const { site, watch, items, pictures, counter, limit = CALLS_A_MINUTE } = deps;
  const router = Router({ caseSensitive: true });
  const past = (): PastItem[] =>
    items.since(watch.lookedAt - LATELY_MS, new Set(watch.standing.map(({ id }) => id)));
  // Written once for all who ask, until something else stands there or the minute is over.
  let written = { key: '', list: new Map<Language, string>(), feed: '' };
  const current = () => {
    const key = `${watch.revision} ${Math.floor(watch.lookedAt / 60_000)}`;
    if (written.key !== key) written = { key, list: new Map(), feed: '' };
    return written;
  };
  const itemOf = (id: string): StandingItem | PastItem | null =>
    ITEM_ID.test(id) ? (watch.standing.find((item) => item.id === id) ?? items.find(id)) : null;
  const viewOf = (request: Request) => {
    const language = languageOf(request.query.lang, request.headers['accept-language']);
    return { site, language, at: watch.lookedAt };
  };
  const seen = (request: Request, item: string): void => {
    const purpose = request.headers['sec-purpose'] ?? request.headers.purpose;
    const reads = isReader(request.headers['user-agent'], typeof purpose === 'string' ? purpose : undefined);
    if (request.method === 'GET' && reads) counter.count('view', item);
  };

  router.use(
    '/board',
    rateLimit({
      ...{ windowMs: 60_000, limit, standardHeaders: 'draft-8', legacyHeaders: false },
      handler: (_request, response) => {
        sendProblem(response, {
          ...{ status: 429, code: 'too-many-requests' },
          detail: 'Too many requests from this address; try again in a minute.',
        });
      },
    }),
    (_request, response, next) => {
      response.set('Content-Security-Policy', POLICY).set('Referrer-Policy', 'no-referrer');
      next();
    },
  );
  router.get('/board', (request, response) => {
    const view = viewOf(request);
    const { list } = current();
    const page = list.get(view.language) ?? listPage(view, watch.standing, past());
    list.set(view.language, page);
    seen(request, '');
    sendPage(response, page);
  });
  router.get('/board/style.css', (_request, response) => {
    lasting(response, 3_600).type('css').send(STYLE);
  });
  router.get('/board/share.js', (_request, response) => {
    lasting(response, 3_600).type('js').send(SCRIPT);
  });
  router.get('/board/feed.atom', (_request, response) => {
    const now = current();
    if (now.feed === '') now.feed = feedOf(site, watch.lookedAt, watch.standing, past());
    lasting(response, FRESH_SECONDS).type('application/atom+xml').send(now.feed);
  });
  router.get('/board/:id', async (request, response) => {
    const view = viewOf(request);
    const item = itemOf(request.params.id);
    if (item === null) return sendPage(response.status(404), missingPage(view, 'gone'));
    if ('withdrawn' in item && item.withdrawn)
      return sendPage(response.status(410), missingPage(view, 'withdrawn'));
    const first = await pictures.page(item, 1).catch(() => null);
    seen(request, item.id);
    sendPage(response, itemPage(view, item, first?.pages ?? 0));
  });
  router.get('/board/:id/:picture', async (request, response, next) => {
    const number = /^(\d{1,2})\.png$/.exec(request.params.picture)?.[1];
    const item = itemOf(request.params.id);
    if (number === undefined) return next();
    const withdrawn = item !== null && 'withdrawn' in item && item.withdrawn;
    const picture = item === null || withdrawn ? null : await pictures.page(item, Number(number));
    if (picture === null) {
      return sendProblem(response, { status: 404, code: 'not-found', detail: 'There is no such picture.' });
    }
    lasting(response, 300)
      .set('ETag', picture.etag)
      // Pages that are shared elsewhere show it.
      .set('Cross-Origin-Resource-Policy', 'cross-origin')
      .sendFile(
        picture.file,
        { cacheControl: false, lastModified: false, etag: false, dotfiles: 'allow' },
        (error) => {
          // Drawn anew meanwhile, or the reader went away.
          if (error !== undefined && !response.headersSent) next(error);
        },
      );
  });
  router.post('/board/:id/share', (request, response) => {
    const item = itemOf(request.params.id);
    if (item !== null && isReader(request.headers['user-agent'], undefined)) counter.count('share', item.id);
    response.status(204).end();
  });
  router.get('/board/:id/share/facebook', (request, response) => {
    const item = itemOf(request.params.id);
    if (item === null) return sendPage(response.status(404), missingPage(viewOf(request), 'gone'));
    if (isReader(request.headers['user-agent'], undefined)) counter.count('share', item.id);
    const address = encodeURIComponent(`${site.publicUrl}/public/board/${item.id}`);
    response
      .set('Cache-Control', 'no-store')
      .redirect(303, `https://www.facebook.com/sharer/sharer.php?u=${address}`);
  });
  return router;
}

function sendPage(response: Response, page: string): void {
  const etag = `"${createHash('sha256').update(page).digest('hex').slice(0, 32)}"`;
  lasting(response, FRESH_SECONDS).set('ETag', etag).vary('Accept-Language').type('html').send(page);
}

const lasting = (response: Response, seconds: number): Response =>
  response.set('Cache-Control', `public, max-age=${seconds}`);
