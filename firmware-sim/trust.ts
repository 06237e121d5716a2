import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

/** Where Node keeps the client that its `fetch` goes through, for every version of it in the process. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** The authorities that Node trusts, and this one. */
export const trusting = (pem: string): string[] => [...rootCertificates, pem];

/** @throws Error naming the file, when it is none that holds a certificate. */
export function readAuthority(file: string): string {
  const pem = readFileSync(file, 'utf8');
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`${file} holds no PEM certificate`);
  return pem;
}

/**
 * From now on every `fetch` of this process also trusts the authority: downloads, pairing and evidence go to a controller
 * whose certificate is the village's own. (Node takes further authorities only from its environment, before it starts.)
 */
export async function trustAuthority(pem: string): Promise<void> {
  // The first use makes the client; this one goes nowhere.
  await fetch('data:,');
  const client: unknown = Reflect.get(globalThis, DISPATCHER);
  const Agent: unknown = typeof client === 'object' && client !== null ? client.constructor : null;
  if (typeof Agent !== 'function')
    throw new Error('this version of Node cannot be told of another authority');
  Reflect.set(globalThis, DISPATCHER, Reflect.construct(Agent, [{ connect: { ca: trusting(pem) } }]));
}
