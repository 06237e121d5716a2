import { compactVerify, importJWK } from 'jose';
import { PairProof, type PairRequest } from '#devices/pairing';

/**
 * Whether the request was signed by the key that it offers, over its own code and serial number. The time in the proof
 * is not looked at: a device that was never on a network does not know what time it is. What a copied proof could
 * collect, the copier could read off the same wire; TLS is the answer to both.
 */
export async function isProven(request: PairRequest): Promise<boolean> {
  try {
    const key = await importJWK({ ...request.publicKey }, 'EdDSA');
    const { payload } = await compactVerify(request.proof, key, { algorithms: ['EdDSA'] });
    const proof = PairProof.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
    return proof.code === request.code && proof.serial === request.serial;
  } catch {
    return false;
  }
}
