/** Live sessions of a microphone; the id is the broadcast's. A row whose `end` is null is under way. */
export const live = `
CREATE TABLE live_session (
  id TEXT PRIMARY KEY, title TEXT NOT NULL,
  end TEXT CHECK (end IN ('by-operator','lease-over','stopped','too-long','controller-stopped')),
  end_chime INTEGER NOT NULL, lead_ms REAL NOT NULL, late_share REAL NOT NULL DEFAULT 0,
  asked INTEGER NOT NULL DEFAULT 0, listened INTEGER NOT NULL DEFAULT 0,
  created_by TEXT, created_at INTEGER NOT NULL, on_air_at INTEGER, ended_at INTEGER,
  recording_asset_id TEXT REFERENCES asset(id)
) STRICT;
CREATE INDEX live_session_open ON live_session(id) WHERE end IS NULL;
`;
