/**
 * Relays as they went: one row for each stretch that one broadcast carried, and each switch of what was heard. A relay
 * that went on after a start of the program has a row for each of its broadcasts.
 */
export const relays = `
CREATE TABLE relay_run (
  id TEXT PRIMARY KEY, source_id TEXT NOT NULL REFERENCES relay_source(id), title TEXT NOT NULL,
  schedule_id TEXT REFERENCES schedule(id), occurrence_at INTEGER, continues TEXT REFERENCES relay_run(id),
  targets TEXT NOT NULL, priority TEXT NOT NULL, resume TEXT NOT NULL, volume INTEGER, gain_db REAL NOT NULL,
  start_at INTEGER NOT NULL, end_at INTEGER NOT NULL, ended_at INTEGER,
  end_reason TEXT CHECK (end_reason IN ('window-over','by-operator','stopped','controller-stopped')),
  created_by TEXT, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX relay_run_open ON relay_run(id) WHERE ended_at IS NULL;
CREATE INDEX relay_run_schedule ON relay_run(schedule_id, occurrence_at);
CREATE INDEX relay_run_source ON relay_run(source_id);
CREATE TABLE relay_switch (
  run_id TEXT NOT NULL REFERENCES relay_run(id), position INTEGER NOT NULL, at INTEGER NOT NULL,
  hears TEXT NOT NULL CHECK (hears IN ('connecting','stream','fallback','silence')), reason TEXT NOT NULL, detail TEXT,
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;
`;
