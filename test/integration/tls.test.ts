import { writeFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import express from 'express';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { EmbeddedBroker } from '#controller/broker/embedded';
import { HttpPort } from '#controller/http/server';
import { Certificate, certificateOf } from '#controller/tls/certificate';
import { downTopic } from '#devices/topics';
import { trustAuthority } from '#firmware-sim/trust';
import { Authority } from '../support/authority.ts';
import { connect, nextMessage, silent, startBroker, testDevice, until } from '../support/embedded-broker.ts';

const authority = new Authority();
const running: EmbeddedBroker[] = [];
afterAll(() => authority.discard());
afterEach(async () => {
  for (const broker of running.splice(0)) await broker.stop();
});

async function secureBroker(name: string) {
  const files = authority.issue(name);
  const certificate = await Certificate.load(files, silent);
  const device = testDevice('loa-aaaa2222');
  const { broker } = await startBroker([device], { certificate });
  running.push(broker);
  const url = `mqtts://127.0.0.1:${broker.port}`;
  return { broker, certificate, files, url, device };
}

/** The serial number of the certificate that a port shows now. */
const shown = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket: TLSSocket = connectTls({ port, host: '127.0.0.1', ca: authority.ca }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });

test('devices are heard over TLS by who trusts the authority, and the controller speaks to them', async () => {
  const { broker, url, device } = await secureBroker('mqtt');
  const { device: id, credential } = device;
  const account = { clientId: id, username: id, password: credential };
  await expect(connect(url, account), 'a certificate that nobody known vouches for').rejects.toThrow(
    /certificate|self.signed/,
  );
  const client = await connect(url, { ...account, ca: authority.ca });
  const word = nextMessage(client);
  await client.subscribeAsync(downTopic(id, 'tell'), { qos: 1 });
  const { url: own, ...controller } = broker.account;
  const speaker = await connect(own, { ...controller, clientId: controller.username });
  await speaker.publishAsync(downTopic(id, 'tell'), '{"v":1,"type":"how"}', { qos: 1 });
  expect((await word).payload).toBe('{"v":1,"type":"how"}');
  await Promise.all([client.endAsync(), speaker.endAsync()]);
});

test('a port that speaks TLS tells nothing in the clear', async () => {
  const { broker, device } = await secureBroker('clear');
  const { device: id, credential } = device;
  await expect(
    connect(`mqtt://127.0.0.1:${broker.port}`, {
      clientId: id,
      username: id,
      password: credential,
      connectTimeout: 5_000,
    }),
  ).rejects.toThrow();
  const bytes: Buffer[] = [];
  const closed = new Promise<void>((resolve) => {
    const socket = connectPlain(broker.port, '127.0.0.1', () =>
      socket.write('\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00'),
    );
    socket.on('data', (data) => bytes.push(data)).on('error', () => {});
    socket.on('close', () => resolve());
  });
  await closed;
  // At most an alert of TLS (RFC 8446 §6), record type 21; never an MQTT packet.
  expect([undefined, 21]).toContain(Buffer.concat(bytes)[0]);
});

test('a renewed certificate is in use without a restart, and nobody who is connected notices', async () => {
  const { broker, certificate, files, url, device } = await secureBroker('renewed');
  const { device: id, credential } = device;
  const client = await connect(url, { clientId: id, username: id, password: credential, ca: authority.ca });
  const before = await shown(broker.port);
  authority.issue('renewed');
  await certificate.look();
  await until(async () => (await shown(broker.port)) !== before);
  expect(client.connected).toBe(true);
  // Half a renewal, as when the file is being written, changes nothing.
  const now = await shown(broker.port);
  writeFileSync(files.cert, 'half a cert');
  await certificate.look();
  expect(await shown(broker.port)).toBe(now);
  await client.endAsync();
});

test('files that are no pair, or not there, are named with what to do', async () => {
  const one = authority.issue('one');
  const other = authority.issue('other');
  await expect(Certificate.load({ cert: one.cert, key: other.key }, silent)).rejects.toMatchObject({
    code: 'wrong-certificate',
    message: expect.stringContaining(other.key),
  });
  await expect(Certificate.load({ cert: '/nowhere.pem', key: one.key }, silent)).rejects.toThrow(
    /LOA_TLS_CERT=\/nowhere\.pem cannot be read/,
  );
  await expect(certificateOf({ LOA_TLS_CERT: one.cert, LOA_TLS_KEY: undefined }, silent)).rejects.toThrow(
    /LOA_TLS_KEY is missing/,
  );
});

test('device files come over HTTPS to a device that trusts the authority, and to no other', async () => {
  const certificate = await Certificate.load(authority.issue('https'), silent);
  const app = express().get('/', (request, response) => void response.send(request.protocol));
  const http = new HttpPort(app, { host: '127.0.0.1', port: 0 }, certificate);
  await http.start();
  try {
    const url = `https://127.0.0.1:${http.port}/`;
    await expect(fetch(url)).rejects.toThrow();
    await trustAuthority(authority.ca);
    expect(await (await fetch(url)).text()).toBe('https');
  } finally {
    await http.stop();
  }
});
