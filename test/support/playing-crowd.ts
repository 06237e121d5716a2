import { ControllerKey } from '#controller/signing/controller-key';
import { FakeSpeaker } from './fake-speaker.ts';
import { seededDevice } from './seed.ts';

/**
 * A process of light speakers that check each word, say that they play and fall silent when told to: it tells
 * `{silent}`, epoch ms, for each. Arguments: the first and the last of them, the broker's port, and the directory of the
 * controller's keys.
 */
const [from = '0', to = '0', port = '0', keys = ''] = process.argv.slice(2);
const { publicKey } = await ControllerKey.load(keys);
const crowd: FakeSpeaker[] = [];
for (let index = Number(from); index < Number(to); index += 1) {
  const speaker = new FakeSpeaker({ id: seededDevice(index), groups: [], publicKey });
  speaker.onSilence = () => process.send?.({ silent: Date.now() });
  crowd.push(speaker);
}
for (let at = 0; at < crowd.length; at += 50) {
  await Promise.all(crowd.slice(at, at + 50).map((speaker) => speaker.connect(Number(port))));
}
// A connection may be silent for two minutes; a heartbeat is a word.
setInterval(() => {
  for (const speaker of crowd) speaker.ping();
}, 45_000);
process.on('disconnect', () => process.exit());
process.send?.({ connected: crowd.length });
