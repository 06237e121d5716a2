import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { ulid } from 'ulid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshRun, insertRun } from '#controller/broadcasts/run';
import { countsOf, Shares } from '#controller/broadcasts/shares';
import { EVIDENCE_LIMITS } from '#controller/device-http/evidence';
import type { Broadcast } from '#devices/broadcast';
import { call } from '../support/call.ts';
import { type DeviceSide, startDeviceSide } from '../support/device-side.ts';
import { type RegisteredDevice, registeredDevice } from '../support/registered-device.ts';

let side: DeviceSide;
let one: RegisteredDevice;
let two: RegisteredDevice;
beforeEach(async () => {
  side = await startDeviceSide();
  one = await registeredDevice(side, 'SN-1');
  two = await registeredDevice(side, 'SN-2');
});
afterEach(async () => {
  await side.stop();
  await side.discard();
});

const sound = randomBytes(100_000);
const jws = `header.${Buffer.from('{}').toString('base64url')}.signature`;
const planSha256 = createHash('sha256').update(jws).digest('hex');

/** A plan for device `one` alone, that names one stored file. */
async function issuePlan() {
  const now = Date.now();
  const { sha256 } = await side.blobs.put(sound, 'audio/ogg', now);
  const { sqlite } = side.store;
  sqlite
    .prepare(
      'INSERT INTO plan (sha256, jws, bytes, occurrences, valid_from, valid_until, created_at) VALUES (?, ?, ?, 0, 0, 0, ?)',
    )
    .run(planSha256, jws, jws.length, now);
  sqlite.prepare('INSERT INTO plan_blob (plan_sha256, blob_sha256) VALUES (?, ?)').run(planSha256, sha256);
  sqlite
    .prepare('INSERT INTO device_plan (device_id, revision, plan_sha256, issued_at) VALUES (?, 1, ?, ?)')
    .run(one.id, planSha256, now);
  return sha256;
}
const get = (what: string, headers: Record<string, string> = {}) =>
  fetch(`${side.url}/device/v1/${what}`, { headers });

test('a device fetches its plan and its files, and another device gets neither', async () => {
  const sha256 = await issuePlan();
  const plan = await get(`plans/${planSha256}`, one.bearer);
  expect([plan.status, await plan.text()]).toEqual([200, jws]);
  const file = await get(`blobs/${sha256}`, one.bearer);
  expect(file.status).toBe(200);
  expect(file.headers.get('content-type')).toBe('audio/ogg');
  expect(file.headers.get('cache-control')).toContain('immutable');
  expect(file.headers.get('etag')).toBe(`"${sha256}"`);
  expect(Buffer.from(await file.arrayBuffer()).equals(sound)).toBe(true);
  for (const what of [`plans/${planSha256}`, `blobs/${sha256}`]) {
    expect((await get(what, two.bearer)).status, 'another device').toBe(404);
    expect((await get(what)).status, 'nobody').toBe(401);
    const forged = { authorization: `Bearer ${one.id}.${two.credential}` };
    expect((await get(what, forged)).status, "another's credential").toBe(401);
  }
  expect((await get(`blobs/${'..%2F'.repeat(5)}etc%2Fpasswd`, one.bearer)).status).toBe(404);
});

test('the files of a broadcast are for its own devices, and for a day', async () => {
  const day = 86_400_000;
  const file = async (at: number, content: Buffer) => {
    const { sha256, bytes } = await side.blobs.put(content, 'audio/ogg', at);
    const part = {
      role: 'programme',
      programme: 'p1',
      title: 'Thông báo',
      offsetMs: 0,
      durationMs: 1_000,
    } as const;
    const body: Broadcast = {
      ...{
        id: ulid(at),
        title: 'Thông báo',
        priority: 'priority',
        resume: 'skip',
        gainDb: 0,
        notAfter: at + 20_000,
      },
      parts: [{ ...part, renditions: [{ sha256, bytes, type: 'audio/ogg' }] }],
    };
    const listeners = [
      { id: one.id, kind: 'speaker', capabilities: '{}', board: null, connected: true },
    ] as const;
    const run = {
      body,
      addresses: [],
      counts: countsOf(listeners),
      durationMs: 1_000,
      now: at,
      patienceMs: 8_000,
    };
    const programme = { kind: 'programme', id: 'p1' } as const;
    side.store.sqlite.transaction(() => {
      insertRun(side.store, freshRun(run), {
        targets: [],
        content: programme,
        patienceMs: 8_000,
        by: null,
        now: at,
      });
      new Shares(side.store).create(body.id, listeners, at);
    })();
    return sha256;
  };
  const old = await file(Date.now() - 2 * day, randomBytes(10));
  const fresh = await file(Date.now(), randomBytes(20));
  expect((await get(`blobs/${fresh}`, one.bearer)).status).toBe(200);
  expect((await get(`blobs/${fresh}`, two.bearer)).status, 'it is not for this one').toBe(404);
  expect((await get(`blobs/${old}`, one.bearer)).status, 'that was the day before yesterday').toBe(404);
});

