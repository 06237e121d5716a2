import type { Birth } from '#devices/messages/birth';
import type { Store } from '../database/open.ts';

/**
 * What a device says of itself when it connects. Its kind, model and serial were approved when it was paired and are not
 * its to change; what it runs and what it holds is.
 * @returns why it cannot be the device that was paired, or null.
 */
export function introduce(store: Store, device: string, birth: Birth, at: number): string | null {
  const known = store.sqlite
    .prepare<[string], { kind: string; model: string; serial: string }>(
      'SELECT kind, model, serial FROM device WHERE id = ?',
    )
    .get(device);
  if (known === undefined) return 'unknown-device';
  if (known.kind !== birth.kind || known.serial !== birth.serial) return 'other-device';
  store.sqlite.prepare(INTRODUCED).run({
    device,
    at,
    firmware: birth.firmware,
    capabilities: JSON.stringify(birth.capabilities),
    boot: birth.boot,
    revision: birth.desiredRevision,
    planRevision: birth.plan?.revision ?? null,
    planSha256: birth.plan?.sha256 ?? null,
  });
  return null;
}

const INTRODUCED = `
  UPDATE device SET firmware = @firmware, capabilities = @capabilities, boot = @boot,
    reported_revision = @revision, last_heard_at = @at,
    held_plan_since = CASE WHEN held_plan_sha256 IS @planSha256 AND held_plan_revision IS @planRevision
      THEN held_plan_since ELSE @at END,
    held_plan_sha256 = @planSha256, held_plan_revision = @planRevision
  WHERE id = @device`;
