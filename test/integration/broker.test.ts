import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { connect as dial } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import type { EmbeddedBroker } from '#controller/broker/embedded';
import { downTopic, groupTopic, HOST_STATE, upFilter, upTopic } from '#devices/topics';
import {
  asController,
  asDevice,
  connect,
  nextMessage,
  startBroker,
  testDevice,
  until,
} from '../support/embedded-broker.ts';

const one = testDevice('loa-aaaa2222', ['grp-one']);
const two = testDevice('loa-bbbb3333');
const session = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const presence = (online: boolean) => JSON.stringify({ v: 1, session, online });

const running: { end(): unknown }[] = [];
afterEach(async () => {
  for (const thing of running.splice(0).reverse()) await thing.end();
});
async function start(...args: Parameters<typeof startBroker>) {
  const started = await startBroker(...args);
  running.push({ end: () => started.broker.stop() });
  return started;
}

test('a device that publishes as another is not heard, is not cut off, and is shown', async () => {
  const { broker, refusals } = await start([one, two]);
  const controller = await asController(broker);
  const heard: string[] = [];
  controller.on('message', (topic) => heard.push(topic));
  await controller.subscribeAsync(upFilter('birth'), { qos: 1 });
  const rogue = await asDevice(broker, two);
  await rogue.publishAsync(upTopic(one.device, 'birth'), '{}', { qos: 1 });
  await rogue.publishAsync(downTopic(one.device, 'command'), 'stop', { qos: 1 });
  await rogue.publishAsync(upTopic(two.device, 'birth'), '{"mine":1}', { qos: 1 });
  await until(() => heard.length > 0);
  expect(heard).toEqual([upTopic(two.device, 'birth')]);
  expect(rogue.connected).toBe(true);
  await until(() => refusals.length >= 2);
  expect(refusals.map(({ device, reason, topic }) => ({ device, reason, topic }))).toEqual([
    { device: two.device, reason: 'foreign-topic', topic: upTopic(one.device, 'birth') },
    { device: two.device, reason: 'foreign-topic', topic: downTopic(one.device, 'command') },
  ]);
  await Promise.all([rogue.endAsync(), controller.endAsync()]);
});

test('a wrong password, an unknown name and a clientId that is not the name do not get in', async () => {
  const { broker, refusals } = await start([one, two]);
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const { device, credential } = one;
  const attempt = (clientId: string, username: string, password: string) =>
    connect(url, { clientId, username, password });
  await expect(attempt(device, device, 'wrong')).rejects.toThrow(/bad user name|Bad username/i);
  await expect(attempt(two.device, device, credential)).rejects.toThrow();
  await expect(attempt('loa-nobody22', 'loa-nobody22', credential)).rejects.toThrow();
  await expect(attempt('loa-controller', 'loa-controller', 'guess')).rejects.toThrow();
  const client = await attempt(device, device, credential);
  expect(client.connected).toBe(true);
  await client.endAsync();
  await until(() =>
    refusals.some(({ device, reason }) => device === one.device && reason === 'wrong-credential'),
  );
  expect(refusals.some(({ device }) => device === 'loa-nobody22')).toBe(false);
});

test('guessing is stopped after so many failures, for that name alone', async () => {
  const { broker } = await start([one, two], { limits: { failuresPerName: 2 } });
  const guess = () => asDevice(broker, { ...one, credential: 'guess' });
  await expect(guess()).rejects.toThrow();
  await expect(guess()).rejects.toThrow();
  await expect(asDevice(broker, one)).rejects.toThrow(/closed/);
  const other = await asDevice(broker, two);
  await other.endAsync();
});

test('wildcards, $share, $SYS and foreign groups are denied to devices', async () => {
  const { broker, refusals } = await start([one, two]);
  const client = await asDevice(broker, one);
  const granted = async (filter: string) => {
    const [answer] = await client.subscribeAsync(filter, { qos: 1 }).catch(() => [{ qos: 128 }]);
    return answer?.qos !== 128;
  };
  for (const filter of [
    '#',
    '+/+/+/+',
    'loa/v1/down/+/desired',
    `$share/x/${downTopic(one.device, 'command')}`,
    '$SYS/#',
    downTopic(two.device, 'desired'),
    groupTopic('grp-two'),
    upTopic(one.device, 'birth'),
  ]) {
    expect(await granted(filter), filter).toBe(false);
  }
  for (const filter of [downTopic(one.device, 'desired'), groupTopic('grp-one'), HOST_STATE.topic]) {
    expect(await granted(filter), filter).toBe(true);
  }
  await until(() => refusals.length >= 8);
  expect(new Set(refusals.map(({ reason }) => reason))).toEqual(new Set(['foreign-filter']));
  await client.endAsync();
});

