import { Capabilities, DeviceKind } from '#devices/kind';
import type { PairRequest } from '#devices/pairing';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import type { Pairing } from '../http/contract/devices.ts';

/** Devices that wait to be let in, the first to ask first, each with the device that it would replace. */
export function waitingPairings(store: Store, now: number): Pairing[] {
  return store.sqlite
    .prepare<[number], Row<'pairing'> & { known_id: string | null; known_name: string | null }>(
      `SELECT p.*, d.id AS known_id, d.name AS known_name FROM pairing p
        LEFT JOIN device d ON d.kind = p.kind AND d.model = p.model AND d.serial = p.serial AND d.removed_at IS NULL
        WHERE p.state = 'pending' AND p.expires_at > ? ORDER BY p.requested_at`,
    )
    .all(now)
    .map((row) => ({
      id: row.id,
      code: row.code,
      kind: DeviceKind.parse(row.kind),
      model: row.model,
      serial: row.serial,
      firmware: row.firmware,
      capabilities: Capabilities.parse(JSON.parse(row.capabilities)),
      remoteAddress: row.remote_address,
      requestedAt: row.requested_at,
      lastAskedAt: row.last_asked_at,
      expiresAt: row.expires_at,
      replaces:
        row.known_id === null || row.known_name === null ? null : { id: row.known_id, name: row.known_name },
    }));
}

/** Enters a request; an earlier one of the same key is forgotten. */
export function openPairing(
  store: Store,
  entry: {
    readonly id: string;
    readonly request: PairRequest;
    readonly thumbprint: string;
    readonly address: string;
    readonly now: number;
    readonly expiresAt: number;
  },
): void {
  const { request, ...rest } = entry;
  store.sqlite
    .prepare(
      `INSERT OR REPLACE INTO pairing (id, code, thumbprint, public_key, kind, model, serial, firmware, capabilities,
        remote_address, state, device_id, requested_at, last_asked_at, expires_at)
        VALUES (@id, @code, @thumbprint, @publicKey, @kind, @model, @serial, @firmware, @capabilities,
        @address, 'pending', NULL, @now, @now, @expiresAt)`,
    )
    .run({
      ...rest,
      code: request.code,
      publicKey: JSON.stringify(request.publicKey),
      kind: request.kind,
      model: request.model,
      serial: request.serial,
      firmware: request.firmware,
      capabilities: JSON.stringify(request.capabilities),
    });
}
