import express, { Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { Failure } from '../failure.ts';
import type { CapReceipt } from '../http/contract/upstream.ts';
import { sendProblem } from '../http/problem.ts';
import type { Secrets } from '../policies/secrets.ts';
import type { Alerts } from './alerts.ts';
import { isToken, MOST_ALERT_BYTES } from './intake.ts';

export interface CapWebhookDeps {
  readonly alerts: Alerts;
  readonly secrets: Secrets;
  /** Calls in a minute from one address. */
  readonly limit?: number;
}

const TYPES = ['application/cap+xml', 'application/xml', 'text/xml'];
const CALLS_A_MINUTE = 120;

/** `POST /cap`: who calls is known by a token, or by the signature of the alert itself. */
export function capRouter({ alerts, secrets, limit = CALLS_A_MINUTE }: CapWebhookDeps): Router {
  const router = Router({ caseSensitive: true });
  const slow = rateLimit({
    ...{ windowMs: 60_000, limit, standardHeaders: 'draft-8', legacyHeaders: false },
    handler: (_request, response) => {
      sendProblem(response, {
        ...{ status: 429, code: 'too-many-requests' },
        detail: 'Too many alerts from this address; send it again in a minute.',
      });
    },
  });
  const raw = express.raw({ type: () => true, limit: MOST_ALERT_BYTES });
  router.post('/cap', slow, raw, async (request, response) => {
    const vouched = isVouchedFor(secrets, request.get('authorization'));
    const type = (request.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (!TYPES.includes(type)) {
      throw new Failure(
        'not-xml-type',
        `Send the alert as ${TYPES.join(', ')}, not as ${type || 'nothing'}.`,
        {
          status: 415,
        },
      );
    }
    const bytes = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
    const { alert, duplicate } = await alerts.receive(bytes, 'webhook', vouched);
    const { id, state, reason, incidentId } = alert;
    const receipt: CapReceipt = { id, state, reason, incidentId, duplicate };
    response.set('cache-control', 'no-store').json(receipt);
  });
  return router;
}

/** Without a token the alert's signature must do. @throws Failure 401 for a wrong one. */
function isVouchedFor(secrets: Secrets, header: string | undefined): boolean {
  if (header === undefined) return false;
  const token = secrets.read('cap-token');
  const given = /^Bearer ([^\s]+)$/.exec(header)?.[1];
  if (token !== null && given !== undefined && isToken(given, token)) return true;
  throw new Failure('not-signed-in', 'This is not the token that was set for CAP.', { status: 401 });
}
