import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';

const NOBODY = createHash('sha256').update(crypto.randomUUID()).digest();

/**
 * The device behind `Authorization: Bearer {device}.{credential}` (RFC 6750). The same work is done whether the device
 * exists or not.
 * @throws Failure `not-signed-in` (401).
 */
export function deviceOf(store: Store, request: Pick<IncomingMessage, 'headers'>): string {
  const match = /^Bearer ([a-z][a-z0-9-]{2,22})\.([A-Za-z0-9_-]{32,128})$/.exec(
    request.headers.authorization ?? '',
  );
  const device = match?.[1] ?? '';
  const hash = store.sqlite
    .prepare<[string], string>('SELECT credential_hash FROM device WHERE id = ? AND removed_at IS NULL')
    .pluck()
    .get(device);
  const known = hash === undefined ? NOBODY : Buffer.from(hash, 'hex');
  const given = createHash('sha256')
    .update(match?.[2] ?? '')
    .digest();
  if (known.length === given.length && timingSafeEqual(known, given) && hash !== undefined) return device;
  throw new Failure('not-signed-in', 'The credential is not valid; pair the device again.', { status: 401 });
}
