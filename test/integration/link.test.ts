import { afterEach, expect, test } from 'vitest';
import { downTopic, HOST_STATE, upTopic } from '#devices/topics';
import { call } from '../support/call.ts';
import { type DeviceSide, startDeviceSide } from '../support/device-side.ts';
import { connect, nextMessage, until } from '../support/embedded-broker.ts';
import { registeredDevice } from '../support/registered-device.ts';

const running: DeviceSide[] = [];
afterEach(async () => {
  for (const side of running.splice(0)) {
    await side.stop();
    await side.discard();
  }
});
async function start(...args: Parameters<typeof startDeviceSide>) {
  const side = await startDeviceSide(...args);
  running.push(side);
  return side;
}

test('broken, oversized and foreign messages crash nothing, and are shown against the device', async () => {
  const side = await start();
  const device = await registeredDevice(side, 'SN-1');
  const neighbour = await registeredDevice(side, 'SN-2');
  const voice = await device.online();
  await voice.babble('birth', 'not json');
  await voice.babble('birth', '{"v":1}');
  await voice.babble('played', JSON.stringify({ v: 1, boot: 1, oldest: 1, records: [{}] }));
  await voice.babble('birth', 'x'.repeat(5_000));
  await voice.client.publishAsync(upTopic(neighbour.id, 'birth'), '{}', { qos: 1 });
  await voice.birth();
  const refusals = async () => {
    side.refusals.flush();
    return side.handlers['GET /devices/{id}/refusals'](call({ params: { id: device.id } }));
  };
  await until(async () => (await refusals()).length === 4);
  const shown = await refusals();
  expect(
    shown
      .map(({ source, reason, topic, count }) => ({ source, reason, topic, count }))
      .sort((a, b) => `${a.source}${a.topic}${a.reason}`.localeCompare(`${b.source}${b.topic}${b.reason}`)),
  ).toEqual(
    [
      { source: 'broker', reason: 'oversized', topic: upTopic(device.id, 'birth'), count: 1 },
      { source: 'broker', reason: 'foreign-topic', topic: upTopic(neighbour.id, 'birth'), count: 1 },
      { source: 'controller', reason: 'malformed', topic: upTopic(device.id, 'birth'), count: 2 },
      { source: 'controller', reason: 'malformed', topic: upTopic(device.id, 'played'), count: 1 },
    ].sort((a, b) => `${a.source}${a.topic}${a.reason}`.localeCompare(`${b.source}${b.topic}${b.reason}`)),
  );
  const list = await side.handlers['GET /devices'](call({ query: { limit: 10 } }));
  expect(list.items.find(({ id }) => id === device.id)?.refusals).toBe(5);
  expect(list.items.find(({ id }) => id === neighbour.id)?.refusals).toBe(0);
  await voice.client.endAsync();
});

test('a handler that fails takes nobody with it', async () => {
  const side = await start();
  const heard: string[] = [];
  side.link.on('birth', () => {
    throw new Error('a bug');
  });
  side.link.on('birth', async (device) => {
    heard.push(device);
    throw new Error('another bug');
  });
  const device = await registeredDevice(side, 'SN-1');
  const voice = await device.online();
  await voice.birth();
  await voice.birth();
  await until(() => heard.length === 2);
  await voice.client.endAsync();
});

test('devices see that the controller is there, that it went, and that it came anew', async () => {
  const side = await start();
  const device = await registeredDevice(side, 'SN-1');
  const { client } = await device.online();
  const states: { epoch: string; online: boolean }[] = [];
  client.on('message', (topic, payload) => {
    if (topic === HOST_STATE.topic) states.push(HOST_STATE.schema.parse(JSON.parse(payload.toString())));
  });
  await client.subscribeAsync(HOST_STATE.topic, { qos: 1 });
  await until(() => states.length === 1);
  expect(states[0]).toMatchObject({ online: true, epoch: side.link.epoch });
  await side.link.stop();
  await until(() => states.length === 2);
  expect(states[1]).toMatchObject({ online: false, epoch: states[0]?.epoch });
  await side.link.start();
  await until(() => states.length === 3);
  expect(states[2]?.online).toBe(true);
  expect(states[2]?.epoch).not.toBe(states[0]?.epoch);
  await client.endAsync();
});

test('when the broker lost everything, the documents come back from the database by themselves', async () => {
  const side = await start();
  const device = await registeredDevice(side, 'SN-1');
  const before = await device.online();
  const topic = downTopic(device.id, 'desired');
  const first = nextMessage(before.client, topic);
  await before.client.subscribeAsync(topic, { qos: 1 });
  const document = (await first).payload;
  await side.broker.stop();
  await until(() => !side.link.connected);
  await side.broker.start();
  await until(() => side.link.connected);
  await until(() => side.broker.stats.retained >= 2);
  const after = await device.online();
  const second = nextMessage(after.client, topic);
  await after.client.subscribeAsync(topic, { qos: 1 });
  expect((await second).payload, 'the same revision is the same bytes').toBe(document);
  before.client.end(true);
  await after.client.endAsync();
});

