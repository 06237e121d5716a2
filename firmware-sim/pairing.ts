import { join } from 'node:path';
import type { z } from 'zod';
import type { Capabilities, DeviceKind } from '#devices/kind';
import { PairAnswer, PairProof, type PairRequest } from '#devices/pairing';
import { Backoff, pause } from './backoff.ts';
import { Deadline } from './deadline.ts';
import type { Identity } from './identity.ts';
import { readJson, writeWhole } from './whole-file.ts';

const Approved = PairAnswer.options[2];
export type Pairing = z.infer<typeof Approved>;

const path = (dir: string): string => join(dir, 'pairing.json');

/** The controller this device belongs to, as kept from an earlier pairing. */
export const keptPairing = (dir: string): Promise<Pairing | null> => readJson(path(dir), Approved);

export interface PairingDesk {
  /** Root of the controller's HTTP interface, such as `http://192.168.1.2:8080`. */
  readonly http: string;
  readonly dir: string;
  readonly identity: Identity;
  readonly kind: DeviceKind;
  readonly firmware: string;
  readonly capabilities: Capabilities;
  readonly now: () => number;
  readonly onRefused: () => void;
  readonly onTrouble: (detail: string) => void;
  /** Shortest time between two requests; the controller may ask for more. */
  readonly retryMs: number;
}

/** Asks to be paired every few seconds until a technician approves; keeps the answer. Null when aborted. */
export async function pair(desk: PairingDesk, signal: AbortSignal): Promise<Pairing | null> {
  const backoff = new Backoff(desk.retryMs, 30_000);
  let trouble = '';
  while (!signal.aborted) {
    let waitMs: number;
    try {
      const answer = await ask(desk, signal);
      if (answer === 'busy') {
        waitMs = backoff.next() + desk.retryMs;
      } else if (answer.state === 'approved') {
        await writeWhole(path(desk.dir), JSON.stringify(answer), { mode: 0o600 });
        return answer;
      } else {
        backoff.reset();
        trouble = '';
        if (answer.state === 'refused') desk.onRefused();
        const askedMs = answer.state === 'pending' ? answer.retryAfterMs : 15_000;
        waitMs = Math.max(desk.retryMs, Math.min(askedMs, 30_000));
      }
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      if (detail !== trouble && !signal.aborted) desk.onTrouble(detail);
      trouble = detail;
      waitMs = backoff.next();
    }
    await pause(waitMs, signal);
  }
  return null;
}

/** For the whole answer. */
const ASK_MS = 15_000;

async function ask(desk: PairingDesk, signal: AbortSignal): Promise<PairAnswer | 'busy'> {
  const { identity } = desk;
  const proof = PairProof.parse({ code: identity.code, serial: identity.serial, at: desk.now() });
  const request: PairRequest = {
    v: 1,
    code: identity.code,
    publicKey: identity.publicKey,
    proof: await identity.sign(proof),
    kind: desk.kind,
    model: identity.model,
    serial: identity.serial,
    firmware: desk.firmware,
    capabilities: desk.capabilities,
  };
  const url = `${desk.http}/device/v1/pair`;
  const deadline = new Deadline(signal, ASK_MS, url);
  const headers = { 'content-type': 'application/json' };
  const post = fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify(request),
    signal: deadline.signal,
  });
  const { status, text } = await deadline
    .within(post.then(async (response) => ({ status: response.status, text: await response.text() })))
    .catch((error: unknown) => {
      throw new Error(`cannot reach ${url}: is the controller running there?`, { cause: error });
    })
    .finally(() => deadline.end());
  if (status === 429 || status === 503) return 'busy';
  const answer = PairAnswer.safeParse(parse(text));
  if (answer.success) return answer.data;
  throw new Error(`${url} answered ${status}, which is no pairing answer: ${text.slice(0, 200)}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
