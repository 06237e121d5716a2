import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type LinkConditions, LossyLink, MOBILE } from '../support/lossy-link.ts';
import { Journey } from '../support/lossy-way.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A server that sends back what it hears, behind a link. */
async function echoBehind(conditions: LinkConditions & { seed?: number } = {}): Promise<LossyLink> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(() => server.close());
  const link = await LossyLink.open({ port: (server.address() as AddressInfo).port }, conditions);
  undo.push(() => link.stop());
  return link;
}

async function dial(link: LossyLink): Promise<Socket> {
  const socket = connect(link.port, '127.0.0.1');
  socket.on('error', () => undefined);
  undo.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('a bad link delivers every byte in order, and the end of the stream after the last', async () => {
  const way = { latencyMs: 5, jitterMs: 5, loss: 0.02, bytesPerSecond: 4_000_000 };
  const link = await echoBehind({ up: way, down: way, seed: 7 });
  const sent = randomBytes(600_000);
  const socket = await dial(link);
  socket.end(sent);
  const heard: Buffer[] = [];
  for await (const chunk of socket) heard.push(chunk as Buffer);
  expect(digest(Buffer.concat(heard))).toBe(digest(sent));
  expect(link.lost).toBeGreaterThan(0);
});

test('the ways may differ: an answer needs the latency of both, and the handshake before it', async () => {
  const link = await echoBehind({ up: { latencyMs: 120 }, down: { latencyMs: 30 } });
  const began = performance.now();
  const socket = await dial(link);
  socket.write('Phù Vân');
  await once(socket, 'data');
  expect(performance.now() - began).toBeGreaterThan(148);
});

test('a frozen link loses nothing and says nothing until it is thawed', async () => {
  const link = await echoBehind();
  const socket = await dial(link);
  socket.write('a');
  await once(socket, 'data');
  link.freeze();
  const heard: string[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
  socket.write('b');
  await sleep(150);
  expect(heard).toEqual([]);
  const answered = once(socket, 'data');
  link.thaw();
  await answered;
  expect(heard).toEqual(['b']);
});

test('a cut link resets what is connected, and one that refuses lets nobody in until it accepts', async () => {
  const link = await echoBehind();
  const socket = await dial(link);
  const reset = once(socket, 'error');
  link.cut();
  expect((await reset)[0]).toMatchObject({ code: 'ECONNRESET' });
  await link.refuse();
  await expect(dial(link)).rejects.toThrow('ECONNREFUSED');
  await link.accept();
  const again = await dial(link);
  again.write('c');
  await once(again, 'data');
  again.destroy();
  await expect.poll(() => link.connections).toBe(0);
});

test('the same seed draws the same network, and a lost segment costs a timeout', () => {
  const arrivals = (seed: number) => {
    const journey = new Journey({ ...MOBILE.up, loss: 0.05 }, seed);
    return Array.from({ length: 200 }, (_, index) => journey.arrival(index * 10, 100, 0, 15) - index * 10);
  };
  expect(arrivals(3)).toEqual(arrivals(3));
  expect(arrivals(3)).not.toEqual(arrivals(4));
  const late = arrivals(3).filter((ms) => ms > 200);
  expect(late.length).toBeGreaterThan(2);
  expect(late.length).toBeLessThan(30);
});
