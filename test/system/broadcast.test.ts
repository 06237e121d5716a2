import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programmeOf, uploadReady } from '../support/schedule.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';

let village: Village;
let content: { kind: 'programme'; id: string };

beforeAll(async () => {
  village = await Village.start();
  await village.addDevice('Loa đình', ['--kind', 'speaker']);
  await village.addDevice('Loa chợ', ['--kind', 'speaker']);
  const source = path.join(village.directory, 'source.wav');
  await speakTo(source, 'Thông báo của phường Phù Vân: chiều nay có mưa lớn.');
  const asset = await uploadReady(village.client, source, 'source.wav');
  content = { kind: 'programme', id: await programmeOf(village.client, asset, 'Mưa lớn') };
});
afterAll(() => village.stop());

const all = [{ kind: 'all' as const, id: '' }];
const look = (id: string) => village.client.call('GET /broadcasts/{id}', { params: { id } });

test('what is played now sounds on every real device at one moment, and each proves it', async () => {
  const { id } = await village.client.call('POST /broadcasts', { body: { content, targets: all } });
  const over = await until('the broadcast to end', async () => {
    const seen = await look(id);
    return seen.state === 'ended' || seen.state === 'failed' ? seen : null;
  });
  expect(over).toMatchObject({ state: 'ended', counts: { ended: 2 } });
  // A machine that is busy begins late, in step; that it began at all is the devices' own word.
  for (const { startedAt } of over.devices) expect(startedAt).toBeGreaterThan((over.t0 ?? 0) - 50);
  const occurrence = `${id}@${over.t0}`;
  for (const { deviceId } of over.devices) {
    const proof = await until('the proof', async () => {
      const params = { occurrence, device: deviceId };
      const play = await village.client.call('GET /plays/{occurrence}/{device}', { params });
      return play.records.length > 0 ? play : null;
    });
    expect(proof).toMatchObject({ title: 'Mưa lớn', priority: 'priority', scheduleId: id });
    expect(proof.records[0]).toMatchObject({ occurrence, schedule: id, end: 'completed' });
    expect(proof.playedMs).toBeGreaterThan(0);
  }
  const query = { from: over.t0 ?? 0, to: (over.t0 ?? 0) + 1, schedule: id };
  expect((await village.client.call('GET /plays', { query })).total).toBe(2);
});

test('stop-all silences what plays by hand on every real device', async () => {
  const { id } = await village.client.call('POST /broadcasts', {
    body: { content, targets: all, priority: 'emergency' },
  });
  await until('both to play', async () => (await look(id)).counts.started === 2);
  expect(await village.client.call('POST /stop-all', { body: {} })).toEqual({ devices: 2 });
  const stopped = await until('both to be silent', async () => {
    const seen = await look(id);
    return seen.counts.stopped === 2 ? seen : null;
  });
  expect(stopped.state).toBe('stopped');
});
