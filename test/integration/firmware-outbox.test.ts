import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Played } from '#devices/messages/played';
import type { RecordDraft } from '#devices/run-record';
import { UP } from '#devices/topics';
import { Outbox } from '#firmware-sim/outbox';
import { DeviceBench } from '../support/device-bench.ts';
import { until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loa-outbox-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const draft = (title = 'Bản tin'): RecordDraft => ({
  occurrence: 's1@1795400000000',
  schedule: 's1',
  part: { index: 0, of: 1 },
  priority: 'scheduled',
  title,
  sha256: 'a'.repeat(64),
  dueAt: 1_795_400_000_000,
  startedAt: 1_795_400_000_000,
  endedAt: 1_795_400_001_000,
  clockErrorMs: 1,
  clockSynced: true,
  playedMs: 1_000,
  dueMs: 1_000,
  end: 'completed',
});

async function opened(boot: number): Promise<Outbox> {
  const outbox = new Outbox(dir, { number: boot, counted: true, count: async () => undefined });
  await outbox.open();
  return outbox;
}

/** Writes a record and lets it be sent. */
async function tell(outbox: Outbox, title?: string) {
  const record = await outbox.append(draft(title));
  outbox.release(record);
  return record;
}

test('what was played before a power cut is told after it, under the same numbers', async () => {
  const before = await opened(1);
  await tell(before, 'một');
  await tell(before, 'hai');
  // The power goes: nothing is closed.
  const after = await opened(2);
  await tell(after, 'ba');
  expect(after.nextBatch()).toMatchObject({
    boot: 1,
    oldest: 1,
    records: [{ seq: 1 }, { seq: 2, title: 'hai' }],
  });
  await after.recorded(1, 2);
  expect(after.nextBatch()).toMatchObject({ boot: 2, records: [{ seq: 1, title: 'ba' }] });
  await before.close();
  await after.close();
});

test('a record half written when the power went is not told, and does not spoil the others', async () => {
  const before = await opened(1);
  await tell(before, 'một');
  await appendFile(join(dir, 'outbox', '1.jsonl'), '{"seq":2,"occurr');
  const after = await opened(2);
  expect(after.nextBatch()?.records.map(({ title }) => title)).toEqual(['một']);
  await before.close();
});

test('an acknowledgement lets go of what it covers, no more, and numbers go on', async () => {
  const outbox = await opened(1);
  for (const title of ['một', 'hai', 'ba']) await tell(outbox, title);
  expect(await outbox.recorded(1, 2)).toBe(2);
  expect(await outbox.recorded(1, 2)).toBe(0);
  expect(await outbox.recorded(7, 2)).toBe(0);
  expect(outbox.nextBatch()).toMatchObject({ oldest: 3, records: [{ seq: 3 }] });
  await outbox.recorded(1, 3);
  expect(await readdir(join(dir, 'outbox'))).toEqual([]);
  expect(await tell(outbox, 'bốn')).toMatchObject({ seq: 4 });
  await outbox.close();
});

test('a month of records leaves in batches that the broker takes', async () => {
  const outbox = await opened(1);
  const longest = 'Ế'.repeat(200);
  await Promise.all(Array.from({ length: 120 }, () => tell(outbox, longest)));
  let told = 0;
  for (let batch = outbox.nextBatch(); batch !== null; batch = outbox.nextBatch()) {
    Played.parse(batch);
    expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThanOrEqual(UP.played.maxBytes);
    expect(batch.records[0]?.seq).toBe(told + 1);
    told += batch.records.length;
    await outbox.recorded(1, told);
  }
  expect(told).toBe(120);
  await outbox.close();
});

test('a controller that loses its answer hears the same records again, and nothing is lost', {
  timeout: 60_000,
}, async () => {
  const bench = await DeviceBench.open();
  try {
    const { controller } = bench;
    controller.recording = false;
    const sha = controller.addBlob(Buffer.from('not decoded'));
    await bench.on({ decoder: 'silent' });
    await bench.born();
    const brief = occurrence(Date.now() + 3_000, [part(sha, 1_000)]);
    await bench.ready((await controller.desire(planOf([brief], controller.blobs))).id);
    await until('it is told, in vain', () => (controller.received.get('1/1') ?? 0) > 0);
    controller.recording = true;
    await bench.off();
    await bench.on({ decoder: 'silent' });
    const record = await until('it is told again', () => bench.recordOf(brief.id));
    expect(record).toMatchObject({ boot: 1, seq: 1, end: 'completed' });
    await until('its outbox is empty', () => controller.heartbeats().at(-1)?.outbox === 0);
  } finally {
    await bench.close();
  }
});

test('a record is not sent before everything else on the disk knows of it', async () => {
  const outbox = await opened(1);
  const record = await outbox.append(draft('một'));
  expect(outbox.nextBatch()).toBeNull();
  outbox.release(record);
  expect(outbox.nextBatch()).toMatchObject({ records: [{ title: 'một' }] });
  await outbox.close();
});

test('months without a link: a month is kept whole, and of what is older the gap can be told', {
  timeout: 60_000,
}, async () => {
  const day = 86_400_000;
  const record = (seq: number, endedAt: number) => JSON.stringify({ seq, ...draft(), endedAt });
  const now = draft().endedAt;
  // Two power-ups long ago, with more than anybody keeps for ever, and one within the month.
  const lines = (count: number, age: number) =>
    Array.from({ length: count }, (_, index) => `${record(index + 1, now - age)}\n`).join('');
  await mkdir(join(dir, 'outbox'));
  await writeFile(join(dir, 'outbox', '1.jsonl'), lines(13_950, 90 * day));
  await writeFile(join(dir, 'outbox', '2.jsonl'), lines(6_000, 29 * day));
  const outbox = await opened(3);
  for (let count = 0; count < 150; count += 1) void outbox.append(draft());
  outbox.release(await outbox.append(draft()));
  expect(outbox.size).toBe(20_000);
  expect(outbox.nextBatch()).toMatchObject({ boot: 1, oldest: 102 });
  expect(await outbox.recorded(1, 13_950)).toBe(13_849);
  expect(outbox.nextBatch()).toMatchObject({ boot: 2, oldest: 1 });
  expect(await outbox.recorded(2, 6_000)).toBe(6_000);
  expect(outbox.nextBatch()).toMatchObject({ boot: 3, oldest: 1 });
  expect(outbox.size).toBe(151);
  await outbox.close();
});
