import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import { PublicJwk } from '#devices/pairing';
import { Failure } from '../failure.ts';

const PrivateJwk = PublicJwk.extend({ d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/**
 * The key under which everything is signed that devices play, show or obey (Ed25519, RFC 8032). Devices pin its public
 * half when they pair: who loses the file must pair every device again, who steals it speaks to all of them. It stays
 * in the data directory, readable by its owner alone.
 */
export class ControllerKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;

  private constructor(parts: {
    kid: string;
    publicJwk: PublicJwk;
    privateKey: CryptoKey;
    publicKey: CryptoKey;
  }) {
    this.kid = parts.kid;
    this.publicJwk = parts.publicJwk;
    this.privateKey = parts.privateKey;
    this.publicKey = parts.publicKey;
  }

  /**
   * Reads the key, or makes one at the first start.
   * @param directory such as `{data}/keys`; created when missing.
   * @throws Failure `unreadable-key` when the file is there but is no key; it is never overwritten.
   */
  static async load(directory: string): Promise<ControllerKey> {
    const file = path.join(directory, 'controller.jwk');
    let text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) {
      text = await freshKey();
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeWhole(file, text);
    }
    const jwk = PrivateJwk.safeParse(parseJson(text));
    if (!jwk.success) {
      throw new Failure(
        'unreadable-key',
        `${file} holds no Ed25519 key, and every device trusts the key that was there; restore it from a backup.`,
      );
    }
    const publicJwk = PublicJwk.parse(jwk.data);
    return new ControllerKey({
      kid: await calculateJwkThumbprint(publicJwk),
      publicJwk,
      privateKey: await importKey(jwk.data),
      publicKey: await importKey(publicJwk),
    });
  }
}

async function freshKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  return JSON.stringify(await exportJWK(privateKey));
}

async function importKey(jwk: PublicJwk): Promise<CryptoKey> {
  const key = await importJWK({ ...jwk }, 'EdDSA', { extractable: false });
  if (key instanceof Uint8Array) throw new Error('an Ed25519 JWK became a symmetric key');
  return key;
}

async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = `${file}.${crypto.randomUUID()}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
