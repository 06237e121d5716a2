import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as dial, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { downTopic, upFilter, upTopic } from '#devices/topics';
import {
  asController,
  asDevice,
  connect,
  nextMessage,
  startBroker,
  testDevice,
  until,
} from '../support/embedded-broker.ts';

const one = testDevice('loa-aaaa2222');
const two = testDevice('loa-bbbb3333');
const running: { end(): unknown }[] = [];
afterEach(async () => {
  for (const thing of running.splice(0).reverse()) await thing.end();
});
async function start(...args: Parameters<typeof startBroker>) {
  const started = await startBroker(...args);
  running.push({ end: () => started.broker.stop() });
  return started;
}

async function open(port: number): Promise<Socket> {
  const socket = dial(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

/** CONNECT of MQTT 3.1.1 with a name and a password, byte for byte. */
function connectPacket({ device, credential }: { device: string; credential: string }): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.from([4, 0xc2, 0, 60]),
    text(device),
    text(device),
    text(credential),
  ]);
  return Buffer.concat([Buffer.from([0x10, body.length]), body]);
}

test('no bytes that anyone sends, signed in or not, bring the broker down', async () => {
  const { broker } = await start([one, two]);
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
  // A plausible first byte gets deeper into the parser than noise does.
  const packet = fc
    .tuple(fc.constantFrom(...Array.from({ length: 16 }, (_, type) => type << 4)), fc.nat(15), bytes)
    .map(([type, flags, rest]) => Buffer.from([type | flags, Math.min(rest.length, 127), ...rest]));
  const barrage = fc.record({
    signedIn: fc.boolean(),
    packets: fc.array(packet, { minLength: 1, maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(barrage, async ({ signedIn, packets }) => {
      const socket = await open(broker.port);
      if (signedIn) {
        socket.write(connectPacket(one));
        await once(socket, 'data');
      }
      for (const each of packets) socket.write(each);
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.destroy();
    }),
    { numRuns: 150 },
  );
  const client = await asDevice(broker, two);
  const controller = await asController(broker);
  await controller.subscribeAsync(upFilter('birth'), { qos: 1 });
  const word = nextMessage(controller);
  await client.publishAsync(upTopic(two.device, 'birth'), 'alive', { qos: 1 });
  expect((await word).payload).toBe('alive');
  await Promise.all([client.endAsync(), controller.endAsync()]);
});

test('a device that talks without end is heard up to its share, and its neighbours in full', async () => {
  const { broker, refusals } = await start([one, two], {
    limits: { publishesPerSecond: 1, publishBurst: 20 },
  });
  const controller = await asController(broker);
  const heard: string[] = [];
  controller.on('message', (topic) => heard.push(topic));
  await controller.subscribeAsync(upFilter('birth'), { qos: 1 });
  const [loud, quiet] = await Promise.all([asDevice(broker, one), asDevice(broker, two)]);
  await Promise.all(
    Array.from({ length: 200 }, () => loud.publishAsync(upTopic(one.device, 'birth'), 'x', { qos: 1 })),
  );
  await quiet.publishAsync(upTopic(two.device, 'birth'), 'x', { qos: 1 });
  await until(() => heard.includes(upTopic(two.device, 'birth')));
  expect(heard.filter((topic) => topic === upTopic(one.device, 'birth')).length).toBeLessThan(100);
  await until(() => refusals.some(({ device, reason }) => device === one.device && reason === 'too-fast'));
  expect(refusals.some(({ device }) => device === two.device)).toBe(false);
  await Promise.all([loud.endAsync(), quiet.endAsync(), controller.endAsync()]);
});

test('a connection that says nothing, or announces an enormous packet, is not waited for', async () => {
  const { broker } = await start([one]);
  const liar = await open(broker.port);
  const closed = once(liar, 'close');
  liar.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]));
  await closed;
  const signedIn = await open(broker.port);
  signedIn.write(connectPacket(one));
  await once(signedIn, 'data');
  const ended = once(signedIn, 'close');
  // The header comes byte by byte, as on a bad line.
  for (const byte of [0x32, 0xff, 0xff, 0x7f]) {
    signedIn.write(Buffer.from([byte]));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await ended;
});

test('whoever cleans no session finds none kept for it', async () => {
  const { broker } = await start([one]);
  const controller = await asController(broker);
  const keep = { clean: false };
  const client = await asDevice(broker, one, keep);
  await client.subscribeAsync(downTopic(one.device, 'command'), { qos: 1 });
  await client.endAsync();
  await controller.publishAsync(downTopic(one.device, 'command'), 'too late', { qos: 1 });
  const again = await asDevice(broker, one, keep);
  const heard: string[] = [];
  again.on('message', (_topic, payload) => heard.push(payload.toString()));
  await again.subscribeAsync(downTopic(one.device, 'command'), { qos: 1 });
  await controller.publishAsync(downTopic(one.device, 'command'), 'now', { qos: 1 });
  await until(() => heard.length > 0);
  expect(heard, 'commands are never queued for the absent').toEqual(['now']);
  await Promise.all([again.endAsync(), controller.endAsync()]);
});

test('the way round the HTTP port is shut, and other upgrades are left alone', async () => {
  const { broker } = await start([one]);
  const http = createServer();
  let others = 0;
  http.on('upgrade', (request, socket, head) => {
    if (broker.upgrade(request, socket, head)) return;
    others += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  running.push({ end: () => http.close() });
  const { port } = http.address() as { port: number };
  const account = { clientId: one.device, username: one.device, password: one.credential };
  await expect(connect(`ws://127.0.0.1:${port}/elsewhere`, account)).rejects.toThrow();
  expect(others).toBe(1);
  const client = await connect(`ws://127.0.0.1:${port}/mqtt`, account);
  await broker.stop();
  await until(() => !client.connected);
  await expect(connect(`ws://127.0.0.1:${port}/mqtt`, account)).rejects.toThrow();
  await broker.start();
  const again = await connect(`ws://127.0.0.1:${port}/mqtt`, account);
  await again.endAsync();
  client.end(true);
});
