import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';

/** How far the sender's clock may be off. */
export const TOLERANCE_MS = 5 * 60_000;

/** `t=1732420800,v1=…`: HMAC-SHA256, hex, over the time, a full stop, and what is signed. */
export function signatureOf(secret: string, seconds: number, signed: Uint8Array): string {
  const v1 = createHmac('sha256', secret).update(`${seconds}.`).update(signed).digest('hex');
  return `t=${seconds},v1=${v1}`;
}

/**
 * Checks a call's signature.
 * @param header of `X-Loa-Signature`.
 * @returns the signature itself, by which a second use is known.
 * @throws Failure 401 `bad-signature`, `signature-too-old`.
 */
export function checkSignature(
  secret: string,
  header: string | undefined,
  signed: Uint8Array,
  now: number,
): string {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header?.trim() ?? '');
  const [, time = '', v1 = ''] = match ?? [];
  const expected = createHmac('sha256', secret).update(`${time}.`).update(signed).digest();
  const given = Buffer.from(v1, 'hex');
  if (match === null || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Failure(
      'bad-signature',
      'X-Loa-Signature is missing, or was not made of this very body with the secret that is set here.',
      { status: 401 },
    );
  }
  // Only after it is known who asks: a stranger learns nothing of our clock.
  if (Math.abs(Number(time) * 1_000 - now) > TOLERANCE_MS) {
    throw new Failure(
      'signature-too-old',
      'X-Loa-Signature is of another time than now, by more than 5 minutes. Correct the clock, and sign it anew.',
      { status: 401 },
    );
  }
  return v1;
}

/**
 * Remembers a signature until it is too old to be obeyed anyway, over a restart too.
 * @throws Failure 409 `replayed` when it was used before.
 */
export function useOnce({ sqlite }: Store, signature: string, now: number): void {
  sqlite.prepare('DELETE FROM webhook_signature WHERE until < ?').run(Math.round(now));
  const { changes } = sqlite
    .prepare('INSERT INTO webhook_signature (signature, until) VALUES (?, ?) ON CONFLICT DO NOTHING')
    .run(signature, Math.round(now + 2 * TOLERANCE_MS + 1_000));
  if (changes > 0) return;
  throw new Failure(
    'replayed',
    'This very call came before, and was obeyed then. Sign it anew to send it again.',
    {
      status: 409,
    },
  );
}
