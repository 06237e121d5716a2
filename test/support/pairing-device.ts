import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { PairAnswer, type PairRequest, PublicJwk } from '#devices/pairing';

export interface Asker {
  readonly request: PairRequest;
  ask(url: string, changes?: Partial<PairRequest>): Promise<{ status: number; answer: unknown }>;
}

/** A device that asks to be let in, with a real key and proof. */
export async function asker(serial: string, code = 'ABCD2345'): Promise<Asker> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const proof = await new CompactSign(new TextEncoder().encode(JSON.stringify({ code, serial, at: 0 })))
    .setProtectedHeader({ alg: 'EdDSA' })
    .sign(privateKey);
  const request: PairRequest = {
    v: 1,
    code,
    publicKey: PublicJwk.parse(await exportJWK(publicKey)),
    proof,
    kind: 'speaker',
    model: 'Loa 20W',
    serial,
    firmware: '1.0.0',
    capabilities: { codecs: ['opus'], outputDelayMs: 40 },
  };
  return {
    request,
    ask: async (url, changes = {}) => {
      const response = await fetch(`${url}/device/v1/pair`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...request, ...changes }),
      });
      return { status: response.status, answer: await response.json() };
    },
  };
}

/** The answer of an approved device, or an error that shows what it was. */
export function approved({ answer }: { answer: unknown }) {
  const parsed = PairAnswer.parse(answer);
  if (parsed.state !== 'approved') throw new Error(`the answer is ${parsed.state}`);
  return parsed;
}
