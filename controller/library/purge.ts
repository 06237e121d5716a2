import { SCENE_TYPE } from '#devices/scene';
import type { BlobStore } from '../blobs/store.ts';
import type { Store } from '../database/open.ts';
import { STORED_BLOBS } from '../desired/stored.ts';

/** So long a removal can be undone. */
export const UNDO_DAYS = 30;
/** At most so many at a time; the next sweep goes on. */
const AT_A_TIME = 200;

/** What media is: pictures that devices sent as evidence are of the same types, and are cleared away by `evidence`. */
const TYPES = JSON.stringify([
  ...['audio/ogg', 'audio/mpeg', SCENE_TYPE],
  ...['image/png', 'image/jpeg', 'image/webp', 'video/webm', 'video/mp4'],
]);

/**
 * Deletes the sound of assets that were removed long ago, and every media file that nothing names: no asset, no programme,
 * no picture of the library, no scene that is there itself, no plan that some device may still hold, no broadcast that may
 * still be fetched, nothing that is stored on devices, no incident, no evidence. To be called while nothing is being stored.
 * @returns how many files it deleted.
 */
export function purge({ sqlite }: Store, blobs: BlobStore, now: number): number {
  const before = now - UNDO_DAYS * 86_400_000;
  sqlite
    .prepare(
      `UPDATE asset SET opus_sha256 = NULL, mp3_sha256 = NULL, peaks = NULL
        WHERE removed_at < ? AND id NOT IN (SELECT asset_id FROM stored_message WHERE removed_at IS NULL)
          AND id NOT IN (SELECT asset_id FROM incident_message) AND (opus_sha256 IS NOT NULL OR mp3_sha256 IS NOT NULL)`,
    )
    .run(before);
  const names = sqlite
    .prepare<unknown[], string>(
      `SELECT sha256 FROM blob WHERE type IN (SELECT value FROM json_each(?)) AND created_at < ?
          AND sha256 NOT IN (SELECT opus_sha256 FROM asset WHERE opus_sha256 IS NOT NULL)
          AND sha256 NOT IN (SELECT mp3_sha256 FROM asset WHERE mp3_sha256 IS NOT NULL)
          AND sha256 NOT IN (SELECT scene_sha256 FROM programme WHERE scene_sha256 IS NOT NULL)
          AND sha256 NOT IN (${STORED_BLOBS})
          AND sha256 NOT IN (SELECT scene_sha256 FROM stored_message)
          AND sha256 NOT IN (SELECT scene_sha256 FROM incident_message WHERE scene_sha256 IS NOT NULL)
          AND sha256 NOT IN (SELECT source_sha256 FROM visual WHERE source_sha256 IS NOT NULL)
          AND sha256 NOT IN (SELECT thumbnail_sha256 FROM visual WHERE thumbnail_sha256 IS NOT NULL)
          AND sha256 NOT IN (SELECT film_sha256 FROM visual WHERE film_sha256 IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM visual_fit WHERE file_sha256 = blob.sha256)
          AND NOT EXISTS (SELECT 1 FROM scene_file WHERE file_sha256 = blob.sha256)
          AND NOT EXISTS (SELECT 1 FROM evidence WHERE sha256 = blob.sha256)
          AND NOT EXISTS (SELECT 1 FROM plan_blob WHERE blob_sha256 = blob.sha256)
          AND NOT EXISTS (SELECT 1 FROM broadcast_blob WHERE blob_sha256 = blob.sha256)
        LIMIT ${AT_A_TIME}`,
    )
    .pluck()
    .all(TYPES, before);
  // A scene that goes lets go of its pictures; the next sweep finds them.
  const letGo = sqlite.prepare('DELETE FROM scene_file WHERE scene_sha256 = ?');
  return names.filter((sha256) => {
    letGo.run(sha256);
    return blobs.remove(sha256);
  }).length;
}
