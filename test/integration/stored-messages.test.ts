import { rm } from 'node:fs/promises';
import { decodeJwt, generateKeyPair } from 'jose';
import { ulid } from 'ulid';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#controller/clock';
import { DesiredDocuments } from '#controller/desired/documents';
import { STORED_BLOBS } from '#controller/desired/stored';
import { StoredWatch } from '#controller/desired/stored-watch';
import { StoredMessages } from '#controller/incidents/stored-messages';
import { purge } from '#controller/library/purge';
import { refuseUsed } from '#controller/library/uses';
import { Heartbeats } from '#controller/registry/heartbeats';
import { Desired } from '#devices/messages/desired';
import { noGuards } from '../support/any-hour.ts';
import { type DeviceSide, startDeviceSide } from '../support/device-side.ts';
import { silent } from '../support/embedded-broker.ts';
import { heartbeat, type RegisteredDevice, registeredDevice } from '../support/registered-device.ts';
import { until } from '../support/until.ts';

const BY = { id: 'u', name: 'Cán bộ đài' };
const DAY = 86_400_000;

let side: DeviceSide;
let device: RegisteredDevice;
let messages: StoredMessages;
let watch: StoredWatch;
const published = new Map<string, Desired>();

beforeEach(async () => {
  side = await startDeviceSide();
  device = await registeredDevice(side, 'LP-1');
  const { store, changes, blobs } = side;
  const base = { store, changes, clock: systemClock, log: silent };
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  published.clear();
  const desired = new DesiredDocuments({
    ...{ ...base, zone: 'Asia/Ho_Chi_Minh', siteName: 'Phường Phù Vân' },
    ...{ guards: noGuards(store), key: { kid: 'k', privateKey } },
    link: {
      connected: true,
      publishDesired: async (id: string, jws: string) => {
        published.set(id, Desired.parse(decodeJwt(jws).body));
        return true;
      },
      onConnected: () => () => {},
    },
  });
  watch = new StoredWatch({ store, changes, log: silent, desired });
  await watch.start();
  // When a text is spoken is the test's to say.
  const library = {
    speak: async (title: string, { text }: { readonly text: string }) => {
      const id = ulid();
      store.sqlite
        .prepare(
          `INSERT INTO asset (id, title, source, text, state, created_at, updated_at)
            VALUES (?, ?, 'speech', ?, 'queued', 0, 0)`,
        )
        .run(id, title, text);
      return id;
    },
  };
  messages = new StoredMessages({ ...base, blobs, library });
});

afterEach(async () => {
  await watch.stop();
  await side.stop();
  await rm(side.directory, { recursive: true, force: true });
});

/** The words of an asset are spoken now. @returns the names of its two forms. */
async function spoken(asset: string): Promise<{ opus: string; mp3: string }> {
  const at = Date.now();
  const opus = await side.blobs.put(Buffer.from(`opus of ${asset}`), 'audio/ogg', at);
  const mp3 = await side.blobs.put(Buffer.from(`mp3 of ${asset}`), 'audio/mpeg', at);
  side.store.sqlite
    .prepare(
      "UPDATE asset SET state = 'ready', duration_ms = 1000, opus_sha256 = ?, mp3_sha256 = ? WHERE id = ?",
    )
    .run(opus.sha256, mp3.sha256, asset);
  side.changes.announce('asset', asset);
  return { opus: opus.sha256, mp3: mp3.sha256 };
}

const body = { title: 'Cảnh báo lũ', heading: 'LŨ', text: 'Nước đang lên.', language: 'vi', assetId: null };
const change = (capabilities: string, kind = 'speaker') =>
  side.store.sqlite
    .prepare('UPDATE device SET kind = ?, capabilities = ? WHERE id = ?')
    .run(kind, capabilities, device.id);
const storedOn = (id: string) => published.get(id)?.stored?.map(({ sha256, type }) => [sha256, type]);

