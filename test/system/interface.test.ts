import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { routes } from '#controller/http/contract/index';
import { upstreamRoutes } from '#controller/http/contract/upstream';
import { Client, ProblemError } from '../support/client.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

const OpenApi = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.object({ summary: z.string(), responses: z.record(z.string(), z.unknown()) })),
  ),
});

/** The problem document that a call ends with. */
async function problemOf(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw new Error(`expected a problem, got ${String(error)}`);
  return error.problem;
}

describe('the REST interface', () => {
  let village: Village & { firstPassword: string };
  beforeAll(async () => {
    village = await Village.start({ firstSignIn: 'left' });
  });
  afterAll(() => village?.stop());

  test('lets nobody in without an account', async () => {
    const stranger = new Client(village.url);
    for (const operation of ['GET /devices', 'GET /overview', 'GET /session', 'GET /plays'] as const) {
      expect(await problemOf(stranger.call(operation))).toMatchObject({ status: 401, code: 'not-signed-in' });
    }
    await expect(stranger.signIn('admin', 'admin')).rejects.toThrow('401');
  });

  test('lets the first administrator do nothing before the printed password was changed', async () => {
    const { client, firstPassword } = village;
    await client.signIn('admin', firstPassword);
    expect(await problemOf(client.call('GET /devices'))).toMatchObject({
      status: 403,
      code: 'must-change-password',
    });
    const change = (newPassword: string, currentPassword = firstPassword) =>
      client.call('POST /session/password', { body: { currentPassword, newPassword } });
    expect(await problemOf(change('short'))).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(await problemOf(change(firstPassword))).toMatchObject({ code: 'same-password' });
    expect(await problemOf(change(ADMIN_PASSWORD, 'not the password'))).toMatchObject({
      code: 'wrong-password',
    });
    const before = client.cookie;
    expect(await change(ADMIN_PASSWORD)).toMatchObject({
      user: { role: 'administrator', mustChangePassword: false },
    });
    expect(await client.call('GET /devices')).toMatchObject({ items: [], total: 0 });
    const old = await fetch(`${village.url}/api/v1/devices`, { headers: { cookie: before } });
    expect(old.status, 'the session of the old password has ended').toBe(401);
  });

  test('a page from elsewhere cannot act with the officer’s cookie', async () => {
    const answer = await fetch(`${village.url}/api/v1/groups`, {
      method: 'POST',
      headers: {
        cookie: village.client.cookie,
        'content-type': 'application/json',
        origin: 'https://elsewhere.example',
      },
      body: JSON.stringify({ name: 'x' }),
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'foreign-page' });
    expect(await village.client.call('GET /groups')).toEqual([]);
  });

  test('takes a time that was left empty for a mistake, not for 1970', async () => {
    const { client } = village;
    const query = { from: '', to: '' };
    expect(await problemOf(client.call('GET /plays', { query }))).toMatchObject({
      status: 400,
      code: 'invalid-request',
      errors: [{ path: 'from' }, { path: 'to' }],
    });
    expect(await client.call('GET /devices', { query: { search: '' } })).toMatchObject({ items: [] });
  });

  test('does not begin anew where a page is asked for that there never was', async () => {
    const { client } = village;
    const time = { from: 0, to: Date.now() };
    for (const asked of [
      client.call('GET /devices', { query: { cursor: 'x' } }),
      client.call('GET /plays', { query: { ...time, cursor: 'x' } }),
    ]) {
      expect(await problemOf(asked)).toMatchObject({ status: 400, code: 'bad-cursor' });
    }
  });

  test('says which field is wrong, and answers every error with a problem document', async () => {
    const { client } = village;
    const problem = await problemOf(client.call('POST /areas', { body: { name: '' } }));
    expect(problem).toMatchObject({ status: 400, code: 'invalid-request', errors: [{ path: 'name' }] });
    expect(await problemOf(client.call('GET /devices/{id}', { params: { id: 'nobody' } }))).toMatchObject({
      status: 404,
    });
    for (const [path, init, status] of [
      ['/api/v1/nothing', {}, 404],
      ['/api/v1/groups', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }, 400],
      ['/api/auth/sign-up/email', { method: 'POST', body: '{}' }, 404],
    ] as const) {
      const { headers, ...rest } = { headers: {}, ...init };
      const answer = await fetch(village.url + path, {
        ...rest,
        headers: { ...headers, cookie: client.cookie },
      });
      expect(answer.status, path).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  test('is described whole by its OpenAPI document', async () => {
    const document = OpenApi.parse(await (await fetch(`${village.url}/api/v1/openapi.json`)).json());
    const described = Object.entries(document.paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
    );
    const promised = [...Object.keys(routes), ...Object.keys(upstreamRoutes)];
    expect(described.sort()).toEqual(promised.sort());
  });

  test('tells a monitor how it is, and serves the console with a strict policy', async () => {
    expect(await (await fetch(`${village.url}/healthz`)).json()).toEqual({ ok: true });
    expect(await (await fetch(`${village.url}/readyz`)).json()).toMatchObject({ ok: true });
    const metrics = await (await fetch(`${village.url}/metrics`)).text();
    expect(metrics).toMatch(/^loa_broker_clients \d+$/m);
    const page = await fetch(`${village.url}/devices`);
    expect(await page.text()).toContain('<div id="root">');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.headers.get('x-powered-by')).toBeNull();
  });

  test('slows down whoever guesses passwords', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 15; attempt += 1) {
      const answer = await fetch(`${village.url}/api/auth/sign-in/username`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'admin', password: `guess number ${attempt}` }),
      });
      statuses.push(answer.status);
    }
    expect(statuses).toContain(429);
  });
});
