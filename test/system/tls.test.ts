import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Authority } from '../support/authority.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

test('with a certificate, devices are paired to a broker that speaks TLS, and to none that does not', async () => {
  const authority = new Authority();
  ends.push(() => authority.discard());
  const { cert, key } = authority.issue();
  const village = await Village.start({
    env: { LOA_TLS_CERT: cert, LOA_TLS_KEY: key, LOA_TLS_PORTS: 'mqtt', LOA_MQTT_WS: 'off' },
  });
  ends.push(() => village.stop());
  const { id, directory } = await village.addDevice('Cụm 1', ['--kind', 'speaker', '--ca', authority.caFile]);
  const { brokers } = JSON.parse(await readFile(path.join(directory, 'pairing.json'), 'utf8'));
  expect(brokers).toEqual([`mqtts://127.0.0.1:${village.mqttPort}`]);
  const device = () => village.client.call('GET /devices/{id}', { params: { id } });
  await until('the device is heard', async () => (await device()).heartbeat !== null);
  expect((await device()).status).toBe('online');
  // The same device without the authority: it trusts nobody, and says why.
  await village.devices[0]?.stop();
  const { program } = village.startDevice('Cụm 1', ['--kind', 'speaker']);
  const [, why = ''] = await program.line(/^disconnected: (.+)$/);
  expect(why).toMatch(/certificate/);
});
