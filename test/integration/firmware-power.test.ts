import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { broadcastOccurrenceId } from '#devices/broadcast';
import { DeviceBench } from '../support/device-bench.ts';
import { broadcastOf, broadcastPart } from '../support/fake-broadcast.ts';
import { sha256, until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';
import { tone } from '../support/sound.ts';

const PATIENCE = { timeout: 90_000 };
const MAIN = fileURLToPath(new URL('../../firmware-sim/main.ts', import.meta.url));
let bench: DeviceBench;
let sound: Buffer;
let lines: string[] = [];
let running: ChildProcess | null = null;

beforeAll(async () => {
  sound = await tone(12, 500);
}, 60_000);
beforeEach(async () => {
  bench = await DeviceBench.open();
  lines = [];
});
afterEach(async () => {
  running?.kill('SIGKILL');
  await bench.close();
});

function run(...args: string[]): ChildProcess {
  const node = ['--conditions=loa-source', '--import', 'tsx', MAIN];
  const child = spawn(process.execPath, [...node, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  running = child;
  return child;
}
const device = () =>
  run('--kind', 'speaker', '--http', bench.controller.url, '--dir', bench.dir, '--heartbeat-ms', '300');
const exit = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });

test(
  'a power cut in the middle of a programme is told, with what was heard until then, and nothing twice',
  PATIENCE,
  async () => {
    const { controller } = bench;
    // The link is there, but nothing is acknowledged: what is told before the cut must be told again after it.
    controller.recording = false;
    const sha = controller.addBlob(sound);
    const first = device();
    await until('the code is shown', () => lines.some((line) => /^pairing code [2-9A-Z]{8}$/.test(line)));
    await until(
      'it is connected',
      () => lines.includes('connected') && lines.includes(`paired as ${controller.device}`),
    );
    const due = Date.now() + 4_000;
    const parts = [part(sha, 12_000), part(sha, 12_000, { offsetMs: 12_500, title: 'Phần hai' })];
    const news = occurrence(due, parts, { notAfter: Math.round(due) + 1_000 });
    await controller.desire(planOf([news], controller.blobs));
    await until('the plan is ready', () => lines.includes('plan 1 ready'));
    await until('some of the second part was heard and noted', () => Date.now() > due + 12_500 + 6_500);
    const gone = exit(first);
    first.kill('SIGKILL');
    await gone;
    controller.recording = true;
    const second = device();
    const records = await until('all is told', () => {
      const told = bench.recordsOf(news.id);
      return told.length >= 2 ? told : null;
    });
    expect(records.map(({ part: { index }, end }) => [index, end])).toEqual([
      [0, 'completed'],
      [1, 'power'],
    ]);
    expect(records[1]?.playedMs).toBeGreaterThan(1_000);
    expect(records[1]?.playedMs).toBeLessThan(12_000);
    await until('its outbox is empty', async () => (await readdir(join(bench.dir, 'outbox'))).length === 0);
    expect(bench.recordsOf(news.id)).toHaveLength(2);
    const stopped = exit(second);
    second.kill('SIGTERM');
    expect(await stopped).toBe(0);
  },
);

test(
  'a power cut in the middle of a broadcast that no plan knows of: it is joined again, and told in two stretches',
  PATIENCE,
  async () => {
    const { controller } = bench;
    const long = await tone(60, 500);
    controller.addBlob(long);
    const first = device();
    await until('it is connected', () => lines.includes('connected'));
    await bench.born();
    const renditions = [{ sha256: sha256(long), bytes: long.length, type: 'audio/ogg' as const }];
    const broadcast = broadcastOf([broadcastPart(long, 60_000, { renditions })], { volume: 70 });
    const t0 = Date.now() + 1_500;
    const start = { v: 1 as const, type: 'start' as const, broadcast, t0 };
    controller.command(await controller.signCommand(start, { id: 'start' }));
    const said = (state: string) => controller.acksOf('start').filter((ack) => ack.state === state);
    await until('it is heard', () => said('started').length === 1);
    await until('four seconds are heard', () => Date.now() > t0 + 4_000);
    const gone = exit(first);
    first.kill('SIGKILL');
    await gone;
    const second = device();
    await until('it is heard again', () => said('started').length === 2);
    const stop = { v: 1 as const, type: 'stop' as const, broadcast: broadcast.id };
    controller.command(await controller.signCommand(stop));
    await until('it ends', () => said('ended').length === 1);
    const id = broadcastOccurrenceId(broadcast.id, t0);
    const records = await until('all is told', () => {
      const told = bench.recordsOf(id);
      return told.length >= 2 ? told : null;
    });
    expect(records.map(({ end }) => end)).toEqual(['power', 'stopped']);
    const [before, after] = records;
    expect(before?.playedMs).toBeGreaterThan(1_000);
    expect(after?.fromMs ?? 0).toBeGreaterThan((before?.fromMs ?? 0) + (before?.playedMs ?? 0));
    // In step after the cut as before it, and as loud.
    expect(Math.abs((after?.startedAt ?? 0) - (after?.fromMs ?? 0) - t0)).toBeLessThan(100);
    expect(records.map(({ volume }) => volume)).toEqual([70, 70]);
    // It began when it began.
    const [heard, again] = said('started');
    expect(again?.startedAt).toBe(heard?.startedAt);

    controller.command(await controller.signCommand({ v: 1, type: 'reboot' }, { id: 'reboot' }));
    await until('it is up again', () => controller.acksOf('reboot').some(({ state }) => state === 'ended'));
    expect(controller.births().at(-1)?.boot).toBe(3);
    const stopped = exit(second);
    second.kill('SIGTERM');
    expect(await stopped).toBe(0);
  },
);

test('a wrong option is one clear sentence and exit code 2', PATIENCE, async () => {
  const child = run('--kind', 'radio', '--dir', bench.dir);
  expect(await exit(child)).toBe(2);
  await until('it says why', () => lines.length > 0);
  expect(lines).toEqual(['--kind cannot be "radio": give speaker or board.']);
});
