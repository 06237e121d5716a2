import express, { Router } from 'express';
import { isThere } from '../cap/affected.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { Failure, notFound } from '../failure.ts';
import type { Bulletin } from '../http/contract/bulletins.ts';
import type { Target } from '../http/contract/schedules.ts';
import { ProvinceBulletin, type ProvinceStatus, upstreamRoutes } from '../http/contract/upstream.ts';
import type { Policies } from '../policies/policies.ts';
import type { Secrets } from '../policies/secrets.ts';
import { Wish } from './bulletin-rows.ts';
import type { Bulletins } from './bulletins.ts';
import { checkSignature, useOnce } from './hmac.ts';

export interface ProvinceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly policies: Policies;
  readonly secrets: Secrets;
  readonly bulletins: Bulletins;
}

const MOST_BYTES = 128 * 1024;
const ById = upstreamRoutes['GET /province/bulletins/{externalId}'].params;

/**
 * The province's interface, and the only place that knows it: when the real one becomes known, this file is what is
 * replaced. What goes in and out is described beside the schemas (`http/contract/upstream.ts`).
 */
export function provinceRouter(deps: ProvinceDeps): Router {
  const { bulletins, clock, store } = deps;
  const router = Router({ caseSensitive: true });
  const raw = express.raw({ type: () => true, limit: MOST_BYTES });
  router.post('/province/bulletins', raw, async (request, response) => {
    const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
    const { sender, signature } = signed(deps, request.get('x-loa-signature'), body);
    useOnce(store, signature, clock.now());
    const incoming = ProvinceBulletin.parse(json(body));
    const { externalId, revision } = incoming;
    const bulletin =
      incoming.action === 'withdraw'
        ? await bulletins.recall({ sender, externalId, revision, reason: incoming.reason })
        : await bulletins.receive({ ...incoming, sender, targets: targetsOf(deps, incoming.geocodes) });
    response.set('cache-control', 'no-store').json(statusOf(deps, bulletin));
  });
  router.get('/province/bulletins/:externalId', (request, response) => {
    const { sender } = signed(deps, request.get('x-loa-signature'), Buffer.from(request.originalUrl));
    const { externalId } = ById.parse(request.params);
    const row = bulletins.rows.byName(sender, externalId);
    if (row === undefined) throw notFound('bulletin', externalId);
    response.set('cache-control', 'no-store').json(statusOf(deps, bulletins.rows.view(row)));
  });
  return router;
}

/** @throws Failure 404 `province-off`, 401. */
function signed(
  { policies, secrets, clock }: ProvinceDeps,
  header: string | undefined,
  body: Uint8Array,
): { sender: string; signature: string } {
  const { enabled, sender } = policies.read('province');
  const secret = secrets.read('province-hmac');
  if (!enabled || secret === null) {
    throw new Failure(
      'province-off',
      "The province's bulletins are not taken in here; an administrator must switch them on.",
      {
        status: 404,
      },
    );
  }
  return { sender: sender || 'province', signature: checkSignature(secret, header, body, clock.now()) };
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new Failure('bad-request', 'The body is not JSON.', { status: 400, cause });
  }
}

/** By the same table as CAP's areas. What the table does not name is no reason to warn nobody: then it is everybody. */
function targetsOf(
  { policies, store }: ProvinceDeps,
  codes: readonly { readonly valueName: string; readonly value: string }[],
): Target[] {
  return policies
    .read('cap')
    .geocodes.filter(({ valueName, value }) =>
      codes.some((code) => code.valueName === valueName && code.value === value),
    )
    .map(({ target }) => target)
    .filter((target) => isThere(store, target));
}

function statusOf({ bulletins }: ProvinceDeps, bulletin: Bulletin): ProvinceStatus {
  const { externalId, revision, state, reason, updatedAt, history } = bulletin;
  const { wish } = bulletins.rows.get(bulletin.id);
  return {
    ...{ externalId, revision, state, reason, updatedAt },
    scheduledAt: wish === null ? null : Wish.parse(JSON.parse(wish)).at,
    // Who decided in the ward is the ward's own affair.
    history: history.map((event) => ({ at: event.at, state: event.state, reason: event.reason })),
  };
}
