import { CompactSign, type CryptoKey, compactVerify, decodeProtectedHeader, errors } from 'jose';
import { z } from 'zod';
import type { RefusalReason } from './messages/ack.ts';
import { Command } from './messages/command.ts';
import { Desired } from './messages/desired.ts';
import { FirmwareOffer } from './messages/firmware.ts';
import { Plan } from './plan.ts';

/**
 * Nothing unsigned is played or shown. Documents and commands travel as JWS in compact form (RFC 7515), EdDSA
 * over Ed25519 (RFC 8037), under the controller's key that the device pinned when it paired. The header's
 * `typ` keeps a document of one kind from being passed off as another.
 */
export const SIGNED = { desired: Desired, command: Command, plan: Plan, firmware: FirmwareOffer } as const;
export type SignedKind = keyof typeof SIGNED;
export type SignedBody<K extends SignedKind> = z.infer<(typeof SIGNED)[K]>;

/** RFC 7519 claims as they travel: `iat` and `exp` are NumericDates, seconds since the epoch, fractions allowed. */
const WireClaims = z.object({
  jti: z.string().min(1).max(64),
  aud: z.string().min(1).max(64),
  iat: z.number(),
  exp: z.number(),
});

/** The same inside, with times in milliseconds since the epoch like everywhere else. */
export interface Claims {
  readonly jti: string;
  readonly aud: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const typ = (kind: SignedKind): string => `loa-${kind}`;

/** Signs a body. The key is an Ed25519 private key; `kid` names it, so that keys can be rolled. */
export async function sign<K extends SignedKind>(
  kind: K,
  body: SignedBody<K>,
  claims: Claims,
  key: { kid: string; privateKey: CryptoKey },
): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify({ ...toWire(claims), body }));
  return new CompactSign(payload)
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: typ(kind) })
    .sign(key.privateKey);
}

export type Verified<K extends SignedKind> =
  | { ok: true; claims: Claims; body: SignedBody<K> }
  | { ok: false; reason: RefusalReason; id: string | null };

/**
 * Checks form, signature, kind, audience and expiry, in that order, and nothing that needs memory: whether an
 * id was seen before or a revision is stale is the caller's to know.
 * @param expect `audiences` that the device answers to (itself, its groups, `EVERY_DEVICE`); `now` in epoch ms.
 */
export async function verify<K extends SignedKind>(
  kind: K,
  jws: string,
  publicKey: CryptoKey,
  expect: { audiences: ReadonlySet<string>; now: number },
): Promise<Verified<K>> {
  let payload: Uint8Array;
  try {
    if (decodeProtectedHeader(jws).typ !== typ(kind)) return { ok: false, reason: 'wrong-type', id: null };
    payload = (await compactVerify(jws, publicKey, { algorithms: ['EdDSA'] })).payload;
  } catch (error) {
    const reason = error instanceof errors.JWSSignatureVerificationFailed ? 'bad-signature' : 'malformed';
    return { ok: false, reason, id: null };
  }
  const json = parseJson(payload);
  const envelope = WireClaims.extend({ body: z.unknown() }).safeParse(json);
  if (!envelope.success) return { ok: false, reason: 'malformed', id: null };
  const { jti, aud, iat, exp } = envelope.data;
  if (!expect.audiences.has(aud)) return { ok: false, reason: 'wrong-audience', id: jti };
  if (expect.now > exp * 1000) return { ok: false, reason: 'expired', id: jti };
  const body = SIGNED[kind].safeParse(envelope.data.body);
  if (!body.success) return { ok: false, reason: 'malformed', id: jti };
  const claims = { jti, aud, issuedAt: iat * 1000, expiresAt: exp * 1000 };
  return { ok: true, claims, body: body.data as SignedBody<K> };
}

const toWire = (claims: Claims): z.infer<typeof WireClaims> => ({
  jti: claims.jti,
  aud: claims.aud,
  iat: claims.issuedAt / 1000,
  exp: claims.expiresAt / 1000,
});

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
