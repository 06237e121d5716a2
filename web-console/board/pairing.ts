import type { z } from 'zod';
import { Backoff } from '#devices/backoff';
import type { Capabilities } from '#devices/kind';
import { PairAnswer, PairProof, type PairRequest } from '#devices/pairing';
import { type Database, DURABLE } from './database.ts';
import type { Identity } from './identity.ts';
import { pause } from './pause.ts';

const Approved = PairAnswer.options[2];
export type Pairing = z.infer<typeof Approved>;

export interface PairingDesk {
  readonly database: Database;
  readonly identity: Identity;
  readonly firmware: string;
  readonly capabilities: () => z.input<typeof Capabilities>;
  /** Root of the controller's HTTP interface: where the page came from. */
  readonly http: string;
  readonly onWaiting: () => void;
  readonly onRefused: () => void;
  readonly onUnreachable: () => void;
}

/** The controller that this screen belongs to, as kept from an earlier pairing. */
export async function keptPairing(database: Database): Promise<Pairing | null> {
  const kept = Approved.safeParse(await database.get('facts', 'pairing'));
  return kept.success ? kept.data : null;
}

const SOONEST_MS = 1_000;
const LATEST_MS = 30_000;
const REFUSED_MS = 15_000;
const ASK_MS = 15_000;

/** Asks to be let in every few seconds until a technician does; keeps the answer. */
export async function pair(desk: PairingDesk): Promise<Pairing> {
  const backoff = new Backoff(SOONEST_MS, LATEST_MS);
  for (;;) {
    const answer = await ask(desk).catch(() => 'unreachable' as const);
    if (answer === 'unreachable') {
      desk.onUnreachable();
      await pause(backoff.next());
    } else if (answer === 'busy') {
      await pause(backoff.next() + SOONEST_MS);
    } else if (answer.state === 'approved') {
      const change = desk.database.transaction('facts', 'readwrite', DURABLE);
      await change.store.put(answer, 'pairing');
      await change.done;
      return answer;
    } else {
      backoff.reset();
      if (answer.state === 'refused') desk.onRefused();
      else desk.onWaiting();
      const askedMs = answer.state === 'pending' ? answer.retryAfterMs : REFUSED_MS;
      await pause(Math.min(Math.max(askedMs, SOONEST_MS), LATEST_MS));
    }
  }
}

async function ask({ identity, firmware, capabilities, http }: PairingDesk): Promise<PairAnswer | 'busy'> {
  const { code, serial, model, publicKey } = identity;
  const proof = await identity.sign(PairProof.parse({ code, serial, at: Date.now() }));
  const request: z.input<typeof PairRequest> = {
    ...{ v: 1, code, publicKey, proof, kind: 'board', model, serial, firmware },
    capabilities: capabilities(),
  };
  const response = await fetch(`${http}/device/v1/pair`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(ASK_MS),
  });
  if (response.status === 429 || response.status === 503) return 'busy';
  return PairAnswer.parse(await response.json());
}
