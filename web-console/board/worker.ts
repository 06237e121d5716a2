/**
 * Keeps the page's own files, so that it starts without any network after a power cut. It keeps nothing else: what the
 * board shows lies in the page's database, under its hash.
 */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetched extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  addEventListener(type: 'install' | 'activate', listen: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listen: (event: Fetched) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
}
declare const self: Worker;
/** Put in at the build: the page and the hashed files that it loads. */
declare const BOARD_FILES: { readonly version: string; readonly files: readonly string[] };

const PAGE = '/board';
const OURS = 'loa-board-';
const { version, files } = BOARD_FILES;
const cacheName = `${OURS}${version}`;

self.addEventListener('install', (event) => {
  // All or nothing: an old page that is whole is better than a new one that is not.
  const kept = caches.open(cacheName).then((cache) => cache.addAll([PAGE, ...files].map(afresh)));
  event.waitUntil(kept.then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const cleared = caches
    .keys()
    .then((names) =>
      Promise.all(
        names
          .filter((name) => name.startsWith(OURS) && name !== cacheName)
          .map((name) => caches.delete(name)),
      ),
    );
  event.waitUntil(cleared.then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  const page = request.mode === 'navigate' && (pathname === PAGE || pathname === `${PAGE}/`);
  if (!page && !files.includes(pathname)) return;
  event.respondWith(keptOrFetched(request, page ? PAGE : pathname));
});

async function keptOrFetched(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(path)) ?? (await fetch(request));
}

const afresh = (path: string): Request => new Request(path, { cache: 'reload' });

export {};