test('a download that broke off goes on where it was', async () => {
  const sha256 = await issuePlan();
  const rest = await get(`blobs/${sha256}`, { ...one.bearer, range: 'bytes=60000-' });
  expect(rest.status).toBe(206);
  expect(rest.headers.get('content-range')).toBe(`bytes 60000-99999/100000`);
  expect(Buffer.from(await rest.arrayBuffer()).equals(sound.subarray(60_000))).toBe(true);
  const beyond = await get(`blobs/${sha256}`, { ...one.bearer, range: 'bytes=100000-' });
  expect(beyond.status).toBe(416);
  await beyond.arrayBuffer();
  // Not by fetch, which asks past every cache as soon as a condition is given.
  const known = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { ...one.bearer, 'if-none-match': `"${sha256}"` };
    request(`${side.url}/device/v1/blobs/${sha256}`, { headers }, ({ statusCode }) => resolve(statusCode))
      .on('error', reject)
      .end();
  });
  expect(known).toBe(304);
});

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(2_000)]);
const put = (id: string, body: Buffer, type = 'image/png', headers = one.bearer) =>
  fetch(`${side.url}/device/v1/evidence/${id}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': type },
    body: new Uint8Array(body),
  });

test('a picture of what a board shows is kept once, however often it is sent', async () => {
  const id = ulid();
  expect((await put(id, png)).status).toBe(201);
  expect((await put(id, png)).status).toBe(200);
  const { picture } = await side.handlers['GET /devices/{id}'](call({ params: { id: one.id } }));
  expect(picture).toMatchObject({ id, type: 'image/png' });
  const rows = side.store.sqlite.prepare('SELECT device_id, bytes, sha256 FROM evidence').all();
  expect(rows).toEqual([
    { device_id: one.id, bytes: png.length, sha256: createHash('sha256').update(png).digest('hex') },
  ]);
  expect((await put(id, png, 'image/png', two.bearer)).status, "another's id").toBe(409);
});

test('what is no picture, is too big or comes from nobody is refused and leaves nothing behind', async () => {
  expect((await put(ulid(), Buffer.from('<script>'))).status).toBe(415);
  expect((await put(ulid(), png, 'text/html')).status).toBe(415);
  expect((await put(ulid(), png, 'image/png', { authorization: 'Bearer nobody' })).status).toBe(401);
  expect((await put('../../x', png)).status).toBe(404);
  expect((await put('not-a-ulid', png)).status).toBe(400);
  const huge = Buffer.concat([png, Buffer.alloc(EVIDENCE_LIMITS.bytes)]);
  const status = await put(ulid(), huge).then(
    (response) => response.status,
    () => 413, // The connection may be cut while the rest is still being sent.
  );
  expect(status).toBe(413);
  expect(side.store.sqlite.prepare('SELECT count(*) FROM evidence').pluck().get()).toBe(0);
  expect(readdirSync(path.join(side.directory, 'incoming'))).toEqual([]);
});

test('a device cannot fill the disk with pictures', async () => {
  const insert = side.store.sqlite.prepare(
    "INSERT INTO evidence (id, device_id, type, bytes, sha256, received_at) VALUES (?, ?, 'image/png', 1, 'x', ?)",
  );
  for (let index = 0; index < EVIDENCE_LIMITS.perDay; index += 1) insert.run(ulid(), one.id, Date.now());
  expect((await put(ulid(), png)).status).toBe(429);
  expect((await put(ulid(), png, 'image/png', two.bearer)).status).toBe(201);
});

test('devices behind one address may all fetch at once, and who guesses credentials from there is stopped', async () => {
  const sha256 = await issuePlan();
  const herd = await Promise.all(
    Array.from({ length: 400 }, async () => {
      const response = await get(`blobs/${sha256}`, one.bearer);
      await response.arrayBuffer();
      return response.status;
    }),
  );
  expect(herd.filter((status) => status !== 200)).toEqual([]);
  const guess = { authorization: `Bearer ${one.id}.${'x'.repeat(40)}` };
  let refused = 0;
  for (let guesses = 0; guesses < 200 && refused === 0; guesses += 1) {
    const { status } = await get(`blobs/${sha256}`, guess);
    if (status === 429) refused = guesses;
    else expect(status).toBe(401);
  }
  expect(refused).toBeGreaterThan(0);
});
