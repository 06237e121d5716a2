import { toNodeHandler } from 'better-auth/node';
import compression from 'compression';
import express, { type Express, type Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Authentication } from '../accounts/authentication.ts';
import { accountOf } from '../accounts/session.ts';
import { apiRouter } from './api.ts';
import { boardPolicy } from './board-policy.ts';
import { consoleRouter } from './console.ts';
import type { Routes } from './contract/index.ts';
import type { Handlers } from './handlers.ts';
import { openApiDocument } from './openapi.ts';
import { problemHandler, sendProblem } from './problem.ts';

export interface AppDeps {
  readonly authentication: Authentication;
  readonly handlers: Handlers<Routes>;
  readonly devices: Router;
  /** What other systems call, below `/api/v1`; each call proves by itself who it is from. */
  readonly upstream: Router;
  /** What anybody may read, below `/public`. */
  readonly open: Router;
  readonly metrics: Registry;
  readonly ready: () => { ok: boolean; checks: Record<string, boolean> };
  readonly publicUrl: string;
  /** Addresses of brokers that are not behind our own door. */
  readonly brokers?: readonly (string | undefined)[];
  readonly version: string;
  readonly log: Logger;
}

/** Of better-auth's own endpoints only these are open; the rest goes through `/api/v1`. */
const AUTH_PATHS = new Set(['/sign-in/username', '/sign-out', '/get-session']);

/** Everything that is served over HTTP. */
export function createApp(deps: AppDeps): Express {
  const secure = deps.publicUrl.startsWith('https:');
  const app = express();
  app.disable('x-powered-by');
  // A reverse proxy on the same machine may say whom it speaks for; nobody else may.
  app.set('trust proxy', 'loopback');
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          // Mantine sets styles on elements; scripts come from files alone.
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          mediaSrc: ["'self'", 'blob:'],
          connectSrc: ["'self'"],
          workerSrc: ["'self'", 'blob:'],
          objectSrc: ["'none'"],
          frameAncestors: ["'none'"],
          upgradeInsecureRequests: secure ? [] : null,
        },
      },
      strictTransportSecurity: secure,
      crossOriginOpenerPolicy: secure,
      originAgentCluster: secure,
    }),
  );
  app.get('/healthz', (_request, response) => void response.json({ ok: true }));
  app.get('/readyz', (_request, response) => {
    const state = deps.ready();
    response.status(state.ok ? 200 : 503).json(state);
  });
  app.get('/metrics', (request, response, next) => {
    if (!isLoopback(request.ip)) {
      sendProblem(response, {
        status: 403,
        code: 'not-allowed',
        detail: 'Metrics are read on the machine itself.',
      });
      return;
    }
    deps.metrics.metrics().then((text) => response.type(deps.metrics.contentType).send(text), next);
  });
  app.use('/device/v1', deps.devices);
  app.use(compression());
  const authenticate = toNodeHandler(deps.authentication);
  app.use('/api/auth', (request, response, next) => {
    if (!AUTH_PATHS.has(request.path)) {
      sendProblem(response, { status: 404, code: 'no-such-operation', detail: 'There is nothing here.' });
      return;
    }
    // better-auth limits attempts by address, which only we know.
    request.headers['x-loa-remote-address'] = request.ip ?? '';
    authenticate(request, response).catch(next);
  });
  const openApi = JSON.stringify(openApiDocument(deps));
  app.get('/api/v1/openapi.json', (_request, response) => void response.type('json').send(openApi));
  app.use(
    '/api/v1',
    rateLimit({ windowMs: 60_000, limit: 3_000, standardHeaders: 'draft-8', legacyHeaders: false }),
    deps.upstream,
    apiRouter(
      deps.handlers,
      (request) => accountOf(deps.authentication, request.headers),
      express.json({ limit: '1mb' }),
    ),
  );
  app.use('/public', deps.open);
  app.use(consoleRouter(boardPolicy(deps.brokers ?? [], secure)));
  app.use(problemHandler(deps.log));
  return app;
}

const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);
