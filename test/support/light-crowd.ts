import { setTimeout as sleep } from 'node:timers/promises';
import { downTopic, EVERY_DEVICE, groupTopic, upTopic } from '#devices/topics';
import { LightClient } from './light-client.ts';
import { seededCredential, seededDevice } from './seed.ts';

/**
 * A process of light clients, as many on each of two brokers. It tells when the last of them has heard what was said to
 * all: `{port, last, bytes}`, the time by the monotonic clock that all processes share, in ns. A moment later each
 * acknowledges what it can read, so that the controller has nobody to remind. Arguments: how many, and the ports.
 */
const [count = 0, ...ports] = process.argv.slice(2).map(Number);
const everyone: LightClient[] = [];

for (const port of ports) {
  let heard = 0;
  const tell = (client: LightClient, id: string, topic: string, payload: Buffer): void => {
    if (topic !== groupTopic(EVERY_DEVICE)) return;
    void acknowledge(client, id, payload);
    heard += 1;
    if (heard < count) return;
    heard = 0;
    process.send?.({ port, last: String(process.hrtime.bigint()), bytes: payload.length });
  };
  for (let at = 0; at < count; at += 50) {
    const some = Array.from({ length: Math.min(50, count - at) }, async (_, index) => {
      const id = seededDevice(at + index);
      const client = await LightClient.open({ port, id, password: seededCredential(id) });
      await client.subscribe([downTopic(id, 'command'), groupTopic(EVERY_DEVICE)]);
      client.onMessage = (topic, payload) => tell(client, id, topic, payload);
      everyone.push(client);
    });
    await Promise.all(some);
  }
}

async function acknowledge(client: LightClient, device: string, payload: Buffer): Promise<void> {
  const middle = payload.toString('latin1').split('.')[1];
  if (middle === undefined) return;
  await sleep(200 + Math.random() * 300);
  const { jti: id } = JSON.parse(Buffer.from(middle, 'base64url').toString()) as { jti: string };
  const ack = { v: 1, id, subject: 'command', state: 'ended', at: Date.now() };
  await client.publish(upTopic(device, 'ack'), JSON.stringify(ack), 1);
}

setInterval(() => {
  for (const client of everyone) client.ping();
}, 45_000);
process.on('disconnect', () => process.exit());
process.send?.({ connected: everyone.length });
