import { KeyObject, sign as signBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { CryptoKey } from 'jose';
import type { Plan } from '#devices/plan';
import { EVERY_DEVICE } from '#devices/topics';
import { asciiJson, type PlanWriter } from './plan-text.ts';

const signInPool = promisify<null, Buffer, KeyObject, Buffer>(signBytes);

/** As `ControllerKey` has it. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

/** A signed plan under its name. */
export interface SealedPlan {
  readonly plan: Plan;
  readonly sha256: string;
  /** The compact JWS, ASCII. */
  readonly jws: Buffer;
}

/**
 * Signs plans in bulk. It makes the documents of `sign('plan', …)` in `#devices/signature`, where the form is
 * defined and against whose `verify` it is tested; it exists beside it because a fleet's plans are a hundred
 * megabytes, which `jose` encodes on the main thread in seconds. Here the text is encoded natively and signed
 * (Ed25519, RFC 8037) in the thread pool.
 */
export class PlanSealer {
  readonly #key: KeyObject;
  readonly #head: string;
  readonly #writer: PlanWriter;
  #scratch = Buffer.alloc(0);

  constructor(key: SigningKey, writer: PlanWriter) {
    this.#key = KeyObject.from(key.privateKey);
    this.#writer = writer;
    const header = { alg: 'EdDSA', kid: key.kid, typ: 'loa-plan' };
    this.#head = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.`;
  }

  /** @param jti the document's id, unique for ever. */
  async seal(plan: Plan, jti: string, now: number): Promise<SealedPlan> {
    const claims = asciiJson({ jti, aud: EVERY_DEVICE, iat: now / 1000, exp: expiryOf(plan) / 1000 });
    const envelope = `${claims.slice(0, -1)},"body":${this.#writer.write(plan)}}`;
    const body = this.#encode(envelope);
    const signed = this.#head.length + body.length;
    const jws = Buffer.allocUnsafeSlow(signed + SIGNATURE_LENGTH);
    jws.write(this.#head, 'latin1');
    jws.write(body, this.#head.length, 'latin1');
    const signature = await signInPool(null, jws.subarray(0, signed), this.#key);
    jws.write(`.${signature.toString('base64url')}`, signed, 'latin1');
    const digest = await crypto.subtle.digest('SHA-256', jws);
    return { plan, jws, sha256: Buffer.from(digest).toString('hex') };
  }

  /** ASCII to base64url, by way of one buffer for all. */
  #encode(text: string): string {
    if (this.#scratch.length < text.length) this.#scratch = Buffer.allocUnsafeSlow(2 * text.length);
    return this.#scratch.toString('base64url', 0, this.#scratch.write(text, 'latin1'));
  }
}

/** A dot, and 64 bytes in base64url. */
const SIGNATURE_LENGTH = 87;

/** A plan may be acted upon until the last thing in it is over. */
function expiryOf({ validUntil, occurrences }: Plan): number {
  return occurrences.reduce((latest, { endAt, notAfter }) => Math.max(latest, endAt, notAfter), validUntil);
}

/**
 * The plan inside one of our own, stored documents. Only its form is looked at, not every field: it was a `Plan` when it
 * was sealed, its name is its hash, and a tick opens a thousand of them.
 */
export function unsealPlan(jws: string): Plan {
  const payload = jws.slice(jws.indexOf('.') + 1, jws.lastIndexOf('.'));
  const { body } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { body?: unknown };
  if (!isPlan(body)) throw new Error('A stored plan is damaged: its document holds no plan of version 1.');
  return body;
}

const isPlan = (body: unknown): body is Plan =>
  typeof body === 'object' &&
  body !== null &&
  'v' in body &&
  body.v === 1 &&
  'occurrences' in body &&
  Array.isArray(body.occurrences);
