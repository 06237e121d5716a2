import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import { PAIRING_CODE_ALPHABET, PairingCode, PublicJwk } from '#devices/pairing';
import { readJson, writeWhole } from './whole-file.ts';

const IdentityFile = z.object({
  privateKey: PublicJwk.extend({ d: z.string() }),
  code: PairingCode,
  serial: z.string().min(1).max(64),
  model: z.string().min(1).max(64),
});

/** What makes this device this device: a key that never leaves it, a serial, and the code on its label. */
export interface Identity {
  readonly publicKey: PublicJwk;
  readonly code: string;
  readonly serial: string;
  readonly model: string;
  /** Compact JWS (EdDSA) by the device's key over the JSON of `body`. */
  sign(body: unknown): Promise<string>;
}

/** Reads the identity kept in `dir`, or makes one. What is asked for wins over what was kept, except the key. */
export async function loadIdentity(
  dir: string,
  asked: { code?: string | undefined; serial?: string | undefined; model?: string | undefined },
  defaultModel: string,
): Promise<Identity> {
  const path = join(dir, 'identity.json');
  const kept = await readJson(path, IdentityFile);
  const identity: z.infer<typeof IdentityFile> = {
    privateKey: kept?.privateKey ?? (await newKey()),
    code: asked.code ?? kept?.code ?? randomText(8),
    serial: asked.serial ?? kept?.serial ?? `SIM-${randomText(8)}`,
    model: asked.model ?? kept?.model ?? defaultModel,
  };
  if (JSON.stringify(kept) !== JSON.stringify(identity)) {
    await writeWhole(path, JSON.stringify(identity), { mode: 0o600 });
  }
  const privateKey = (await importJWK(identity.privateKey, 'EdDSA')) as CryptoKey;
  const { kty, crv, x } = identity.privateKey;
  return {
    publicKey: { kty, crv, x },
    code: identity.code,
    serial: identity.serial,
    model: identity.model,
    sign: (body) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(body)))
        .setProtectedHeader({ alg: 'EdDSA' })
        .sign(privateKey),
  };
}

async function newKey(): Promise<z.infer<typeof IdentityFile>['privateKey']> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return IdentityFile.shape.privateKey.parse(await exportJWK(privateKey));
}

const randomText = (length: number): string =>
  Array.from({ length }, () => PAIRING_CODE_ALPHABET[randomInt(PAIRING_CODE_ALPHABET.length)]).join('');
