import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Logger } from 'pino';
import { z } from 'zod';
import { PairRequest } from '#devices/pairing';
import { Sha256, Ulid } from '#devices/primitives';
import { STORED_BLOBS } from '../desired/stored.ts';
import { notFound } from '../failure.ts';
import { problemHandler, sendProblem } from '../http/problem.ts';
import type { Pairing } from '../registry/pairing.ts';
import { deviceOf } from './bearer.ts';
import { type EndpointSettings, endpointsFor } from './endpoints.ts';
import { type EvidenceDeps, keepEvidence } from './evidence.ts';
import { failureLimit } from './failure-limit.ts';

export interface DeviceHttpDeps extends EvidenceDeps {
  readonly log: Logger;
  readonly pairing: Pick<Pairing, 'ask'>;
  /** Firmware images, in a place of their own. */
  readonly images: { path(sha256: string): string };
  readonly endpoints: EndpointSettings;
  readonly limits?: Partial<typeof DEVICE_HTTP_LIMITS>;
}

/** In a minute and from one address, behind which may be a whole ward. */
export const DEVICE_HTTP_LIMITS = { pairAsks: 1_200, pairFailures: 30, failures: 120 };

/** When a picture was taken, by the device's clock, and the hash of what is on it. */
const EvidenceQuery = z.object({
  takenAt: z.coerce.number().int().min(0).nullable().default(null),
  pixels: Sha256.nullable().default(null),
});

/** What is named by its hash never changes; and only the device itself may keep it. */
const FOR_EVER = 'private, max-age=31536000, immutable';

/** `/device/v1`: pairing, plans, media and evidence. */
export function deviceRouter(deps: DeviceHttpDeps): Router {
  const { store, clock, blobs, images, log, pairing } = deps;
  const limits = { ...DEVICE_HTTP_LIMITS, ...deps.limits };
  const router = Router();
  const failures = failureLimit(limits.failures, turnedAway);
  router.post(
    '/pair',
    askLimit(limits.pairAsks),
    failureLimit(limits.pairFailures, turnedAway),
    express.json({ limit: '16kb' }),
    async (request, response) => {
      const asked = PairRequest.parse(request.body);
      const answer = await pairing.ask(asked, request.ip ?? '', endpointsFor(deps.endpoints, request));
      response.set('cache-control', 'no-store').json(answer);
    },
  );
  router.get('/plans/:sha256', failures, (request, response) => {
    const device = deviceOf(store, request);
    const sha256 = hashIn(request, 'plan');
    const jws = store.sqlite
      .prepare<[string, string], string>(
        `SELECT jws FROM plan WHERE sha256 = ?
          AND EXISTS (SELECT 1 FROM device_plan dp WHERE dp.plan_sha256 = plan.sha256 AND dp.device_id = ?)`,
      )
      .pluck()
      .get(sha256, device);
    if (jws === undefined) throw notFound('plan', sha256);
    named(response, sha256).type('application/jose').send(Buffer.from(jws, 'latin1'));
  });
  router.get('/blobs/:sha256', failures, (request, response, next) => {
    const device = deviceOf(store, request);
    const sha256 = hashIn(request, 'file');
    const type = store.sqlite
      .prepare<[object], string>(
        `SELECT type FROM blob WHERE sha256 = @sha256
          AND (EXISTS (SELECT 1 FROM plan_blob pb JOIN device_plan dp ON dp.plan_sha256 = pb.plan_sha256
              WHERE pb.blob_sha256 = blob.sha256 AND dp.device_id = @device)
            OR EXISTS (SELECT 1 FROM broadcast_blob bb
                JOIN broadcast_device s ON s.broadcast_id = bb.broadcast_id AND s.device_id = @device
              WHERE bb.blob_sha256 = blob.sha256 AND bb.until > @now)
            OR sha256 IN (${STORED_BLOBS}))`,
      )
      .pluck()
      .get({ sha256, device, now: clock.now() });
    if (type === undefined) throw notFound('file', sha256);
    named(response, sha256).type(type);
    sendFile(response, blobs.path(sha256), next);
  });
  // Only what the device was offered: no plan can lead here, and no offer to the files of a plan.
  router.get('/firmware/:sha256', failures, (request, response, next) => {
    const device = deviceOf(store, request);
    const sha256 = hashIn(request, 'firmware');
    const offered = store.sqlite
      .prepare(
        `SELECT 1 FROM firmware_offer o JOIN rollout r ON r.id = o.rollout_id
          JOIN firmware_image i ON i.id = r.image_id WHERE o.device_id = ? AND i.sha256 = ?`,
      )
      .get(device, sha256);
    if (offered === undefined) throw notFound('firmware', sha256);
    named(response, sha256).type('application/octet-stream');
    sendFile(response, images.path(sha256), next);
  });
  router.put('/evidence/:id', failures, async (request, response) => {
    const device = deviceOf(store, request);
    const id = Ulid.parse(request.params.id);
    const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const told = EvidenceQuery.parse(request.query);
    const outcome = await keepEvidence(deps, { id, device, type, body: request, ...told });
    response.status(outcome === 'kept' ? 201 : 200).json({ id });
  });
  router.use((_request, response) => {
    sendProblem(response, { status: 404, code: 'no-such-operation', detail: 'There is nothing here.' });
  });
  router.use(problemHandler(log));
  return router;
}

function hashIn(request: Request, what: string): string {
  const sha256 = Sha256.safeParse(request.params.sha256);
  if (!sha256.success) throw notFound(what, String(request.params.sha256).slice(0, 80));
  return sha256.data;
}

const named = (response: Response, sha256: string): Response =>
  response.set('cache-control', FOR_EVER).set('etag', `"${sha256}"`);

/** The bytes of a file, with `Range`. A device that hangs up in the middle resumes later; that is no error of ours. */
function sendFile(response: Response, file: string, next: NextFunction): void {
  response.sendFile(
    file,
    { etag: false, lastModified: false, cacheControl: false, dotfiles: 'allow' },
    (error) => {
      const hungUp =
        response.destroyed || (error !== undefined && 'code' in error && error.code === 'ECONNABORTED');
      if (error && !response.headersSent && !hungUp) next(error);
    },
  );
}

const turnedAway: RequestHandler = (_request, response) => {
  sendProblem(response, {
    status: 429,
    code: 'too-many-requests',
    detail: 'Too many requests from this address; try again in a minute.',
  });
};

const askLimit = (limit: number): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: turnedAway,
  });
