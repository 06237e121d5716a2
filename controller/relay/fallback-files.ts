import type { BlobStore } from '../blobs/store.ts';
import type { Store } from '../database/open.ts';

/** The sounds of a playlist that are ready, in its order; what was removed or is still on its way is left out. */
export function fallbackFiles(store: Store, blobs: Pick<BlobStore, 'path'>, playlist: string): string[] {
  return store.sqlite
    .prepare<[string], string>(
      `SELECT a.opus_sha256 FROM playlist_item i
        JOIN playlist l ON l.id = i.playlist_id AND l.removed_at IS NULL
        JOIN programme p ON p.id = i.programme_id AND p.removed_at IS NULL
        JOIN asset a ON a.id = p.asset_id AND a.state = 'ready' AND a.opus_sha256 IS NOT NULL
        WHERE i.playlist_id = ? ORDER BY i.position`,
    )
    .pluck()
    .all(playlist)
    .map((sha256) => blobs.path(sha256));
}
