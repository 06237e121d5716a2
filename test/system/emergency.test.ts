import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programmeOf, uploadReady } from '../support/schedule.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';

const ALL = [{ kind: 'all' as const, id: '' }];
const MESSAGE = { title: 'Cảnh báo lũ', heading: 'CẢNH BÁO LŨ', text: 'Nước lên nhanh. Hãy lên chỗ cao.' };

let village: Village;
let speaker: string;
let storedMessageId: string;

beforeAll(async () => {
  village = await Village.start();
  ({ id: speaker } = await village.addDevice('Loa đình', ['--kind', 'speaker', '--heartbeat-ms', '1000']));
  await village.addDevice('Bảng tin chợ', ['--kind', 'board', '--heartbeat-ms', '1000']);
  ({ id: storedMessageId } = await village.client.call('POST /stored-messages', { body: MESSAGE }));
});
afterAll(() => village.stop());

const look = (id: string) => village.client.call('GET /incidents/{id}', { params: { id } });
const drawUp = (drill: 'silent' | null) =>
  village.client.call('POST /incidents', {
    body: { ...MESSAGE, targets: ALL, storedMessageId, repeats: 1, drill },
  });
const confirm = (id: string) =>
  village.client.call('POST /incidents/{id}/confirm', { params: { id }, body: {} });

test('a stored message is on every real device before it is needed, and a silent drill proves it', async () => {
  await until('both to hold it', async () => {
    const [message] = await village.client.call('GET /stored-messages');
    return message?.ready === true && message.heldBy === 2;
  });
  const { id } = await drawUp('silent');
  await confirm(id);
  const over = await until('the drill to end', async () => {
    const seen = await look(id);
    return seen.state === 'cleared' ? seen : null;
  });
  expect(over.counts).toEqual({ asked: 2, ready: 2, sounding: 0, done: 0, silent: 0 });
  const report = await village.client.raw('GET /incidents/{id}/report', { params: { id } });
  expect(report.headers.get('content-type')).toBe('application/pdf');
  const pdf = Buffer.from(await report.arrayBuffer()).toString('latin1');
  expect(pdf).toMatch(/^%PDF-/);
  expect(pdf).toMatch(/\/ByteRange/);
});

test('an emergency interrupts a programme on a real speaker and takes the board; what it interrupted comes back', async () => {
  const source = path.join(village.directory, 'source.wav');
  await speakTo(source, 'Bản tin buổi sáng của phường Phù Vân, mời bà con cùng nghe. '.repeat(6));
  const asset = await uploadReady(village.client, source, 'source.wav');
  const content = { kind: 'programme' as const, id: await programmeOf(village.client, asset, 'Bản tin') };
  const { id: broadcast, durationMs } = await village.client.call('POST /broadcasts', {
    body: { content, targets: [{ kind: 'device', id: speaker }], resume: 'resume' },
  });
  const programme = () => village.client.call('GET /broadcasts/{id}', { params: { id: broadcast } });
  await until('the programme to sound', async () => (await programme()).counts.started === 1);

  const { id, messages } = await drawUp(null);
  expect(messages[0]?.state).toBe('ready');
  await confirm(id);
  await until('both to sound and show it', async () => (await look(id)).counts.sounding === 2);
  expect(await village.client.call('GET /incidents/{id}/silent', { params: { id } })).toEqual([]);
  const board = (await look(id)).messages[0]?.boardBroadcastId ?? '';
  await until('the words to end', async () => (await look(id)).counts.done === 1);
  const { counts } = await village.client.call('GET /broadcasts/{id}', { params: { id: board } });
  expect(counts.started, 'the board shows it until it is cleared').toBe(1);

  await village.client.call('POST /incidents/{id}/all-clear', { params: { id }, body: {} });
  await until('the board to go back to its plan', async () => (await look(id)).counts.done === 2);
  const t0 = (await programme()).t0 ?? 0;
  const occurrence = `${broadcast}@${t0}`;
  const proof = await until('the programme to come back and end', async () => {
    const params = { occurrence, device: speaker };
    const play = await village.client.call('GET /plays/{occurrence}/{device}', { params });
    return play.records.some(({ end }) => end === 'completed') ? play : null;
  });
  expect(proof.playedMs, 'all of it was heard, in two pieces').toBeGreaterThan(durationMs * 0.9);
  const heard = (proof.records.at(-1)?.endedAt ?? 0) - t0;
  expect(heard, 'it was held up by the emergency').toBeGreaterThan(durationMs + 5_000);
});
