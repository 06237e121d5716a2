import { downTopic, EVERY_DEVICE, groupTopic } from '#devices/topics';
import { LightClient } from './light-client.ts';
import { seededCredential, seededDevice } from './seed.ts';

/**
 * A process of light clients, as many on each of two brokers, that say nothing and tell when the last of them has
 * heard something: `{port, last, bytes}`, the time by the monotonic clock that all processes share, in ns.
 * Arguments: how many, and the ports.
 */
const [count = 0, ...ports] = process.argv.slice(2).map(Number);
const everyone: LightClient[] = [];

for (const port of ports) {
  let heard = 0;
  const tell = (_topic: string, payload: Buffer): void => {
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
      client.onMessage = tell;
      everyone.push(client);
    });
    await Promise.all(some);
  }
}
setInterval(() => {
  for (const client of everyone) client.ping();
}, 45_000);
process.on('disconnect', () => process.exit());
process.send?.({ connected: everyone.length });
