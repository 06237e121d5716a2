/**
 * The first schema. Times are integers, milliseconds since the epoch, UTC. Rows that a person can remove carry
 * `removed_at`, so that removing is undone by clearing it, and the playback log never loses what it points at.
 *
 * A plan's row is large, so that the small facts that are asked all day (which plans hold a schedule, when one next has
 * something to play, how far it reaches) stand in tables of their own, and so that it has row ids: in a WITHOUT ROWID
 * table every look-up reads the whole of each row that it compares with.
 */
export const firstLight = `
CREATE TABLE area (
  id TEXT PRIMARY KEY, parent_id TEXT REFERENCES area(id), kind TEXT NOT NULL CHECK (kind IN ('province','ward','neighbourhood')),
  name TEXT NOT NULL, position INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;
CREATE INDEX area_parent ON area(parent_id);
CREATE TABLE device_group (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;
CREATE TABLE device (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('speaker','board')),
  name TEXT NOT NULL, model TEXT NOT NULL, serial TEXT NOT NULL,
  area_id TEXT REFERENCES area(id), address TEXT, latitude REAL, longitude REAL, owner TEXT, warranty_end TEXT,
  public_key TEXT NOT NULL, credential_hash TEXT NOT NULL,
  firmware TEXT, capabilities TEXT NOT NULL,
  volume INTEGER NOT NULL DEFAULT 80, muted INTEGER NOT NULL DEFAULT 0, brightness INTEGER NOT NULL DEFAULT 80,
  output_delay_ms REAL NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT 'unseen' CHECK (status IN ('unseen','online','stale','offline','fault')),
  status_since INTEGER NOT NULL,
  session TEXT, connected INTEGER NOT NULL DEFAULT 0, last_heard_at INTEGER, boot INTEGER,
  boot_base INTEGER NOT NULL DEFAULT 0,
  last_heartbeat TEXT,
  desired_revision INTEGER NOT NULL DEFAULT 0, desired_issued_at INTEGER, desired_digest TEXT,
  acknowledged_revision INTEGER NOT NULL DEFAULT 0, acknowledged_at INTEGER,
  reported_revision INTEGER NOT NULL DEFAULT 0,
  held_plan_revision INTEGER, held_plan_sha256 TEXT, held_plan_since INTEGER,
  outbox_empty_at INTEGER,
  created_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;
CREATE INDEX device_area ON device(area_id);
CREATE UNIQUE INDEX device_serial ON device(kind, model, serial) WHERE removed_at IS NULL;
CREATE TABLE device_group_member (
  group_id TEXT NOT NULL REFERENCES device_group(id), device_id TEXT NOT NULL REFERENCES device(id),
  PRIMARY KEY (group_id, device_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_group_member_device ON device_group_member(device_id);
CREATE TABLE pairing (
  id TEXT PRIMARY KEY, code TEXT NOT NULL, thumbprint TEXT NOT NULL UNIQUE, public_key TEXT NOT NULL,
  kind TEXT NOT NULL, model TEXT NOT NULL, serial TEXT NOT NULL, firmware TEXT NOT NULL, capabilities TEXT NOT NULL,
  remote_address TEXT, state TEXT NOT NULL CHECK (state IN ('pending','approved','collected','refused','expired')),
  device_id TEXT REFERENCES device(id), requested_at INTEGER NOT NULL, last_asked_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, decided_at INTEGER, decided_by TEXT
) STRICT;
CREATE INDEX pairing_state ON pairing(state, expires_at);

CREATE TABLE heartbeat (
  device_id TEXT NOT NULL, received_at INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (device_id, received_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX heartbeat_received ON heartbeat(received_at);
CREATE TABLE heartbeat_quarter (
  device_id TEXT NOT NULL, quarter INTEGER NOT NULL, beats INTEGER NOT NULL,
  clock_error_max REAL, temperature_min REAL, temperature_avg REAL, temperature_max REAL,
  mains_min REAL, mains_max REAL, signal_min REAL, signal_avg REAL,
  storage_free_min REAL, outbox_max INTEGER, playing_beats INTEGER NOT NULL DEFAULT 0, fault_beats INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (device_id, quarter)
) STRICT, WITHOUT ROWID;
CREATE TABLE device_status_change (
  device_id TEXT NOT NULL, at INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT,
  PRIMARY KEY (device_id, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE refusal (
  device_id TEXT NOT NULL, source TEXT NOT NULL CHECK (source IN ('controller','device','broker')), reason TEXT NOT NULL,
  topic TEXT NOT NULL, count INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, detail TEXT,
  PRIMARY KEY (device_id, source, reason, topic)
) STRICT, WITHOUT ROWID;
CREATE TABLE command (
  id TEXT PRIMARY KEY, device_id TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL, reason TEXT,
  issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, issued_by TEXT
) STRICT;
CREATE INDEX command_device ON command(device_id, issued_at);

CREATE TABLE blob (
  sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, type TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE asset (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, filename TEXT, source TEXT NOT NULL CHECK (source IN ('upload','speech','chime')),
  language TEXT NOT NULL DEFAULT 'vi', text TEXT, sha256 TEXT, bytes INTEGER, format TEXT,
  state TEXT NOT NULL CHECK (state IN ('receiving','queued','working','ready','refused','cancelled')),
  stage TEXT, progress REAL NOT NULL DEFAULT 0, refusal TEXT, refusal_params TEXT,
  duration_ms REAL, loudness_lufs REAL, true_peak_dbtp REAL, source_loudness_lufs REAL,
  peaks BLOB, opus_sha256 TEXT REFERENCES blob(sha256), mp3_sha256 TEXT REFERENCES blob(sha256),
  created_by TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;
CREATE INDEX asset_state ON asset(state);
CREATE TABLE programme (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, language TEXT NOT NULL DEFAULT 'vi',
  asset_id TEXT REFERENCES asset(id),
  notice_heading TEXT, notice_text TEXT, notice_duration_ms INTEGER, scene_sha256 TEXT REFERENCES blob(sha256),
  created_by TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;
CREATE TABLE playlist (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, chime_asset_id TEXT REFERENCES asset(id),
  created_by TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;
CREATE TABLE playlist_item (
  playlist_id TEXT NOT NULL REFERENCES playlist(id), position INTEGER NOT NULL, programme_id TEXT NOT NULL REFERENCES programme(id),
  PRIMARY KEY (playlist_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE schedule (
  id TEXT PRIMARY KEY, title TEXT NOT NULL,
  programme_id TEXT REFERENCES programme(id), playlist_id TEXT REFERENCES playlist(id),
  timetable TEXT NOT NULL, priority TEXT NOT NULL, resume TEXT NOT NULL, max_lateness_ms INTEGER NOT NULL, gain_db REAL NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 1,
  created_by TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, removed_at INTEGER,
  CHECK ((programme_id IS NULL) <> (playlist_id IS NULL))
) STRICT;
CREATE INDEX schedule_programme ON schedule(programme_id);
CREATE INDEX schedule_playlist ON schedule(playlist_id);
CREATE TABLE schedule_target (
  schedule_id TEXT NOT NULL REFERENCES schedule(id), kind TEXT NOT NULL CHECK (kind IN ('device','group','area','all')), target_id TEXT NOT NULL,
  PRIMARY KEY (schedule_id, kind, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_target_target ON schedule_target(kind, target_id);

CREATE TABLE plan (
  sha256 TEXT PRIMARY KEY, jws TEXT NOT NULL, bytes INTEGER NOT NULL, occurrences INTEGER NOT NULL,
  valid_from INTEGER NOT NULL, valid_until INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE plan_agenda (
  plan_sha256 TEXT PRIMARY KEY REFERENCES plan(sha256) ON DELETE CASCADE, starts TEXT NOT NULL,
  valid_from INTEGER NOT NULL, valid_until INTEGER NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_agenda_reach ON plan_agenda(valid_until);
CREATE INDEX plan_agenda_created ON plan_agenda(created_at);
CREATE TABLE plan_schedule (
  schedule_id TEXT NOT NULL, plan_sha256 TEXT NOT NULL REFERENCES plan(sha256) ON DELETE CASCADE,
  PRIMARY KEY (schedule_id, plan_sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_schedule_plan ON plan_schedule(plan_sha256);
CREATE TABLE plan_blob (
  plan_sha256 TEXT NOT NULL REFERENCES plan(sha256), blob_sha256 TEXT NOT NULL,
  PRIMARY KEY (blob_sha256, plan_sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_blob_plan ON plan_blob(plan_sha256);
CREATE TABLE device_plan (
  device_id TEXT NOT NULL REFERENCES device(id), revision INTEGER NOT NULL, plan_sha256 TEXT NOT NULL REFERENCES plan(sha256),
  issued_at INTEGER NOT NULL, superseded_at INTEGER,
  PRIMARY KEY (device_id, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_plan_current ON device_plan(superseded_at, plan_sha256);
CREATE INDEX device_plan_plan ON device_plan(plan_sha256, superseded_at);

CREATE TABLE play (
  occurrence TEXT NOT NULL, device_id TEXT NOT NULL, schedule_id TEXT NOT NULL, title TEXT NOT NULL, priority TEXT NOT NULL,
  start_at INTEGER NOT NULL, end_at INTEGER NOT NULL, not_after INTEGER NOT NULL, parts TEXT NOT NULL, due_ms REAL NOT NULL,
  plan_sha256 TEXT NOT NULL,
  verdict TEXT NOT NULL DEFAULT 'pending'
    CHECK (verdict IN ('pending','played','late','partial','preempted','missed','unknown')),
  reason TEXT, first_sample_at REAL, lateness_ms REAL, played_ms REAL NOT NULL DEFAULT 0, verdict_at INTEGER,
  PRIMARY KEY (occurrence, device_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX play_outcome ON play(start_at, occurrence, verdict, device_id);
CREATE INDEX play_device ON play(device_id, start_at);
CREATE INDEX play_schedule ON play(schedule_id, start_at);
CREATE INDEX play_pending ON play(end_at) WHERE verdict = 'pending';
CREATE INDEX play_unknown ON play(device_id) WHERE verdict = 'unknown';
CREATE TABLE as_run (
  device_id TEXT NOT NULL, boot INTEGER NOT NULL, seq INTEGER NOT NULL, occurrence TEXT NOT NULL,
  started_at REAL, ended_at REAL NOT NULL, record TEXT NOT NULL, received_at INTEGER NOT NULL,
  PRIMARY KEY (device_id, boot, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX as_run_occurrence ON as_run(occurrence, device_id);
CREATE TABLE as_run_gap (
  device_id TEXT NOT NULL, boot INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, noticed_at INTEGER NOT NULL,
  PRIMARY KEY (device_id, boot, first_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX as_run_gap_noticed ON as_run_gap(noticed_at);
CREATE TABLE evidence (
  id TEXT PRIMARY KEY, device_id TEXT NOT NULL, type TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_device ON evidence(device_id, received_at);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
