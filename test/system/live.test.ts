import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HELLO, LiveMicrophone, spokenPackets } from '../support/live-microphone.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';

let village: Village;
const packets = await spokenPackets(10);
beforeAll(async () => {
  village = await Village.start();
});
afterAll(() => village?.stop());

const view = (id: string) => village.client.call('GET /live/{id}', { params: { id } });
/** The log of one device, when it has told of both parts. */
const proofOf = async (id: string, device: string) => {
  const { t0 } = await village.client.call('GET /broadcasts/{id}', { params: { id } });
  const params = { occurrence: `${id}@${t0}`, device };
  const proof = await village.client.call('GET /plays/{occurrence}/{device}', { params });
  return proof.records.length < 2 ? null : proof;
};

async function speak(device: string, endChime: boolean): Promise<{ id: string; voice: LiveMicrophone }> {
  const { client } = village;
  const { id } = await client.call('POST /live', {
    body: { targets: [{ kind: 'device', id: device }], endChime },
  });
  const voice = await LiveMicrophone.join(village.url.replace('http', 'ws'), id, { cookie: client.cookie });
  if (typeof voice === 'number') throw new Error(`the microphone was turned away with ${voice}`);
  voice.say(HELLO);
  voice.speak(packets);
  await until('it to be on the air', async () => (await view(id)).state === 'on-air');
  return { id, voice };
}

test('a speaker hears what is said between two chimes, and proves every word of it', async () => {
  const { id: device } = await village.addDevice('Cụm loa tổ 1', ['--kind', 'speaker']);
  const { id, voice } = await speak(device, true);
  await sleep(4_000);
  expect((await view(id)).listening).toBe(1);
  voice.say({ type: 'end' });
  await until('it to be over', async () => (await view(id)).state === 'ended');
  const { end } = await view(id);
  expect(end).toBe('by-operator');
  const proof = await until('the proof', () => proofOf(id, device));
  // The chime may stumble on a busy machine, which the device tells; what was said must be all there.
  const said = proof.records.find(({ part }) => part.index === 1);
  expect(said?.end).toBe('completed');
  const due = proof.parts.find(({ index }) => index === 1)?.durationMs ?? 0;
  expect(due).toBeGreaterThan(4_000);
  expect((said?.playedMs ?? 0) / due).toBeGreaterThan(0.98);
  await until('the broadcast to have ended', async () => {
    const { state } = await village.client.call('GET /broadcasts/{id}', { params: { id } });
    return state === 'ended';
  });
});

test('the controller is killed while somebody speaks: what was said by then is kept, and nobody calls it complete', async () => {
  const { id: device } = await village.addDevice('Cụm loa tổ 2', ['--kind', 'speaker']);
  const { id } = await speak(device, false);
  await sleep(4_000);
  await village.controller.kill();
  await village.restartController();
  await until('the session to be over', async () => (await view(id)).state === 'ended');
  const { end } = await view(id);
  expect(end).toBe('controller-stopped');
  const asset = await until('the recording', async () => {
    const { recordingAssetId } = await view(id);
    if (recordingAssetId === null) return null;
    const found = await village.client.call('GET /assets/{id}', { params: { id: recordingAssetId } });
    return found.state === 'ready' ? found : null;
  });
  expect(asset.source).toBe('recording');
  expect(asset.durationMs).toBeGreaterThan(2_000);
  const { state, durationMs } = await village.client.call('GET /broadcasts/{id}', { params: { id } });
  expect(['started', 'ended']).toContain(state);
  expect(durationMs).toBeLessThan(60_000);
});
