/**
 * Which files devices may fetch because a broadcast names them, and until when: asked at every download, by its hash.
 */
export const broadcastBlobs = `
CREATE TABLE broadcast_blob (
  blob_sha256 TEXT NOT NULL, until INTEGER NOT NULL, broadcast_id TEXT NOT NULL REFERENCES broadcast(id) ON DELETE CASCADE,
  PRIMARY KEY (blob_sha256, until, broadcast_id)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO broadcast_blob (blob_sha256, until, broadcast_id)
  SELECT rendition.value ->> 'sha256', b.created_at + 86400000, b.id FROM broadcast b,
    json_each(b.body, '$.parts') part, json_each(part.value, '$.renditions') rendition
  WHERE b.created_at > unixepoch() * 1000 - 86400000;
`;