test('a change of settings reaches the device as the next revision, and its word for it comes back', async () => {
  const side = await start();
  const device = await registeredDevice(side, 'SN-1');
  const voice = await device.online();
  await voice.birth();
  const topic = downTopic(device.id, 'desired');
  const first = nextMessage(voice.client, topic);
  await voice.client.subscribeAsync(topic, { qos: 1 });
  await first;
  const second = nextMessage(voice.client, topic);
  const change = side.handlers['PATCH /devices/{id}'];
  await change(call({ params: { id: device.id }, body: { volume: 35, muted: true } }));
  const { body } = JSON.parse(
    Buffer.from((await second).payload.split('.')[1] ?? '', 'base64url').toString(),
  );
  expect(body).toMatchObject({ revision: 2, settings: { volume: 35, muted: true } });
  await voice.say('ack', {
    v: 1,
    id: 'x',
    subject: 'desired',
    state: 'received',
    revision: 2,
    at: Date.now(),
  });
  const detail = () => side.handlers['GET /devices/{id}'](call({ params: { id: device.id } }));
  await until(async () => (await detail()).acknowledgedRevision === 2);
  expect(await detail()).toMatchObject({ desiredRevision: 2, reportedRevision: 0, volume: 35 });
  await voice.client.endAsync();
});

test('a command is followed from the button to its end; one that nobody heard expires', async () => {
  let now = Date.now();
  const side = await start({ clock: { now: () => now } });
  const device = await registeredDevice(side, 'SN-1');
  const issue = () =>
    side.handlers['POST /devices/{id}/commands'](
      call({ params: { id: device.id }, body: { v: 1, type: 'stop' } }),
    );
  const state = async () =>
    (await side.handlers['GET /devices/{id}/commands'](call({ params: { id: device.id } }))).map(
      ({ state, reason }) => [state, reason].filter((word) => word !== null).join(': '),
    );
  await issue();
  now += 36_000;
  side.commands.sweep();
  expect(await state()).toEqual(['expired']);

  const voice = await device.online();
  const word = nextMessage(voice.client);
  await voice.client.subscribeAsync(downTopic(device.id, 'command'), { qos: 1 });
  const { id } = await issue();
  const claims = JSON.parse(Buffer.from((await word).payload.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({ jti: id, aud: device.id, body: { type: 'stop' } });
  expect(claims.exp - claims.iat).toBeCloseTo(30, 6);
  const ack = (state: 'received' | 'started' | 'ended') =>
    voice.say('ack', { v: 1, id, subject: 'command', state, at: now });
  await ack('received');
  await until(async () => (await state())[0] === 'received');
  await ack('ended');
  await ack('started');
  await until(async () => (await state())[0] === 'ended');
  await voice.birth();
  expect(await state(), 'a late word does not turn it back').toEqual(['ended', 'expired']);
  await voice.client.endAsync();
});

test('what a device will not obey is shown as its refusal', async () => {
  const side = await start();
  const device = await registeredDevice(side, 'SN-1');
  const voice = await device.online();
  await voice.say('ack', {
    v: 1,
    id: null,
    subject: 'desired',
    state: 'rejected',
    reason: 'bad-signature',
    at: 0,
  });
  const refusals = async () => {
    side.refusals.flush();
    return side.handlers['GET /devices/{id}/refusals'](call({ params: { id: device.id } }));
  };
  await until(async () => (await refusals()).length === 1);
  expect((await refusals())[0]).toMatchObject({
    source: 'device',
    reason: 'bad-signature',
    topic: downTopic(device.id, 'desired'),
  });
  await voice.client.endAsync();
});

test('a retired device is out at once and its history stays; undoing it lets it in again', async () => {
  const side = await start();
  const device = await registeredDevice(side, 'SN-1');
  const voice = await device.online();
  const closed = new Promise<void>((resolve) => voice.client.once('close', () => resolve()));
  await side.handlers['DELETE /devices/{id}'](call({ params: { id: device.id } }));
  await closed;
  const url = `mqtt://127.0.0.1:${side.broker.port}`;
  const account = { clientId: device.id, username: device.id, password: device.credential };
  await expect(connect(url, account)).rejects.toThrow();
  await expect(
    fetch(`${side.url}/device/v1/blobs/${'a'.repeat(64)}`, { headers: device.bearer }),
  ).resolves.toHaveProperty('status', 401);
  expect((await side.handlers['GET /devices'](call({ query: { limit: 10 } }))).items).toEqual([]);
  await side.handlers['POST /devices/{id}/restore'](call({ params: { id: device.id } }));
  const again = await connect(url, account);
  const word = nextMessage(again);
  await again.subscribeAsync(downTopic(device.id, 'desired'), { qos: 1 });
  expect((await word).payload.split('.')).toHaveLength(3);
  await again.endAsync();
});
