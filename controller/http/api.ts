import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Account } from '../accounts/session.ts';
import { Failure } from '../failure.ts';
import type { Operation, Routes } from './contract/index.ts';
import { routes } from './contract/index.ts';
import type { Role, Route } from './contract/route.ts';
import type { Call, Handlers } from './handlers.ts';
import { sendProblem } from './problem.ts';
import { isSameOrigin } from './same-origin.ts';

/** What an account that must still change its password may do. */
const BEFORE_PASSWORD_CHANGE: readonly Operation[] = ['GET /session', 'POST /session/password'];

/** An operator does what viewers do, an administrator everything. Technicians and operators each have their own. */
const mayCall = (role: Role, allow: readonly Role[]): boolean =>
  allow.length === 0 || role === 'administrator' || allow.includes(role);

type AnyHandler = (call: Call<Route>) => Promise<unknown>;

/**
 * The REST interface: for each route of the contract checks the caller, then the request, calls the handler, and
 * sends what it returns.
 * @param identify who a request comes from, or null.
 */
export function apiRouter(
  handlers: Handlers<Routes>,
  identify: (request: Request) => Promise<Account | null>,
  json: RequestHandler,
): Router {
  const router = Router({ caseSensitive: true });
  for (const [operation, route] of Object.entries(routes) as [Operation, Route][]) {
    const [method, path] = operation.split(' ') as [string, string];
    const handler = handlers[operation] as unknown as AnyHandler;
    const answer = async (request: Request, response: Response): Promise<void> => {
      const account = await identify(request);
      refuseForeignPages(request);
      authorise(account, operation, route);
      const call = {
        params: route.params?.parse(request.params) ?? {},
        query: route.query?.parse(given(request.query)) ?? {},
        body: route.body?.parse(request.body ?? {}),
        caller: { id: account.id, name: account.name, role: account.role },
        request,
        response,
      };
      const result = await handler(call as Call<Route>);
      if (typeof route.response === 'string') return;
      response
        .status(route.status ?? 200)
        .set('Cache-Control', 'no-store')
        .json(result);
    };
    const verb = method.toLowerCase() as 'get' | 'post' | 'patch' | 'put' | 'delete';
    const express = path.replaceAll(/\{(\w+)\}/g, ':$1');
    router[verb](express, ...(route.body === undefined ? [] : [json]), answer);
  }
  router.use((_request, response) => {
    sendProblem(response, {
      status: 404,
      code: 'no-such-operation',
      detail: 'The interface has no such operation; /api/v1/openapi.json lists all.',
    });
  });
  return router;
}

/** What is left empty in a form (`?from=`) was not given: it must not be read as 0. */
const given = (query: Request['query']): Request['query'] =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));

function authorise(account: Account | null, operation: Operation, route: Route): asserts account is Account {
  if (account === null) {
    throw new Failure('not-signed-in', 'Sign in first; the session may have ended.', { status: 401 });
  }
  if (account.mustChangePassword && !BEFORE_PASSWORD_CHANGE.includes(operation)) {
    throw new Failure(
      'must-change-password',
      'Change the password that was printed at the first start; then go on.',
      {
        status: 403,
      },
    );
  }
  if (!mayCall(account.role, route.allow)) {
    throw new Failure(
      'not-allowed',
      `This needs the role ${route.allow.join(' or ')}; ask an administrator.`,
      {
        status: 403,
        params: { roles: route.allow.join(', ') },
      },
    );
  }
}

/** A session cookie alone does not authorise a change: the page must be ours. Programs send no `Origin`. */
function refuseForeignPages(request: Request): void {
  const { origin, host } = request.headers;
  if (request.method === 'GET' || origin === undefined || isSameOrigin(origin, host)) return;
  throw new Failure('foreign-page', `A page of ${origin} may not act for you here.`, { status: 403 });
}
