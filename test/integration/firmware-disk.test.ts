import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { breakDisk, mendDisk } from '#firmware-sim/disk-fault';
import { DeviceBench } from '../support/device-bench.ts';
import { sha256, until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';

const PATIENCE = { timeout: 60_000 };
let bench: DeviceBench;

beforeEach(async () => {
  bench = await DeviceBench.open();
});
afterEach(async () => {
  mendDisk(bench.dir);
  await bench.close();
});

const on = async () => {
  const before = bench.controller.births().length;
  await bench.on({ decoder: 'silent', wav: false });
  await bench.born(before);
};
const faults = () => bench.controller.heartbeats().at(-1)?.faults ?? [];
const heldPlan = () => bench.controller.heartbeats().at(-1)?.plan?.revision;
const file = () => bench.controller.addBlob(randomBytes(4_000));
/** A plan with one occurrence of a second at each of these times. */
const planAt = (sha: string, ...starts: number[]) =>
  planOf(
    starts.map((at) => occurrence(at, [part(sha, 1_000)])),
    bench.controller.blobs,
  );

test(
  'a full disk: the last plan plays on and is told, and what is new comes when there is room',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await on();
    const sha = file();
    const due = Date.now() + 4_000;
    const plan = planAt(sha, due);
    const first = await controller.desire(plan);
    await bench.ready(first.id);
    breakDisk(bench.dir, 'full');
    const newer = await controller.desire(planAt(file(), Date.now() + 3_600_000));
    const record = await until('the play is told', () => bench.recordOf(plan.occurrences[0]?.id ?? ''));
    expect(record).toMatchObject({ end: 'completed', startedAt: expect.any(Number) });
    await until('the fault is told', () => faults().includes('disk-full'));
    expect(heldPlan()).toBe(first.revision);

    mendDisk(bench.dir);
    await until('the new plan governs', () => heldPlan() === newer.revision);
    await until('the fault is over', () => !faults().includes('disk-full'));
    await bench.off();
    await on();
    await until('its outbox is empty', () => controller.heartbeats().at(-1)?.outbox === 0);
    expect(bench.recordsOf(record.occurrence)).toHaveLength(1);
  },
);

test(
  'evidence that a full disk does not take survives the power cut after there is room again',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await on();
    controller.recording = false;
    const plan = planAt(file(), Date.now() + 3_000);
    await bench.ready((await controller.desire(plan)).id);
    breakDisk(bench.dir, 'full');
    await until('it is told, in vain', () => controller.received.size > 0);
    expect(await readdir(join(bench.dir, 'outbox'))).toEqual([]);
    mendDisk(bench.dir);
    const line = await until('it is on the disk', async () => {
      const text = await readFile(join(bench.dir, 'outbox', '1.jsonl'), 'utf8').catch(() => '');
      return text.endsWith('\n') && text;
    });
    expect(JSON.parse(line)).toMatchObject({ seq: 1, occurrence: plan.occurrences[0]?.id });
  },
);

test(
  'a device whose disk is read-only when the power comes plays by its last plan, and tells it later under a number of its own',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await on();
    const sha = file();
    const plan = planAt(sha, Date.now() + 2_500, Date.now() + 7_000);
    await bench.ready((await controller.desire(plan)).id);
    const [one, two] = plan.occurrences.map(({ id }) => id);
    await until('the first is told', () => bench.recordOf(one ?? ''));
    await until('its outbox is empty', () => controller.heartbeats().at(-1)?.outbox === 0);
    await bench.off();
    breakDisk(bench.dir, 'read-only');
    await on();
    await until('it waits to be told', () => (controller.heartbeats().at(-1)?.outbox ?? 0) > 0);
    await until('the fault is told', () => faults().includes('disk-read-only'));
    expect(bench.recordOf(two ?? ''), 'nothing leaves without a number').toBeUndefined();
    mendDisk(bench.dir);
    const record = await until('the second is told', () => bench.recordOf(two ?? ''));
    expect(record).toMatchObject({ boot: 2, seq: 1, end: 'completed' });
    await bench.off();
    await on();
    await until('the third power-up is counted', () => controller.births().at(-1)?.boot === 3);
    expect(bench.recordsOf(two ?? '')).toHaveLength(1);
  },
);

test(
  'files that the device can learn anew may be damaged, and it starts all the same',
  PATIENCE,
  async () => {
    const { controller } = bench;
    await on();
    const plan = planAt(file(), Date.now() + 3_600_000);
    const { revision } = await controller.desire(plan);
    await until('the plan governs', () => heldPlan() === revision);
    await bench.off();
    for (const name of ['desired.json', 'plan.json', 'seen.json', 'boot.json', 'clock.json']) {
      await writeFile(join(bench.dir, name), '{"torn');
    }
    const before = controller.heartbeats().length;
    await on();
    await until(
      'the plan governs again',
      () => controller.heartbeats().length > before && heldPlan() === revision,
    );
    const [first, second] = controller.births().map(({ boot }) => boot);
    expect(second, 'no number is used twice').toBeGreaterThan(first ?? 0);
  },
);

test('a play whose end a read-only disk did not note is told once', PATIENCE, async () => {
  const { controller } = bench;
  await on();
  const plan = planAt(file(), Date.now() + 3_000);
  const id = plan.occurrences[0]?.id ?? '';
  await bench.ready((await controller.desire(plan)).id);
  await until('it plays', () => controller.heartbeats().at(-1)?.playing?.occurrence === id);
  breakDisk(bench.dir, 'read-only');
  await until('it is told', () => bench.recordOf(id));
  await until('the fault is told', () => faults().includes('disk-read-only'));
  mendDisk(bench.dir);
  await until('the fault is over', () => !faults().includes('disk-read-only'));
  await bench.off();
  await on();
  await until('its outbox is empty', () => controller.heartbeats().at(-1)?.outbox === 0);
  expect(bench.recordsOf(id).map(({ end }) => end)).toEqual(['completed']);
});

test('what is ordered is obeyed on a full disk too, and once', PATIENCE, async () => {
  const { controller } = bench;
  await on();
  breakDisk(bench.dir, 'full');
  const stop = await controller.signCommand({ v: 1, type: 'stop' }, { id: 'stop' });
  const states = () => controller.acks().flatMap(({ id, state }) => (id === 'stop' ? [state] : []));
  controller.command(stop);
  await until('it is obeyed', () => states().includes('ended'));
  controller.command(stop);
  expect(await bench.rejected('stop')).toBe('replayed');
  expect(states().filter((state) => state === 'ended')).toHaveLength(1);
});

test('a file that was damaged since is found before it is played, and fetched again', PATIENCE, async () => {
  const { controller } = bench;
  await on();
  const content = randomBytes(50_000);
  const sha = controller.addBlob(content);
  // Checked some seconds before its time, and not before that.
  const plan = planAt(sha, Date.now() + 18_000);
  await bench.ready((await controller.desire(plan)).id);
  const path = join(bench.dir, 'blobs', sha);
  await writeFile(path, Buffer.from(content).fill(0, 100, 200));
  await until('it is fetched again', async () => sha256(await readFile(path).catch(() => '')) === sha);
  const record = await until('it is played', () => bench.recordOf(plan.occurrences[0]?.id ?? ''));
  expect(record).toMatchObject({ end: 'completed', sha256: sha });
});
