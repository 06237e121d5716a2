/**
 * Broadcasts that are started by hand, how far each device came with them, and by which commands. What a device does
 * after it was stopped counts against `stop_asked`: the controller asked, the device has not said yet.
 */
export const broadcasts = `
CREATE TABLE broadcast (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, priority TEXT NOT NULL, resume TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing','started','ended','stopped','failed')), reason TEXT,
  content_kind TEXT NOT NULL CHECK (content_kind IN ('programme','playlist')), content_id TEXT NOT NULL,
  targets TEXT NOT NULL, addresses TEXT NOT NULL, body TEXT NOT NULL,
  duration_ms REAL NOT NULL, volume INTEGER, patience_ms INTEGER NOT NULL,
  created_by TEXT, created_at INTEGER NOT NULL, t0 INTEGER, ended_at INTEGER, counts TEXT NOT NULL
) STRICT;
CREATE INDEX broadcast_created ON broadcast(created_at);
CREATE TABLE broadcast_device (
  broadcast_id TEXT NOT NULL REFERENCES broadcast(id) ON DELETE CASCADE, device_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked','received','ready','started','ended','stopped','rejected','absent')),
  reason TEXT, started_at REAL, boot INTEGER, stop_asked INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL,
  PRIMARY KEY (broadcast_id, device_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE broadcast_command (
  id TEXT PRIMARY KEY, broadcast_id TEXT NOT NULL REFERENCES broadcast(id) ON DELETE CASCADE,
  type TEXT NOT NULL CHECK (type IN ('prepare','start','stop','set-volume')), sent_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX broadcast_command_sent ON broadcast_command(sent_at);
CREATE INDEX broadcast_command_of ON broadcast_command(broadcast_id);

ALTER TABLE command ADD COLUMN self_test TEXT;
CREATE INDEX command_self_test ON command(device_id, issued_at) WHERE self_test IS NOT NULL;
`;
