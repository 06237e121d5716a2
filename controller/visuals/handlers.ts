import path from 'node:path';
import type { Response } from 'express';
import type { BlobStore } from '../blobs/store.ts';
import type { Store } from '../database/open.ts';
import type { Documents } from '../documents/documents.ts';
import { Failure, notFound } from '../failure.ts';
import type { visualRoutes } from '../http/contract/visuals.ts';
import type { Handlers } from '../http/handlers.ts';
import { announcedBytes, drain } from '../http/upload.ts';
import type { Fitting } from './fitting.ts';
import type { Visuals } from './visuals.ts';

export interface VisualHandlerDeps {
  readonly store: Store;
  readonly visuals: Visuals;
  readonly fitting: Fitting;
  readonly documents: Documents;
  readonly blobs: BlobStore;
}

/** The operations of pictures, films and documents, for the HTTP core. */
export function visualHandlers(deps: VisualHandlerDeps): Handlers<typeof visualRoutes> {
  const { store, visuals, fitting, documents, blobs } = deps;
  const named = store.sqlite
    .prepare<{ sha256: string }, string>(
      `SELECT type FROM blob WHERE sha256 = :sha256 AND (EXISTS (SELECT 1 FROM visual_fit WHERE file_sha256 = :sha256)
        OR EXISTS (SELECT 1 FROM scene_file WHERE file_sha256 = :sha256))`,
    )
    .pluck();
  return {
    'GET /visuals': async ({ query }) => visuals.list(query),
    'POST /visuals': async ({ query, caller, request }) => {
      try {
        const upload = { ...query, expectedBytes: announcedBytes(request), by: caller.id };
        return visuals.view(await visuals.upload(request, upload));
      } catch (error) {
        drain(request);
        throw error;
      }
    },
    'GET /visuals/{id}': async ({ params: { id } }) => visuals.view(id),
    'PATCH /visuals/{id}': async ({ params: { id }, body }) => {
      visuals.change(id, body);
      return visuals.view(id);
    },
    'POST /visuals/{id}/cancel': async ({ params: { id } }) => {
      const before = visuals.view(id);
      await visuals.cancel(id);
      // An upload that is cancelled while it arrives was never there: what is answered is the last of it.
      return before.state === 'receiving' ? { ...before, state: 'cancelled' } : visuals.view(id);
    },
    'DELETE /visuals/{id}': async ({ params: { id } }) => {
      await visuals.remove(id);
      return {};
    },
    'POST /visuals/{id}/restore': async ({ params: { id } }) => {
      visuals.restore(id);
      return visuals.view(id);
    },
    'GET /visuals/{id}/thumbnail': async ({ params: { id }, response }) => {
      const { thumbnail_sha256 } = visuals.row(id);
      return sendBlob(response, blobs, thumbnail_sha256 ?? missing(id), 'image/webp');
    },
    'GET /visuals/{id}/film': async ({ params: { id }, response }) => {
      const { film_sha256 } = visuals.row(id);
      return sendBlob(response, blobs, film_sha256 ?? missing(id), 'video/webm');
    },
    'POST /visuals/{id}/fit': async ({ params: { id }, body: { width, height, fit } }) =>
      fitting.fitSoon(id, { width, height }, fit),
    'GET /scene-files/{id}': async ({ params: { id: sha256 }, response }) => {
      const type = named.get({ sha256 });
      if (type === undefined) throw notFound('file of a scene', sha256);
      return sendBlob(response, blobs, sha256, type);
    },
    'POST /documents/text': async ({ query: { filename }, request }) => {
      try {
        return await documents.textOf(request, { filename, expectedBytes: announcedBytes(request) });
      } catch (error) {
        drain(request);
        throw error;
      }
    },
  };
}

/** A file that is named by its content and never changes; only the session decides who may have it. Answers Range. */
async function sendBlob(
  response: Response,
  blobs: BlobStore,
  sha256: string,
  type: string,
): Promise<undefined> {
  const headers = {
    'Content-Type': type,
    ETag: `"${sha256}"`,
    'Cache-Control': 'private, max-age=86400',
    // Whatever it is, it is looked at within our own pages and never opened as a page.
    'Content-Security-Policy': "default-src 'none'; sandbox",
  };
  await new Promise<void>((resolve, reject) => {
    response.sendFile(
      path.resolve(blobs.path(sha256)),
      { headers, cacheControl: false, lastModified: false, dotfiles: 'allow' },
      (error) => (error === undefined || response.headersSent ? resolve() : reject(error)),
    );
  });
  return undefined;
}

function missing(id: string): never {
  throw new Failure('not-ready', `The picture or film ${id} is not ready yet; wait until it is.`, {
    status: 409,
  });
}
