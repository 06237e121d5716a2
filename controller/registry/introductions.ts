import type { Birth } from '#devices/messages/birth';
import type { Store } from '../database/open.ts';

/**
 * What a device says of itself when it connects. Its kind, model and serial were approved when it was paired and are not
 * its to change; what it runs and what it holds is.
 * @returns why it cannot be the device that was paired, if so; and whether what it is to hold may be another now.
 */
export function introduce(
  store: Store,
  device: string,
  birth: Birth,
  at: number,
): { readonly objection: string } | { readonly objection: null; readonly news: boolean } {
  const known = store.sqlite
    .prepare<[string], { kind: string; serial: string; capabilities: string; revision: number }>(
      'SELECT kind, serial, capabilities, desired_revision AS revision FROM device WHERE id = ?',
    )
    .get(device);
  if (known === undefined) return { objection: 'unknown-device' };
  if (known.kind !== birth.kind || known.serial !== birth.serial) return { objection: 'other-device' };
  const capabilities = JSON.stringify(birth.capabilities);
  // Its delay may be another; or it holds a revision that a database out of a backup has never given.
  const news = capabilities !== known.capabilities || birth.desiredRevision > known.revision;
  store.sqlite.prepare(INTRODUCED).run({
    device,
    at,
    firmware: birth.firmware,
    capabilities,
    boot: birth.boot,
    revision: birth.desiredRevision,
    planRevision: birth.plan?.revision ?? null,
    planSha256: birth.plan?.sha256 ?? null,
  });
  return { objection: null, news };
}

const INTRODUCED = `
  UPDATE device SET firmware = @firmware, capabilities = @capabilities, boot = @boot,
    reported_at = CASE WHEN reported_revision = @revision THEN coalesce(reported_at, @at) ELSE @at END,
    reported_revision = @revision, last_heard_at = @at,
    held_plan_since = CASE WHEN held_plan_sha256 IS @planSha256 AND held_plan_revision IS @planRevision
      THEN held_plan_since ELSE @at END,
    held_plan_sha256 = @planSha256, held_plan_revision = @planRevision
  WHERE id = @device`;
