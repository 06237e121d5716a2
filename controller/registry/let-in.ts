import { Capabilities } from '#devices/kind';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { notFound } from '../failure.ts';
import { newDeviceId } from './device-id.ts';

type Request = Row<'pairing'> & { readonly kind: 'speaker' | 'board' };

/**
 * Enters an approved device in the registry. A model and serial number that are known keep their id, settings and
 * history, and get the new key and credential. To be called in a transaction.
 */
export function letIn(
  store: Store,
  request: Request,
  entry: { readonly name: string; readonly areaId: string | null },
  credentialHash: string,
  now: number,
): { device: string; replaced: boolean } {
  const { sqlite } = store;
  const { kind, model, serial, firmware } = request;
  if (entry.areaId !== null) {
    const area = sqlite.prepare('SELECT 1 FROM area WHERE id = ? AND removed_at IS NULL').get(entry.areaId);
    if (area === undefined) throw notFound('area', entry.areaId);
  }
  const capabilities = Capabilities.parse(JSON.parse(request.capabilities));
  const values = {
    name: entry.name,
    area: entry.areaId,
    key: request.public_key,
    credentialHash,
    firmware,
    capabilities: JSON.stringify(capabilities),
  };
  const known = sqlite
    .prepare<[string, string, string], string>(
      'SELECT id FROM device WHERE kind = ? AND model = ? AND serial = ? AND removed_at IS NULL',
    )
    .pluck()
    .get(kind, model, serial);
  if (known !== undefined) {
    // With a new key comes a new memory, whose boots and records are counted from 1 again: they are stored beyond
    // those that are known, or they would be taken for them. The session that is waited for begins anew too.
    sqlite
      .prepare(
        `UPDATE device SET name = @name, area_id = coalesce(@area, area_id), public_key = @key,
          credential_hash = @credentialHash, firmware = @firmware, capabilities = @capabilities, session = NULL,
          boot_base = CASE WHEN public_key = @key THEN boot_base
            ELSE coalesce((SELECT max(boot) FROM as_run WHERE device_id = @id), 0) END
          WHERE id = @id`,
      )
      .run({ ...values, id: known });
    return { device: known, replaced: true };
  }
  const device = newDeviceId(kind);
  sqlite
    .prepare(
      `INSERT INTO device (id, kind, name, model, serial, area_id, public_key, credential_hash, firmware, capabilities,
        status_since, created_at)
        VALUES (@id, @kind, @name, @model, @serial, @area, @key, @credentialHash, @firmware, @capabilities,
        @now, @now)`,
    )
    .run({ ...values, id: device, kind, model, serial, now });
  return { device, replaced: false };
}
