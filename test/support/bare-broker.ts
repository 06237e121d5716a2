import { createHash } from 'node:crypto';
import mqtt from 'mqtt';
import { pino } from 'pino';
import { EmbeddedBroker } from '#controller/broker/embedded';
import { EVERY_DEVICE, groupTopic } from '#devices/topics';
import { seededCredential, seededDevice } from './seed.ts';

/**
 * A process with the embedded broker alone, with the options that the controller runs it with, and one client that
 * publishes as the controller's link does. Told `{bytes}`, it publishes so many to every device and answers when it began.
 * Argument: how many seeded devices may sign in.
 */
const devices = Number(process.argv[2]);
const admissions = Array.from({ length: devices }, (_, index) => {
  const device = seededDevice(index);
  const credentialHash = createHash('sha256').update(seededCredential(device)).digest('hex');
  return { device, credentialHash, groups: [`area-${(index % 20) + 1}`] };
});
const broker = new EmbeddedBroker({
  host: '127.0.0.1',
  port: 0,
  log: pino({ level: 'silent' }),
  admissions: () => admissions,
});
await broker.start();
const { url, username, password } = broker.account;
const client = await mqtt.connectAsync(url, {
  ...{ protocolVersion: 4 as const, clientId: username, username, password },
});
process.on('message', ({ bytes }: { bytes: number }) => {
  const payload = 'x'.repeat(bytes);
  const began = process.hrtime.bigint();
  client.publish(groupTopic(EVERY_DEVICE), payload, { qos: 1 }, () => {
    process.send?.({ began: String(began) });
  });
});
process.on('disconnect', () => process.exit());
process.send?.({ port: broker.port });
