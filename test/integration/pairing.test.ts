import { importJWK } from 'jose';
import { afterEach, expect, test } from 'vitest';
import { verify } from '#devices/signature';
import { downTopic } from '#devices/topics';
import { type DeviceSide, type DeviceSideOptions, startDeviceSide } from '../support/device-side.ts';
import { connect, nextMessage, until } from '../support/embedded-broker.ts';
import { approved, asker } from '../support/pairing-device.ts';

const running: DeviceSide[] = [];
afterEach(async () => {
  for (const side of running.splice(0)) {
    await side.stop();
    await side.discard();
  }
});
async function start(options?: DeviceSideOptions) {
  const side = await startDeviceSide(options);
  running.push(side);
  return side;
}
const technician = { id: 'u1', name: 'Kỹ thuật' };

test('a device asks, is approved, and hears its desired document under the key it was given', async () => {
  const side = await start();
  const device = await asker('SN-1');
  expect(await device.ask(side.url)).toMatchObject({ status: 200, answer: { state: 'pending' } });
  expect((await device.ask(side.url)).answer).toMatchObject({ state: 'pending' });
  const [waiting, ...others] = side.pairing.list();
  expect(others).toEqual([]);
  expect(waiting).toMatchObject({ code: 'ABCD2345', serial: 'SN-1', kind: 'speaker', replaces: null });
  const id = side.pairing.approve(waiting?.id ?? '', { name: 'Cụm 1', areaId: null }, technician);
  const answer = approved(await device.ask(side.url));
  expect(answer.device).toBe(id);
  expect(answer.device).toMatch(/^loa-[a-z2-9]{8}$/);
  expect(approved(await device.ask(side.url)).credential, 'asking again before connecting').toBe(
    answer.credential,
  );
  const stored = JSON.stringify(side.store.sqlite.prepare('SELECT * FROM device, pairing').all());
  expect(stored, 'the credential is nowhere in the database').not.toContain(answer.credential);

  const mqttUrl = answer.brokers.find((url) => url.startsWith('mqtt:')) ?? '';
  const client = await connect(mqttUrl, { clientId: id, username: id, password: answer.credential });
  const word = nextMessage(client);
  await client.subscribeAsync(downTopic(id, 'desired'), { qos: 1 });
  const { payload } = await word;
  const { kid, ...jwk } = answer.controllerKey;
  expect(kid).toBe(side.key.kid);
  const key = await importJWK({ ...jwk }, 'EdDSA');
  if (key instanceof Uint8Array) throw new Error('not a key pair');
  const read = await verify('desired', payload, key, { audiences: new Set([id]), now: Date.now() });
  expect(read).toMatchObject({
    ok: true,
    body: { revision: 1, settings: { outputDelayMs: 40 }, plan: null },
  });
  await client.endAsync();
});

test('both broker addresses that a device is given work', async () => {
  const side = await start();
  const device = await asker('SN-2');
  await device.ask(side.url);
  side.pairing.approve(side.pairing.list()[0]?.id ?? '', { name: 'Cụm 2', areaId: null }, technician);
  const { device: id, credential, brokers } = approved(await device.ask(side.url));
  expect(brokers.map((url) => new URL(url).protocol)).toEqual(['mqtt:', 'ws:']);
  for (const url of brokers) {
    const client = await connect(url, { clientId: id, username: id, password: credential });
    await client.endAsync();
  }
});

test('a proof by another key, or over another code or serial, is refused', async () => {
  const side = await start();
  const honest = await asker('SN-3');
  const thief = await asker('SN-3');
  for (const changes of [
    { publicKey: thief.request.publicKey },
    { proof: thief.request.proof },
    { code: 'ZZZZ9999' },
    { serial: 'SN-4' },
    { proof: 'nonsense' },
  ]) {
    expect(await honest.ask(side.url, changes)).toMatchObject({
      status: 403,
      answer: { code: 'wrong-proof' },
    });
  }
  expect(await honest.ask(side.url, { code: 'short' })).toMatchObject({ status: 400 });
  expect(side.pairing.list()).toEqual([]);
});

test('a device that was turned away is told so, and may ask again later', async () => {
  let now = Date.UTC(2026, 10, 23);
  const side = await start({ clock: { now: () => now } });
  const device = await asker('SN-5');
  await device.ask(side.url);
  side.pairing.refuse(side.pairing.list()[0]?.id ?? '', technician);
  expect((await device.ask(side.url)).answer).toEqual({ state: 'refused' });
  expect(side.pairing.list()).toEqual([]);
  now += 16 * 60_000;
  expect((await device.ask(side.url)).answer).toMatchObject({ state: 'pending' });
});