test('a desired document waits, retained, for a device that comes later', async () => {
  const { broker } = await start([one]);
  const controller = await asController(broker);
  await controller.publishAsync(downTopic(one.device, 'desired'), 'first', { qos: 1, retain: true });
  await controller.publishAsync(downTopic(one.device, 'desired'), 'second', { qos: 1, retain: true });
  const client = await asDevice(broker, one);
  const message = nextMessage(client);
  await client.subscribeAsync(downTopic(one.device, 'desired'), { qos: 1 });
  expect(await message).toEqual({ topic: downTopic(one.device, 'desired'), payload: 'second' });
  await Promise.all([client.endAsync(), controller.endAsync()]);
});

test('a second connection of a device takes over from the first, and is no disconnection', async () => {
  const { broker } = await start([one]);
  const changes: { device: string; connected: boolean }[] = [];
  broker.listen({ connections: (items) => changes.push(...items) });
  const first = await asDevice(broker, one);
  await until(() => changes.length === 1);
  const gone = new Promise<void>((resolve) => first.once('close', () => resolve()));
  const second = await asDevice(broker, one);
  await gone;
  expect(second.connected).toBe(true);
  await until(() => changes.length >= 2);
  expect(changes).toEqual([
    { device: one.device, connected: true },
    { device: one.device, connected: true },
  ]);
  await second.endAsync();
  await until(() => changes.length >= 3);
  expect(changes.at(-1)).toEqual({ device: one.device, connected: false });
});

test('two devices with one credential, which take the line from each other, are shown', async () => {
  const { broker, refusals } = await start([one]);
  for (let turn = 0; turn < 4; turn += 1) await asDevice(broker, one);
  await asDevice(broker, one);
  await until(() => refusals.length > 0);
  expect(refusals[0]).toMatchObject({ device: one.device, reason: 'two-at-once' });
});

test('the last will of a lost device reaches the controller; a foreign will does not get in', async () => {
  const { broker } = await start([one, two]);
  const controller = await asController(broker);
  await controller.subscribeAsync(upFilter('presence'), { qos: 1 });
  const will = {
    topic: upTopic(one.device, 'presence'),
    payload: Buffer.from(presence(false)),
    qos: 1,
    retain: true,
  } as const;
  const client = await asDevice(broker, one, { will });
  const word = nextMessage(controller);
  client.stream.destroy();
  expect(await word).toEqual({ topic: will.topic, payload: presence(false) });
  await expect(asDevice(broker, two, { will })).rejects.toThrow();
  await controller.endAsync();
});

test('what is too big, wrongly retained or of QoS 2 is refused, and the biggest ends the connection', async () => {
  const { broker, refusals } = await start([one, two]);
  const controller = await asController(broker);
  const heard: string[] = [];
  controller.on('message', (_topic, payload) => heard.push(payload.toString()));
  for (const kind of ['birth', 'heartbeat', 'presence', 'played'] as const) {
    await controller.subscribeAsync(upFilter(kind), { qos: 1 });
  }
  const client = await asDevice(broker, one);
  await client.publishAsync(upTopic(one.device, 'birth'), 'x'.repeat(4_097), { qos: 1 });
  await client.publishAsync(upTopic(one.device, 'birth'), 'kept', { qos: 1, retain: true });
  await client.publishAsync(upTopic(one.device, 'presence'), 'not kept', { qos: 1 });
  await client.publishAsync(upTopic(one.device, 'birth'), 'good', { qos: 1 });
  await until(() => heard.length > 0);
  expect(heard).toEqual(['good']);
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  client.publish(upTopic(one.device, 'played'), 'x'.repeat(200_000), { qos: 1 });
  await closed;
  const other = await asDevice(broker, two);
  const ended = new Promise<void>((resolve) => other.once('close', () => resolve()));
  other.publish(upTopic(two.device, 'birth'), 'twice', { qos: 2 });
  await ended;
  await until(() => refusals.length >= 5);
  expect(refusals.map(({ reason }) => reason).sort()).toEqual([
    'oversized',
    'oversized',
    'wrong-qos',
    'wrong-retention',
    'wrong-retention',
  ]);
  client.end(true);
  other.end(true);
  await controller.endAsync();
});

