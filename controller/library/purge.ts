import { SCENE_TYPE } from '#devices/scene';
import type { BlobStore } from '../blobs/store.ts';
import type { Store } from '../database/open.ts';
import { STORED_BLOBS } from '../desired/stored.ts';

/** So long a removal can be undone. */
export const UNDO_DAYS = 30;
/** At most so many at a time; the next sweep goes on. */
const AT_A_TIME = 200;

/**
 * Deletes the sound of assets that were removed long ago, and every sound and scene that nothing names: no asset, no
 * programme, no plan that some device may still hold, no broadcast that may still be fetched, nothing that is stored on
 * devices, no incident. The pictures that a scene named go by themselves (`visuals/purge.ts`). To be called while nothing is
 * being stored.
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
      `SELECT sha256 FROM blob WHERE type IN ('audio/ogg', 'audio/mpeg', ?) AND created_at < ?
          AND sha256 NOT IN (SELECT opus_sha256 FROM asset WHERE opus_sha256 IS NOT NULL)
          AND sha256 NOT IN (SELECT mp3_sha256 FROM asset WHERE mp3_sha256 IS NOT NULL)
          AND sha256 NOT IN (SELECT scene_sha256 FROM programme WHERE scene_sha256 IS NOT NULL)
          AND sha256 NOT IN (${STORED_BLOBS})
          AND sha256 NOT IN (SELECT scene_sha256 FROM stored_message)
          AND sha256 NOT IN (SELECT scene_sha256 FROM incident_message WHERE scene_sha256 IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM plan_blob WHERE blob_sha256 = blob.sha256)
          AND NOT EXISTS (SELECT 1 FROM broadcast_blob WHERE blob_sha256 = blob.sha256)
        LIMIT ${AT_A_TIME}`,
    )
    .pluck()
    .all(SCENE_TYPE, before);
  // A scene that goes lets go of its pictures.
  const letGo = sqlite.prepare('DELETE FROM scene_file WHERE scene_sha256 = ?');
  return names.filter((sha256) => {
    letGo.run(sha256);
    return blobs.remove(sha256);
  }).length;
}
