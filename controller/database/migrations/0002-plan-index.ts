/**
 * What is asked of plans and plays all day, without opening a document: which current plans hold a schedule
 * (to re-issue only those when it changes), when a plan next has something to play, how far it reaches. A plan's
 * row is large, so that its small facts stand in a table of their own, and so that it must be a table with row ids: in
 * a WITHOUT ROWID table every look-up reads the whole of each row that it compares with. No plan was stored before.
 */
export const planIndex = `
DROP TABLE plan;
CREATE TABLE plan (
  sha256 TEXT PRIMARY KEY, jws TEXT NOT NULL, body TEXT NOT NULL, bytes INTEGER NOT NULL, occurrences INTEGER NOT NULL,
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
CREATE INDEX device_plan_plan ON device_plan(plan_sha256, superseded_at);
CREATE INDEX area_parent ON area(parent_id);
CREATE INDEX schedule_target_target ON schedule_target(kind, target_id);
CREATE INDEX schedule_programme ON schedule(programme_id);
CREATE INDEX schedule_playlist ON schedule(playlist_id);
CREATE INDEX play_schedule ON play(schedule_id, start_at);
CREATE INDEX play_outcome ON play(start_at, occurrence, verdict, device_id);
DROP INDEX play_start;
DROP INDEX play_open;
CREATE INDEX play_pending ON play(end_at) WHERE verdict = 'pending';
CREATE INDEX play_unknown ON play(device_id) WHERE verdict = 'unknown';
CREATE INDEX as_run_gap_noticed ON as_run_gap(noticed_at);
`;
