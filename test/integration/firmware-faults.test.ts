import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultScript, readFaultScript } from '#firmware-sim/fault-script';
import { DeviceBench } from '../support/device-bench.ts';
import { until } from '../support/fake-controller.ts';
import { occurrence, part, planOf } from '../support/fake-plan.ts';
import { tone } from '../support/sound.ts';

const MAIN = fileURLToPath(new URL('../../firmware-sim/main.ts', import.meta.url));
const PATIENCE = { timeout: 90_000 };

describe('a script of faults that is wrong', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'loa-faults-'));
    return () => rm(dir, { recursive: true, force: true });
  });
  const said = async (text: string): Promise<string> => {
    const path = join(dir, 'faults.json');
    await writeFile(path, text);
    try {
      return `read as ${JSON.stringify(readFaultScript(path))}`;
    } catch (error) {
      return error instanceof Error ? error.message.replace(path, 'FILE') : 'no error';
    }
  };

  test('is told by what is wrong with which entry', async () => {
    expect(await said('[{"type": "link-down", "afterMs": 5}, {"type": "power-cut"}]')).toBe(
      '--faults FILE: fault 2: give afterMs or at, not both.',
    );
    expect(await said('[{"type": "slow-decoder", "afterMs": 5}]')).toMatch(
      /^--faults FILE: fault 1 \(factor\): .+\.$/,
    );
    expect(await said('[{"type": "link-down", "afterMs": 5, "forms": 6}]')).toMatch(/fault 1: .*forms/);
    expect(await said('{"type": "link-down"}')).toMatch(/the file: .+: give a list such as \[/);
    expect(await said('[{')).toMatch(/^--faults FILE cannot be read \(.+\): give a JSON file\.$/);
  });

  test('and a right one is read as it is', async () => {
    expect(await said('[{"type": "disk-full", "at": "2026-11-23T06:00:00+07:00", "forMs": 60000}]')).toBe(
      'read as [{"type":"disk-full","at":"2026-11-23T06:00:00+07:00","forMs":60000}]',
    );
  });
});

describe('what goes wrong by the script', () => {
  let bench: DeviceBench;
  let sound: Buffer;
  let running: ChildProcess | null = null;
  beforeAll(async () => {
    sound = await tone(3, 600);
  }, 60_000);
  beforeEach(async () => {
    bench = await DeviceBench.open();
  });
  afterEach(async () => {
    running?.kill('SIGTERM');
    if (running !== null) await new Promise((resolve) => running?.once('close', resolve));
    running = null;
    await bench.close();
  });

  /** An occurrence of three seconds, so many milliseconds from now, on a device that holds the plan. */
  async function due(inMs: number) {
    const sha = bench.controller.addBlob(sound);
    const news = occurrence(Date.now() + inMs, [part(sha, 3_000)]);
    await bench.ready((await bench.controller.desire(planOf([news], bench.controller.blobs))).id);
    return news;
  }
  const played = (id: string) => until('it is told', () => bench.recordOf(id));
  const made = (type: string) =>
    until(`${type} was made`, () =>
      bench.events.some((event) => event.type === 'fault-made' && event.detail === type),
    );
  const on = async (...faults: FaultScript) => {
    await bench.on({ faults, wav: false });
    await bench.born();
  };

  test(
    'a dead amplifier: the device heard nothing, and does not say that it was heard',
    PATIENCE,
    async () => {
      await on({ type: 'dead-amplifier', afterMs: 0 });
      const { id } = await due(4_000);
      expect(await played(id)).toMatchObject({ end: 'fault', reason: 'amplifier-dead' });
      await until('the fault is told', () =>
        bench.controller.heartbeats().at(-1)?.faults.includes('amplifier-dead'),
      );
    },
  );

  test('an output that somebody turned off is told as such', PATIENCE, async () => {
    await on({ type: 'muted-output', afterMs: 0 });
    const { id } = await due(4_000);
    expect(await played(id)).toMatchObject({ end: 'fault', reason: 'output-muted' });
  });

  test('a decoder that is too slow: what came out is told as what it was', PATIENCE, async () => {
    await on({ type: 'slow-decoder', afterMs: 0, factor: 0.1 });
    const { id } = await due(9_000);
    const record = await played(id);
    expect(record.end).toBe('fault');
    expect(record.playedMs).toBeLessThan(2_500);
  });

  test('a link that is down: it plays all the same, and tells when it is up again', PATIENCE, async () => {
    await on({ type: 'link-down', afterMs: 6_000, forMs: 6_000 });
    const { id } = await due(5_500);
    await made('link-down');
    await until('it is disconnected', () => bench.events.some(({ type }) => type === 'disconnected'));
    expect(bench.recordOf(id)).toBeUndefined();
    expect(await played(id)).toMatchObject({ end: 'completed' });
  });

  test('files that become others on the card are fetched again before their time', PATIENCE, async () => {
    await on({ type: 'corrupt-blob', afterMs: 3_000 });
    const { id } = await due(18_000);
    await made('corrupt-blob');
    expect(await played(id)).toMatchObject({ end: 'completed' });
    const asked = bench.controller.requests.filter(({ path }) => path.startsWith('/device/v1/blobs/'));
    expect(asked.length).toBe(2);
  });

  test(
    'a power cut and a freeze by the script end and stop the real program, and it comes back by itself',
    PATIENCE,
    async () => {
      const faults: FaultScript = [
        { type: 'power-cut', afterMs: 8_000, offForMs: 300 },
        { type: 'freeze', afterMs: 25_000, forMs: 1_500 },
      ];
      const script = join(bench.dir, '..', `${bench.controller.device}.json`);
      await writeFile(script, JSON.stringify(faults));
      const options = ['--kind', 'speaker', '--http', bench.controller.url, '--dir', bench.dir];
      const node = ['--conditions=loa-source', '--import', 'tsx', MAIN, ...options];
      const child = spawn(process.execPath, [...node, '--heartbeat-ms', '300', '--faults', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      running = child;
      const lines: string[] = [];
      createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
      await until('it was born twice', () => bench.controller.births().length >= 2);
      expect(bench.controller.births().map(({ boot }) => boot)).toEqual([1, 2]);
      expect(lines).toContain('made a fault: power-cut');
      await until('it was frozen', () => lines.includes('made a fault: freeze'));
      const said = () => bench.controller.heard.length;
      const before = said();
      await until('it speaks again', () => said() > before + 3);
      await rm(script);
    },
  );
});
