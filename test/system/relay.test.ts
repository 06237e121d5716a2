import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Radio } from '../support/radio.ts';
import { levelOf, readWav, rmsDbfs } from '../support/sound.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';

const STREAM_HZ = 440;

let village: Village;
let radio: Radio;
let speaker: Awaited<ReturnType<Village['addDevice']>>;
let sourceId: string;

beforeAll(async () => {
  radio = await Radio.open();
  await radio.station('/dai-tinh', STREAM_HZ);
  village = await Village.start();
  speaker = await village.addDevice('Loa đình', ['--kind', 'speaker', '--wav']);
  const { client } = village;
  await client.call('PUT /policies/relay', { body: { hosts: [], privateHosts: [radio.host] } });
  const body = { title: 'Đài tỉnh', url: radio.url('/dai-tinh'), fallbackPlaylistId: null, silenceMs: 5_000 };
  ({ id: sourceId } = await client.call('POST /relay-sources', { body }));
});
afterAll(async () => {
  await village.stop();
  await radio.close();
});

const look = (id: string) => village.client.call('GET /relays/{id}', { params: { id } });
const play = async (occurrence: string) => {
  const params = { occurrence, device: speaker.id };
  return await village.client.call('GET /plays/{occurrence}/{device}', { params }).catch(() => null);
};
/** What the speaker wrote of it. */
async function recording(broadcast: string): Promise<Int16Array> {
  const directory = path.join(speaker.directory, 'wav');
  const name = await until('the recording', async () =>
    (await readdir(directory).catch(() => [])).find((file) => file.includes(broadcast)),
  );
  return await readWav(path.join(directory, name));
}

test('a relay is heard by a real device, stands in the log as played, and its end is a person’s', async () => {
  const { client } = village;
  const targets = [{ kind: 'all' as const, id: '' }];
  const { id } = await client.call('POST /relays', { body: { sourceId, targets, minutes: 5 } });
  const running = await until('the device to listen', async () => {
    const seen = await look(id);
    return seen.listening === 1 && seen.hears === 'stream' && Date.now() > (seen.startedAt ?? 0) + 8_000
      ? seen
      : null;
  });
  expect(running).toMatchObject({
    state: 'on-air',
    asked: 1,
    switches: [{ to: 'stream', reason: 'started' }],
  });
  await client.call('POST /relays/{id}/stop', { params: { id } });
  const proven = await until(
    'the proof',
    async () => {
      const seen = await play(`${id}@${running.startedAt}`);
      return seen !== null && seen.records.length > 0 && seen.verdict !== 'pending' ? seen : null;
    },
    120_000,
  );
  expect(proven).toMatchObject({ title: 'Đài tỉnh', verdict: 'played', priority: 'priority' });
  expect(proven.playedMs).toBeGreaterThan(5_000);
  const samples = await recording(id);
  const middle = samples.subarray(samples.length / 2 - 24_000, samples.length / 2 + 24_000);
  expect(levelOf(middle, STREAM_HZ)).toBeGreaterThan(-22);
  expect(levelOf(middle, STREAM_HZ)).toBeGreaterThan(rmsDbfs(middle) - 1);
});

test('a controller that dies in the middle of a relay takes it up again, and the device hears it', async () => {
  const { client } = village;
  const targets = [{ kind: 'all' as const, id: '' }];
  const { id } = await client.call('POST /relays', { body: { sourceId, targets, minutes: 5 } });
  await until('the device to listen', async () => (await look(id)).listening === 1);
  await village.controller.kill();
  await village.restartController();
  const again = await until('the relay to go on, heard by the device', async () => {
    const [newest] = await client.call('GET /relays');
    return newest !== undefined && newest.id !== id && newest.listening === 1 ? newest : null;
  });
  expect(await look(id)).toMatchObject({ state: 'ended', end: 'controller-stopped' });
  const occurrence = `${again.id}@${again.startedAt}`;
  await until('the device to play it', async () => {
    const { devices } = await client.call('GET /broadcasts/{id}', { params: { id: again.id } });
    return devices[0]?.state === 'started';
  });
  await client.call('POST /relays/{id}/stop', { params: { id: again.id } });
  await until('the proof', async () => ((await play(occurrence))?.records.length ?? 0) > 0);
});
