/**
 * Room for what came with live sound, relays and incidents: further sources of a sound, further contents of a broadcast
 * and of a schedule, and what an administrator decides for the site. SQLite cannot change a CHECK, so three tables are
 * made anew (the procedure of its manual, "Making Other Kinds Of Table Schema Changes"); `migrate` looks after the
 * foreign keys.
 */
export const onAir = `
CREATE TABLE relay_source (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, url TEXT NOT NULL, fallback_playlist_id TEXT REFERENCES playlist(id),
  silence_ms INTEGER NOT NULL, created_by TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;

CREATE TABLE asset_new (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, filename TEXT,
  source TEXT NOT NULL CHECK (source IN ('upload','speech','chime','siren','recording')),
  language TEXT NOT NULL DEFAULT 'vi', text TEXT, sha256 TEXT, bytes INTEGER, format TEXT,
  state TEXT NOT NULL CHECK (state IN ('receiving','queued','working','ready','refused','cancelled')),
  stage TEXT, progress REAL NOT NULL DEFAULT 0, refusal TEXT, refusal_params TEXT,
  duration_ms REAL, loudness_lufs REAL, true_peak_dbtp REAL, source_loudness_lufs REAL,
  peaks BLOB, opus_sha256 TEXT REFERENCES blob(sha256), mp3_sha256 TEXT REFERENCES blob(sha256),
  created_by TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;
INSERT INTO asset_new SELECT id, title, filename, source, language, text, sha256, bytes, format, state, stage, progress,
  refusal, refusal_params, duration_ms, loudness_lufs, true_peak_dbtp, source_loudness_lufs, peaks, opus_sha256, mp3_sha256,
  created_by, created_at, updated_at, removed_at FROM asset;
DROP TABLE asset;
ALTER TABLE asset_new RENAME TO asset;
CREATE INDEX asset_state ON asset(state);

ALTER TABLE programme ADD COLUMN music INTEGER NOT NULL DEFAULT 0;

CREATE TABLE schedule_new (
  id TEXT PRIMARY KEY, title TEXT NOT NULL,
  programme_id TEXT REFERENCES programme(id), playlist_id TEXT REFERENCES playlist(id),
  relay_source_id TEXT REFERENCES relay_source(id), relay_minutes INTEGER,
  timetable TEXT NOT NULL, priority TEXT NOT NULL, resume TEXT NOT NULL, max_lateness_ms INTEGER NOT NULL, gain_db REAL NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 1,
  created_by TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, removed_at INTEGER,
  CHECK ((programme_id IS NOT NULL) + (playlist_id IS NOT NULL) + (relay_source_id IS NOT NULL) = 1),
  CHECK ((relay_source_id IS NULL) = (relay_minutes IS NULL))
) STRICT;
INSERT INTO schedule_new SELECT id, title, programme_id, playlist_id, NULL, NULL, timetable, priority, resume,
  max_lateness_ms, gain_db, enabled, created_by, created_at, updated_at, removed_at FROM schedule;
DROP TABLE schedule;
ALTER TABLE schedule_new RENAME TO schedule;
CREATE INDEX schedule_programme ON schedule(programme_id);
CREATE INDEX schedule_playlist ON schedule(playlist_id);
CREATE INDEX schedule_relay ON schedule(relay_source_id);

CREATE TABLE broadcast_new (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, priority TEXT NOT NULL, resume TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing','started','ended','stopped','failed')), reason TEXT,
  content_kind TEXT NOT NULL CHECK (content_kind IN ('programme','playlist','live','relay','incident')), content_id TEXT NOT NULL,
  targets TEXT NOT NULL, addresses TEXT NOT NULL, body TEXT NOT NULL,
  duration_ms REAL NOT NULL, volume INTEGER, patience_ms INTEGER NOT NULL,
  created_by TEXT, created_at INTEGER NOT NULL, t0 INTEGER, ended_at INTEGER, counts TEXT NOT NULL
) STRICT;
INSERT INTO broadcast_new SELECT id, title, priority, resume, state, reason, content_kind, content_id, targets, addresses,
  body, duration_ms, volume, patience_ms, created_by, created_at, t0, ended_at, counts FROM broadcast;
DROP TABLE broadcast;
ALTER TABLE broadcast_new RENAME TO broadcast;
CREATE INDEX broadcast_created ON broadcast(created_at);

CREATE TABLE policy (
  name TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at INTEGER NOT NULL, updated_by TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE secret (
  name TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at INTEGER NOT NULL, updated_by TEXT
) STRICT, WITHOUT ROWID;
`;
