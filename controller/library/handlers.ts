import path from 'node:path';
import type { BlobStore } from '../blobs/store.ts';
import { Failure } from '../failure.ts';
import type { Asset, libraryRoutes } from '../http/contract/library.ts';
import type { Handlers } from '../http/handlers.ts';
import { announcedBytes, drain } from '../http/upload.ts';
import { assetView } from './asset-view.ts';
import type { Library } from './library.ts';
import type { Playlists } from './playlists.ts';
import type { Programmes } from './programmes.ts';

export interface LibraryHandlerDeps {
  readonly library: Library;
  readonly programmes: Programmes;
  readonly playlists: Playlists;
  readonly blobs: BlobStore;
}

/** The operations of the library, for the HTTP core. */
export function libraryHandlers({
  library,
  programmes,
  playlists,
  blobs,
}: LibraryHandlerDeps): Handlers<typeof libraryRoutes> {
  const shown = (id: string): Asset => assetView(library.asset(id), library.progress.of(id));
  return {
    'GET /assets': async ({ query }) =>
      library.rows.list(query).map((row) => assetView(row, library.progress.of(row.id))),
    'POST /assets': async ({ query, caller, request }) => {
      try {
        return shown(
          await library.upload(request, { ...query, expectedBytes: announcedBytes(request), by: caller.id }),
        );
      } catch (error) {
        drain(request);
        throw error;
      }
    },
    'GET /assets/{id}': async ({ params: { id } }) => shown(id),
    'PATCH /assets/{id}': async ({ params: { id }, body: { title } }) => {
      library.rename(id, title);
      return shown(id);
    },
    'POST /assets/{id}/cancel': async ({ params: { id } }) => {
      const before = shown(id);
      await library.cancel(id);
      // An upload that is cancelled while it arrives was never an asset: what is answered is the last of it.
      return library.rows.find(id) === undefined || before.state === 'receiving'
        ? { ...before, state: 'cancelled', stage: null }
        : shown(id);
    },
    'DELETE /assets/{id}': async ({ params: { id } }) => {
      await library.remove(id);
      return {};
    },
    'POST /assets/{id}/restore': async ({ params: { id } }) => {
      library.restore(id);
      return shown(id);
    },
    'GET /assets/{id}/peaks': async ({ params: { id } }) => {
      const { duration_ms } = library.asset(id);
      const peaks = library.rows.peaks(id);
      if (peaks === null || duration_ms === null) throw notReady(id);
      return {
        durationMs: duration_ms,
        peaks: Array.from(peaks, (peak) => Math.round((peak / 255) * 1_000) / 1_000),
      };
    },
    'GET /assets/{id}/audio': async ({ params: { id }, response }) => {
      const { mp3_sha256 } = library.asset(id);
      if (mp3_sha256 === null) throw notReady(id);
      await new Promise<void>((resolve, reject) => {
        response.sendFile(
          path.resolve(blobs.path(mp3_sha256)),
          // The file is named by its content and never changes; only the session decides who may have it.
          {
            headers: {
              'Content-Type': 'audio/mpeg',
              ETag: `"${mp3_sha256}"`,
              'Cache-Control': 'private, max-age=86400',
            },
            cacheControl: false,
            lastModified: false,
            dotfiles: 'allow',
          },
          (error) => (error === undefined || response.headersSent ? resolve() : reject(error)),
        );
      });
      return undefined;
    },
    'GET /programmes': async ({ query }) => programmes.list(query.search),
    'POST /programmes': async ({ body, caller }) => programmes.add(body, caller.id),
    'GET /programmes/{id}': async ({ params: { id } }) => programmes.get(id),
    'PATCH /programmes/{id}': async ({ params: { id }, body }) => programmes.change(id, body),
    'DELETE /programmes/{id}': async ({ params: { id } }) => {
      programmes.remove(id);
      return {};
    },
    'POST /programmes/{id}/restore': async ({ params: { id } }) => programmes.restore(id),
    'GET /playlists': async () => playlists.list(),
    'POST /playlists': async ({ body, caller }) => playlists.add(body, caller.id),
    'GET /playlists/{id}': async ({ params: { id } }) => playlists.get(id),
    'PATCH /playlists/{id}': async ({ params: { id }, body }) => playlists.change(id, body),
    'DELETE /playlists/{id}': async ({ params: { id } }) => {
      playlists.remove(id);
      return {};
    },
    'POST /playlists/{id}/restore': async ({ params: { id } }) => playlists.restore(id),
  };
}

const notReady = (id: string): Failure =>
  new Failure('not-ready', `The sound ${id} is not ready yet; wait until it is.`, { status: 409 });