test('a device that stops reading delays nobody, and is let go', async () => {
  const drainTimeoutMs = 20_000;
  const { broker } = await start([one, two], { limits: { drainTimeoutMs } });
  const controller = await asController(broker);
  const frozen = await freeze(broker);
  const healthy = await asDevice(broker, two);
  await healthy.subscribeAsync(downTopic(two.device, 'command'), { qos: 1 });
  // Far more than the frozen socket and its buffers take.
  const block = 'x'.repeat(60_000);
  for (let sent = 0; sent < 200; sent += 1) {
    controller.publish(downTopic(one.device, 'command'), block, { qos: 1 });
  }
  const word = nextMessage(healthy);
  const began = Date.now();
  controller.publish(downTopic(two.device, 'command'), 'now', { qos: 1 });
  expect((await word).payload).toBe('now');
  expect(Date.now() - began).toBeLessThan(drainTimeoutMs / 2);
  await until(() => broker.stats.clients === 1);
  frozen.destroy();
  await Promise.all([healthy.endAsync(), controller.endAsync()]);
});

/** Signs device `one` in over a bare socket, subscribes, and never reads again. */
async function freeze(broker: EmbeddedBroker) {
  const client = await asDevice(broker, one);
  await client.subscribeAsync(downTopic(one.device, 'command'), { qos: 1 });
  const { stream } = client;
  stream.removeAllListeners('data');
  stream.unpipe();
  stream.pause();
  stream.on('error', () => {});
  client.on('error', () => {});
  return { destroy: () => client.end(true) };
}

test('asking for the time is answered by the broker itself, with both of its stamps', async () => {
  const { broker, refusals } = await start([one]);
  const client = await asDevice(broker, one);
  await client.subscribeAsync(downTopic(one.device, 'tell'), { qos: 1 });
  const word = nextMessage(client);
  const before = Date.now();
  client.publish(upTopic(one.device, 'ask'), JSON.stringify({ v: 1, type: 'time', id: 7, t1: 12.5 }));
  const answer = JSON.parse((await word).payload);
  expect(answer).toMatchObject({ v: 1, type: 'time', id: 7, t1: 12.5 });
  expect(answer.t2).toBeGreaterThanOrEqual(before);
  expect(answer.t3).toBeGreaterThanOrEqual(answer.t2);
  client.publish(upTopic(one.device, 'ask'), 'what time is it');
  await until(() => refusals.some(({ reason }) => reason === 'malformed'));
  await client.endAsync();
});

test('the time is told while the controller is busy with something else', async () => {
  const { broker } = await start([one]);
  const file = new URL('../support/time-asker.ts', import.meta.url).pathname;
  const flags = ['--conditions=loa-source', '--import', 'tsx'];
  const args = [...flags, file, String(broker.port), one.device, one.credential];
  const asker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: asker.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  // Everything on this thread stands still, as in a long query or a report.
  const busyMs = 5_000;
  const end = Date.now() + busyMs;
  while (Date.now() < end);
  expect(Number((await lines.next()).value)).toBeLessThan(busyMs / 2);
});

test('a retired device is cut off at once and cannot come back', async () => {
  const { broker } = await start([one]);
  const client = await asDevice(broker, one);
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  broker.expel(one.device);
  await closed;
  await expect(asDevice(broker, one)).rejects.toThrow();
  broker.admit([one]);
  const again = await asDevice(broker, one);
  await again.endAsync();
});

test('devices get through the HTTP port too', async () => {
  const { broker } = await start([one]);
  const http = createServer();
  http.on('upgrade', broker.upgrade);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  running.push({ end: () => http.close() });
  const { port } = http.address() as { port: number };
  const client = await connect(`ws://127.0.0.1:${port}/mqtt`, {
    clientId: one.device,
    username: one.device,
    password: one.credential,
  });
  await client.subscribeAsync(downTopic(one.device, 'tell'), { qos: 1 });
  const word = nextMessage(client);
  client.publish(upTopic(one.device, 'ask'), JSON.stringify({ v: 1, type: 'time', id: 1, t1: 0 }));
  expect((await word).topic).toBe(downTopic(one.device, 'tell'));
  await client.endAsync();
});

test('a port that is taken is told in one sentence that names the setting', async () => {
  const { broker } = await start([one]);
  await expect(startBroker([], { port: broker.port })).rejects.toMatchObject({
    name: 'Failure',
    code: 'port-in-use',
    message: expect.stringContaining('LOA_MQTT_PORT'),
  });
});

test('connections that never sign in are limited and do not keep devices out for long', async () => {
  const { broker } = await start([one], { limits: { pending: 3 } });
  const idle = Array.from({ length: 3 }, () => dial(broker.port, '127.0.0.1'));
  await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  await expect(asDevice(broker, one)).rejects.toThrow();
  idle[0]?.destroy();
  await until(() =>
    asDevice(broker, one).then(
      (client) => client.endAsync().then(() => true),
      () => false,
    ),
  );
  for (const socket of idle) socket.destroy();
});
