/**
 * Incidents and drills, the messages that are stored on every device, and by which broadcasts each message went out.
 * A rehearsal is a broadcast that is prepared and never starts; it is said in its row, so that no later life of the
 * program starts it.
 */
export const incidents = `
CREATE TABLE stored_message (
  id TEXT PRIMARY KEY, purpose TEXT NOT NULL CHECK (purpose IN ('message','drill')), title TEXT NOT NULL, heading TEXT,
  text TEXT NOT NULL, language TEXT NOT NULL, asset_id TEXT NOT NULL REFERENCES asset(id), spoken INTEGER NOT NULL,
  scene_sha256 TEXT NOT NULL REFERENCES blob(sha256),
  created_by TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;
CREATE INDEX stored_message_asset ON stored_message(asset_id);

CREATE TABLE incident (
  id TEXT PRIMARY KEY, drill TEXT CHECK (drill IN ('silent','audible')),
  source TEXT NOT NULL CHECK (source IN ('person','cap','province')),
  title TEXT NOT NULL, language TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft','waiting','active','cleared','expired','cancelled')),
  targets TEXT NOT NULL, siren_asset_id TEXT REFERENCES asset(id), repeats INTEGER NOT NULL, minutes INTEGER NOT NULL,
  stored_message_id TEXT REFERENCES stored_message(id), drill_text TEXT, drill_asset_id TEXT REFERENCES asset(id),
  created_at INTEGER NOT NULL, created_by TEXT, created_by_id TEXT,
  confirmed_at INTEGER, confirmed_by TEXT, confirmed_by_id TEXT, second_at INTEGER, second_by TEXT, second_by_id TEXT,
  glass_reason TEXT, glass_by TEXT, glass_by_id TEXT, glass_at INTEGER,
  reviewed_by TEXT, reviewed_at INTEGER, verdict TEXT CHECK (verdict IN ('justified','not-justified')), review_note TEXT,
  activated_at INTEGER, expires_at INTEGER, ended_at INTEGER, ended_by TEXT, counts TEXT NOT NULL
) STRICT;
CREATE INDEX incident_active ON incident(state) WHERE state = 'active';

CREATE TABLE incident_message (
  id TEXT PRIMARY KEY, incident_id TEXT NOT NULL REFERENCES incident(id),
  kind TEXT NOT NULL CHECK (kind IN ('alert','update','all-clear')), heading TEXT, text TEXT NOT NULL,
  asset_id TEXT NOT NULL REFERENCES asset(id), scene_sha256 TEXT REFERENCES blob(sha256),
  siren INTEGER NOT NULL, repeats INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing','ready','sent','failed')), reason TEXT,
  created_at INTEGER NOT NULL, sent_at INTEGER, by TEXT
) STRICT;
CREATE INDEX incident_message_of ON incident_message(incident_id);
CREATE INDEX incident_message_asset ON incident_message(asset_id);

CREATE TABLE incident_broadcast (
  broadcast_id TEXT PRIMARY KEY, message_id TEXT NOT NULL REFERENCES incident_message(id),
  role TEXT NOT NULL CHECK (role IN ('siren','sound','board')), created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_broadcast_of ON incident_broadcast(message_id);

ALTER TABLE broadcast ADD COLUMN rehearsal INTEGER NOT NULL DEFAULT 0;
`;
