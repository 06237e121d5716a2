/**
 * Since when a board draws nothing any more, by the controller's own judgement; boards and their pictures are looked up
 * by what is asked of them.
 */
export const boardWatch = `
ALTER TABLE device ADD COLUMN frozen_since INTEGER;
CREATE INDEX programme_board ON programme(board_state) WHERE board_state IS NOT NULL;
CREATE INDEX evidence_taken ON evidence(device_id, coalesce(taken_at, received_at));
CREATE INDEX as_run_evidence ON as_run(record ->> '$.evidence') WHERE record ->> '$.evidence' IS NOT NULL;
CREATE INDEX evidence_file ON evidence(sha256);
`;