test('a request that nobody looks at is over after fifteen minutes', async () => {
  let now = Date.UTC(2026, 10, 23);
  const side = await start({ clock: { now: () => now } });
  const device = await asker('SN-6');
  await device.ask(side.url);
  const old = side.pairing.list()[0]?.id ?? '';
  now += 15 * 60_000;
  expect(side.pairing.list()).toEqual([]);
  expect(() => side.pairing.approve(old, { name: 'x', areaId: null }, technician)).toThrow(/expired/);
  await device.ask(side.url);
  expect(side.pairing.list()[0]?.id).not.toBe(old);
});

test('asking too often, and guessing, is stopped', async () => {
  const side = await start({ httpLimits: { pairFailures: 2 } });
  const device = await asker('SN-7');
  const status = async () => (await device.ask(side.url, { proof: 'guess' })).status;
  expect([await status(), await status(), await status()]).toEqual([403, 403, 429]);
});

test('a flood of strangers fills a bounded list and is told to wait', async () => {
  const side = await start({ pairingLimits: { pending: 2 } });
  const [one, two, three] = await Promise.all(['A', 'B', 'C'].map((serial) => asker(serial)));
  await one?.ask(side.url);
  await two?.ask(side.url);
  expect(await three?.ask(side.url)).toMatchObject({ status: 503, answer: { code: 'too-many-pairings' } });
  expect((await one?.ask(side.url))?.status).toBe(200);
  expect(side.pairing.list()).toHaveLength(2);
});

test('a device that comes back with a new key keeps its name and history; the old credential is dead', async () => {
  const side = await start();
  const before = await asker('SN-8');
  await before.ask(side.url);
  const id = side.pairing.approve(
    side.pairing.list()[0]?.id ?? '',
    { name: 'Cụm 8', areaId: null },
    technician,
  );
  const old = approved(await before.ask(side.url));
  const account = { clientId: id, username: id };
  const url = old.brokers[0] ?? '';
  const client = await connect(url, { ...account, password: old.credential });
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));

  const after = await asker('SN-8', 'WXYZ2345');
  await after.ask(side.url);
  const waiting = side.pairing.list();
  expect(waiting[0]?.replaces).toEqual({ id, name: 'Cụm 8' });
  expect(side.pairing.approve(waiting[0]?.id ?? '', { name: 'Cụm 8', areaId: null }, technician)).toBe(id);
  await closed;
  const fresh = approved(await after.ask(side.url));
  expect(fresh.credential).not.toBe(old.credential);
  await expect(connect(url, { ...account, password: old.credential })).rejects.toThrow();
  const again = await connect(url, { ...account, password: fresh.credential });
  await again.endAsync();
});

test('an approval survives a restart of the controller before the device collected it', async () => {
  const first = await startDeviceSide();
  const device = await asker('SN-9');
  await device.ask(first.url);
  const id = first.pairing.approve(
    first.pairing.list()[0]?.id ?? '',
    { name: 'Cụm 9', areaId: null },
    technician,
  );
  const never = approved(await device.ask(first.url));
  await first.stop();
  const second = await start({ directory: first.directory });
  const answer = approved(await device.ask(second.url));
  expect(answer.device).toBe(id);
  expect(answer.credential).not.toBe(never.credential);
  expect(answer.controllerKey, 'devices keep trusting the same key').toEqual(never.controllerKey);
  const client = await connect(answer.brokers[0] ?? '', {
    clientId: id,
    username: id,
    password: answer.credential,
  });
  await client.endAsync();
});

test('once a device has connected, its credential is told to nobody again', async () => {
  const side = await start();
  const device = await asker('SN-10');
  await device.ask(side.url);
  const id = side.pairing.approve(
    side.pairing.list()[0]?.id ?? '',
    { name: 'Cụm 10', areaId: null },
    technician,
  );
  await device.ask(side.url);
  side.pairing.collected(id);
  await until(() => side.pairing.list().length === 0);
  expect((await device.ask(side.url)).answer).toMatchObject({ state: 'pending' });
  expect(side.pairing.list()[0]?.replaces).toEqual({ id, name: 'Cụm 10' });
});
