import type { BlobStore } from '../blobs/store.ts';
import type { Store } from '../database/open.ts';
import { UNDO_DAYS } from '../library/purge.ts';

/** A file that was made for a zone while somebody composed, and that no scene came to name, is kept so long. */
const UNNAMED_DAYS = 2;
const DAY_MS = 86_400_000;
/** At most so many at a time; the next sweep goes on. */
const AT_A_TIME = 200;

/**
 * Deletes the files of pictures and films that were removed long ago, what was made for zones of which no scene speaks,
 * and every such file that nothing names any more: no scene, no plan that some device may still hold, no broadcast of
 * the last day, no evidence. To be called while nothing is being stored.
 * @returns how many files it deleted.
 */
export function purgeVisuals({ sqlite }: Store, blobs: BlobStore, now: number): number {
  const before = now - UNDO_DAYS * DAY_MS;
  sqlite
    .prepare(
      `DELETE FROM visual_fit WHERE file_sha256 NOT IN (SELECT file_sha256 FROM scene_file)
        AND (made_at < ? OR visual_id IN (SELECT id FROM visual WHERE removed_at < ?))`,
    )
    .run(now - UNNAMED_DAYS * DAY_MS, before);
  sqlite
    .prepare(
      `UPDATE visual SET source_sha256 = NULL, thumbnail_sha256 = NULL, film_sha256 = NULL
        WHERE removed_at < ? AND (source_sha256 IS NOT NULL OR thumbnail_sha256 IS NOT NULL OR film_sha256 IS NOT NULL)`,
    )
    .run(before);
  const names = sqlite
    .prepare<[number], string>(
      `SELECT sha256 FROM blob WHERE created_at < ?
          AND type IN ('image/png', 'image/jpeg', 'image/webp', 'video/webm', 'video/mp4', 'application/octet-stream')
          AND sha256 NOT IN (SELECT source_sha256 FROM visual WHERE source_sha256 IS NOT NULL)
          AND sha256 NOT IN (SELECT thumbnail_sha256 FROM visual WHERE thumbnail_sha256 IS NOT NULL)
          AND sha256 NOT IN (SELECT film_sha256 FROM visual WHERE film_sha256 IS NOT NULL)
          AND sha256 NOT IN (SELECT file_sha256 FROM visual_fit)
          AND sha256 NOT IN (SELECT file_sha256 FROM scene_file)
          AND sha256 NOT IN (SELECT sha256 FROM evidence)
          AND NOT EXISTS (SELECT 1 FROM plan_blob WHERE blob_sha256 = blob.sha256)
          AND NOT EXISTS (SELECT 1 FROM broadcast_blob WHERE blob_sha256 = blob.sha256)
        LIMIT ${AT_A_TIME}`,
    )
    .pluck()
    .all(now - UNNAMED_DAYS * DAY_MS);
  return names.filter((sha256) => blobs.remove(sha256)).length;
}
