import { Quirks } from '#devices/kind';
import type { Store } from '../database/open.ts';
import { notFound } from '../failure.ts';
import type { DeviceModel } from '../http/contract/models.ts';

type Key = Pick<DeviceModel, 'kind' | 'model'>;

interface Line extends Key {
  readonly devices: number;
  readonly outputDelayMs: number | null;
  readonly quirks: string | null;
}

/** The models of the devices in service, by name, each with what was measured on one of them. */
export function listModels({ sqlite }: Store): DeviceModel[] {
  return sqlite
    .prepare<[], Line>(`${LINES} GROUP BY d.kind, d.model ORDER BY d.model, d.kind`)
    .all()
    .map(modelOf);
}

/** @throws Failure 404 when no device in service is of that model. */
export function oneModel({ sqlite }: Store, { kind, model }: Key): DeviceModel {
  const line = sqlite
    .prepare<[string, string], Line>(`${LINES} AND d.kind = ? AND d.model = ? GROUP BY d.kind, d.model`)
    .get(kind, model);
  if (line === undefined) throw notFound('model', model);
  return modelOf(line);
}

/** @returns the devices that it concerns. @throws Failure 404 when there are none. */
export function setModel(
  { sqlite }: Store,
  { kind, model }: Key,
  { outputDelayMs, quirks }: Pick<DeviceModel, 'outputDelayMs' | 'quirks'>,
  now: number,
): string[] {
  const devices = sqlite
    .prepare<[string, string], string>(
      'SELECT id FROM device WHERE kind = ? AND model = ? AND removed_at IS NULL ORDER BY id',
    )
    .pluck()
    .all(kind, model);
  if (devices.length === 0) throw notFound('model', model);
  sqlite
    .prepare(
      `INSERT INTO device_model (kind, model, output_delay_ms, quirks, updated_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET output_delay_ms = excluded.output_delay_ms, quirks = excluded.quirks,
          updated_at = excluded.updated_at`,
    )
    .run(kind, model, outputDelayMs, JSON.stringify(quirks), now);
  return devices;
}

const LINES = `
  SELECT d.kind, d.model, count(*) AS devices, m.output_delay_ms AS outputDelayMs, m.quirks
  FROM device d LEFT JOIN device_model m ON m.kind = d.kind AND m.model = d.model
  WHERE d.removed_at IS NULL`;

const modelOf = ({ quirks, ...line }: Line): DeviceModel => ({
  ...line,
  quirks: quirks === null ? {} : Quirks.parse(JSON.parse(quirks)),
});
