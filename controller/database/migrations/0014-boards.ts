/**
 * Boards: what was composed, the files that scenes name, pictures with the moment at which they were taken, and the
 * choices of a technician for a board.
 */
export const boards = `
ALTER TABLE programme ADD COLUMN board TEXT;
ALTER TABLE programme ADD COLUMN board_state TEXT CHECK (board_state IN ('ready','making','failed'));
ALTER TABLE programme ADD COLUMN board_trouble TEXT;

-- What a scene names; panels is JSON as in the contract's PlanBlob, null where every board needs the file.
CREATE TABLE scene_file (
  scene_sha256 TEXT NOT NULL REFERENCES blob(sha256), file_sha256 TEXT NOT NULL REFERENCES blob(sha256), panels TEXT,
  PRIMARY KEY (scene_sha256, file_sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX scene_file_file ON scene_file(file_sha256);

ALTER TABLE schedule ADD COLUMN board_minutes INTEGER;

ALTER TABLE evidence ADD COLUMN taken_at INTEGER;
ALTER TABLE evidence ADD COLUMN pixels_sha256 TEXT;

-- JSON of the contract's BoardChoice, without what is left at its default.
ALTER TABLE device ADD COLUMN board TEXT;
`;
