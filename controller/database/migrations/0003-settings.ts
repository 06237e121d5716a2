/**
 * Settings as they are since devices of one model share what was measured on one of them: a device's own delay became a
 * trim that is added to the model's, or else to what the device itself tells.
 *
 * A heartbeat's row stands for itself and for `repeats` short ones until `repeated_until`, which said that nothing had
 * changed. Of the settings it is known since when a device does not follow (`unreported_since`) and when it last told
 * another revision than before (`reported_at`).
 */
export const settings = `
CREATE TABLE device_model (
  kind TEXT NOT NULL CHECK (kind IN ('speaker','board')), model TEXT NOT NULL,
  output_delay_ms REAL, quirks TEXT NOT NULL DEFAULT '{}', updated_at INTEGER NOT NULL,
  PRIMARY KEY (kind, model)
) STRICT, WITHOUT ROWID;
ALTER TABLE device RENAME COLUMN output_delay_ms TO output_delay_trim_ms;
UPDATE device SET output_delay_trim_ms =
  output_delay_trim_ms - coalesce(json_extract(capabilities, '$.outputDelayMs'), 0);
ALTER TABLE device ADD COLUMN volume_by_time TEXT NOT NULL DEFAULT '[]';
ALTER TABLE device ADD COLUMN unreported_since INTEGER;
ALTER TABLE device ADD COLUMN reported_at INTEGER;
ALTER TABLE heartbeat ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heartbeat ADD COLUMN repeated_until INTEGER;
`;
