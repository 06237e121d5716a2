import { CompactSign, exportJWK } from 'jose';
import { z } from 'zod';
import { PAIRING_CODE_ALPHABET, PairingCode, PublicJwk } from '#devices/pairing';
import { type Database, DURABLE } from './database.ts';

const Kept = z.object({
  privateKey: z.instanceof(CryptoKey),
  publicKey: PublicJwk,
  code: PairingCode,
  serial: z.string().min(1).max(64),
});

/** What makes this screen this device: a key that never leaves the browser, a serial, and the code that it shows. */
export interface Identity {
  readonly publicKey: PublicJwk;
  readonly code: string;
  readonly serial: string;
  readonly model: string;
  /** Compact JWS (EdDSA) by the device's key over the JSON of `body`. */
  sign(body: unknown): Promise<string>;
}

const MODEL = 'kiosk-page';

/** Reads the identity that is kept, or makes one. The key cannot be read out, not even by this page. */
export async function loadIdentity(database: Database): Promise<Identity> {
  const read = Kept.safeParse(await database.get('facts', 'identity'));
  const identity = read.success ? read.data : await newIdentity();
  if (!read.success) {
    const change = database.transaction('facts', 'readwrite', DURABLE);
    await change.store.put(identity, 'identity');
    await change.done;
  }
  const { privateKey, publicKey, code, serial } = identity;
  return {
    ...{ publicKey, code, serial, model: MODEL },
    sign: (body) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(body)))
        .setProtectedHeader({ alg: 'EdDSA' })
        .sign(privateKey),
  };
}

async function newIdentity(): Promise<z.infer<typeof Kept>> {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('the browser made no pair of keys');
  const publicKey = PublicJwk.parse(await exportJWK(pair.publicKey));
  return { privateKey: pair.privateKey, publicKey, code: randomText(8), serial: `WEB-${randomText(8)}` };
}

function randomText(length: number): string {
  const numbers = crypto.getRandomValues(new Uint32Array(length));
  return [...numbers].map((number) => PAIRING_CODE_ALPHABET[number % PAIRING_CODE_ALPHABET.length]).join('');
}
