/**
 * Firmware: images, rollouts in stages, how far each device came, and which device was given which offer. An offer that
 * was given stands in `firmware_offer` until the broker has forgotten it, so that a restart in the middle leaves none behind.
 */
export const firmware = `
CREATE TABLE firmware_image (
  id TEXT PRIMARY KEY, model TEXT NOT NULL, version TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
  note TEXT NOT NULL, created_at INTEGER NOT NULL, created_by TEXT, removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX firmware_image_version ON firmware_image(model, version) WHERE removed_at IS NULL;
CREATE INDEX firmware_image_sha256 ON firmware_image(sha256);
CREATE TABLE rollout (
  id TEXT PRIMARY KEY, image_id TEXT NOT NULL REFERENCES firmware_image(id), model TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running','halted','done','cancelled')), reason TEXT,
  stages TEXT NOT NULL, stage INTEGER NOT NULL DEFAULT 0, stage_started_at INTEGER NOT NULL,
  failure_limit_percent REAL NOT NULL, forgiven INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL, started_by TEXT, updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX rollout_open ON rollout(model) WHERE state IN ('running','halted');
CREATE INDEX rollout_image ON rollout(image_id);
CREATE TABLE rollout_device (
  rollout_id TEXT NOT NULL REFERENCES rollout(id), device_id TEXT NOT NULL REFERENCES device(id),
  stage INTEGER NOT NULL, position INTEGER NOT NULL,
  step TEXT NOT NULL DEFAULT 'waiting'
    CHECK (step IN ('waiting','offered','downloaded','restarting','committed','failed')),
  reason TEXT, updated_at INTEGER NOT NULL,
  PRIMARY KEY (rollout_id, device_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollout_device_step ON rollout_device(rollout_id, stage, step);
CREATE INDEX rollout_device_device ON rollout_device(device_id);
CREATE TABLE firmware_offer (
  device_id TEXT PRIMARY KEY REFERENCES device(id), rollout_id TEXT NOT NULL REFERENCES rollout(id),
  issued_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX firmware_offer_rollout ON firmware_offer(rollout_id);
CREATE INDEX firmware_offer_issued ON firmware_offer(issued_at);
`;
