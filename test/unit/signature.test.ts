import { CompactSign, type CryptoKey, generateKeyPair } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { sign, verify } from '#devices/signature';
import { EVERY_DEVICE } from '#devices/topics';

const now = Date.UTC(2026, 10, 23, 6);
const claims = { jti: 'c-1', aud: 'loa-aaaa2222', issuedAt: now, expiresAt: now + 30_000 };
const stop = { v: 1, type: 'stop' } as const;
const audiences = new Set(['loa-aaaa2222', 'kv-one']);
let key: { kid: string; privateKey: CryptoKey };
let publicKey: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair('EdDSA');
  key = { kid: 'k', privateKey: pair.privateKey };
  publicKey = pair.publicKey;
});
const signed = (changes: Partial<typeof claims> = {}) =>
  sign('command', stop, { ...claims, ...changes }, key);
const read = (jws: string, at = now) => verify('command', jws, publicKey, { audiences, now: at });

test('what was signed is read back, to the millisecond', async () => {
  expect(await read(await signed())).toEqual({ ok: true, claims, body: stop });
});

test('a command for another device, or for everybody, is not for this one', async () => {
  expect(await read(await signed({ aud: 'loa-bbbb3333' }))).toEqual({
    ok: false,
    reason: 'wrong-audience',
    id: 'c-1',
  });
  expect(await read(await signed({ aud: EVERY_DEVICE }))).toMatchObject({ reason: 'wrong-audience' });
  expect(await read(await signed({ aud: 'kv-one' }))).toMatchObject({ ok: true });
});

test('a command holds until it expires, and not a millisecond longer', async () => {
  const jws = await signed();
  expect(await read(jws, claims.expiresAt)).toMatchObject({ ok: true });
  expect(await read(jws, claims.expiresAt + 1)).toEqual({ ok: false, reason: 'expired', id: 'c-1' });
});

test('one changed character anywhere breaks the seal', async () => {
  const jws = await signed();
  for (let at = 0; at < jws.length; at += 7) {
    if (jws[at] === '.') continue;
    const other = jws[at] === 'A' ? 'B' : 'A';
    const forged = jws.slice(0, at) + other + jws.slice(at + 1);
    // The last character carries bits that base64url leaves unused; those are no change.
    if (
      Buffer.from(forged.split('.')[2] ?? '', 'base64url').equals(
        Buffer.from(jws.split('.')[2] ?? '', 'base64url'),
      ) &&
      at > jws.lastIndexOf('.')
    )
      continue;
    expect((await read(forged)).ok, `character ${at}`).toBe(false);
  }
});

test('a signature of somebody else, or none, is not ours', async () => {
  const stranger = await generateKeyPair('EdDSA');
  const theirs = await sign('command', stop, claims, { kid: 'k', privateKey: stranger.privateKey });
  expect(await read(theirs)).toMatchObject({ ok: false, reason: 'bad-signature' });
  const [, payload] = (await signed()).split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'loa-command' })).toString('base64url');
  expect((await read(`${none}.${payload}.`)).ok).toBe(false);
  expect(await read('nonsense')).toMatchObject({ ok: false, reason: 'malformed' });
});

test('a document of one kind cannot be passed off as another', async () => {
  const desired = await sign(
    'desired',
    {
      v: 1,
      revision: 1,
      settings: { volume: 80, muted: false, brightness: 80, outputDelayMs: 0 },
      groups: [],
      plan: null,
    },
    claims,
    key,
  );
  expect(await read(desired)).toMatchObject({ ok: false, reason: 'wrong-type' });
});

test('a sealed command that no device knows is refused by its id', async () => {
  const payload = {
    jti: 'c-2',
    aud: claims.aud,
    iat: now / 1000,
    exp: now / 1000 + 30,
    body: { v: 1, type: 'dance' },
  };
  const jws = await new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', typ: 'loa-command' })
    .sign(key.privateKey);
  expect(await read(jws)).toEqual({ ok: false, reason: 'malformed', id: 'c-2' });
});