test('a stored message comes to every device as soon as it is spoken, in the form that the device takes', async () => {
  change('{"codecs":["opus","mp3"]}');
  const { assetId, ready } = await messages.add(body, BY);
  expect(ready).toBe(false);
  const files = await spoken(assetId);
  await until('the document', () => storedOn(device.id)?.length === 1);
  expect(storedOn(device.id)).toEqual([[files.opus, 'audio/ogg']]);

  change('{"codecs":["mp3"]}');
  const other = await messages.add({ ...body, text: 'Nước đã rút.' }, BY);
  const others = await spoken(other.assetId);
  await until('both in it', () => storedOn(device.id)?.length === 2);
  expect(storedOn(device.id)).toEqual([
    [files.mp3, 'audio/mpeg'],
    [others.mp3, 'audio/mpeg'],
  ]);

  change('{"codecs":[]}', 'board');
  messages.remove(other.id, BY);
  await until('scenes', () => storedOn(device.id)?.[0]?.[1]?.includes('scene') === true);
  expect(storedOn(device.id), 'a board stores what it shows').toHaveLength(1);
});

test('a device may fetch what it is to store, without any plan or broadcast, and nothing else', async () => {
  const { assetId, id } = await messages.add(body, BY);
  const { opus } = await spoken(assetId);
  const secret = await side.blobs.put(Buffer.from('secret'), 'audio/ogg', Date.now());
  const get = async (sha256: string, headers = device.bearer) =>
    (await fetch(`${side.url}/device/v1/blobs/${sha256}`, { headers })).status;
  expect(await get(opus)).toBe(200);
  expect(await get(secret.sha256)).toBe(404);
  expect(await get(opus, { authorization: `Bearer ${device.id}.falsch` })).toBe(401);
  messages.remove(id, BY);
  expect(await get(opus), 'removed from every device').toBe(404);
});

test('what devices store is neither swept away nor removed from the library', async () => {
  const { assetId, id } = await messages.add(body, BY);
  const { opus } = await spoken(assetId);
  expect(() => refuseUsed(side.store, assetId)).toThrow(/Cảnh báo lũ/);
  side.store.sqlite.prepare('UPDATE asset SET removed_at = 1').run();
  const later = Date.now() + 60 * DAY;
  purge(side.store, side.blobs, later);
  const there = side.store.sqlite.prepare('SELECT count(*) FROM blob WHERE sha256 = ?').pluck();
  expect(there.get(opus)).toBe(1);
  const stored = side.store.sqlite.prepare(STORED_BLOBS).pluck().all();
  expect(stored).toHaveLength(3);
  messages.remove(id, BY);
  purge(side.store, side.blobs, later);
  expect(there.get(opus), 'nobody needs it any more').toBe(0);
});

test('who holds the messages is known from the devices alone', async () => {
  const { assetId } = await messages.add(body, BY);
  await spoken(assetId);
  await until('the document', () => storedOn(device.id)?.length === 1);
  const [before] = messages.list();
  expect(before).toMatchObject({ ready: true, devices: 1, heldBy: 0 });
  const revision = published.get(device.id)?.revision ?? 0;
  const heartbeats = new Heartbeats({ ...side, log: silent });
  const says = (held: number, desiredRevision: number) => {
    heartbeats.add(device.id, heartbeat(ulid(), { desiredRevision, stored: { held, of: 1 } }), Date.now());
    heartbeats.flush();
  };
  says(0, revision);
  expect(messages.list()[0]?.heldBy).toBe(0);
  says(1, revision - 1);
  expect(messages.list()[0]?.heldBy, 'that is another set of messages').toBe(0);
  says(1, revision);
  expect(messages.list()[0]?.heldBy).toBe(1);
});

test('a changed text is spoken anew, a changed title is not', async () => {
  const { id, assetId } = await messages.add(body, BY);
  await spoken(assetId);
  expect(await messages.change(id, { title: 'Lũ sông Đáy' }, BY)).toMatchObject({ assetId, ready: true });
  const changed = await messages.change(id, { text: 'Nước lên rất nhanh.' }, BY);
  expect(changed).toMatchObject({ title: 'Lũ sông Đáy', text: 'Nước lên rất nhanh.', ready: false });
  expect(changed.assetId).not.toBe(assetId);
});
