import mqtt from 'mqtt';
import { downTopic, upTopic } from '#devices/topics';

/** A device in a process of its own that asks for the time ten times, and prints the longest wait for an answer in ms. */
const [port, device = '', credential = ''] = process.argv.slice(2);
const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
  protocolVersion: 4,
  clientId: device,
  username: device,
  password: credential,
});
await client.subscribeAsync(downTopic(device, 'tell'), { qos: 1 });
process.stdout.write('ready\n');
await new Promise((resolve) => setTimeout(resolve, 200));
let longest = 0;
for (let id = 1; id <= 10; id += 1) {
  const asked = performance.now();
  const answered = new Promise((resolve) => client.once('message', resolve));
  client.publish(upTopic(device, 'ask'), JSON.stringify({ v: 1, type: 'time', id, t1: asked }));
  await answered;
  longest = Math.max(longest, performance.now() - asked);
}
process.stdout.write(`${longest}\n`);
await client.endAsync();
