import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Outbox } from '#firmware-sim/outbox';
import { seeded } from '../support/lossy-way.ts';

const WORKER = fileURLToPath(new URL('../support/killed-worker.ts', import.meta.url));
/** Enough to meet a download and an append in many places; `npm run bench -- kills` has a hundred, of whole devices. */
const KILLS = 6;
const FILE = randomBytes(1_500_000);
const SHA = createHash('sha256').update(FILE).digest('hex');

let dir = '';
let server: Server;
let running: ChildProcess | null = null;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loa-killed-'));
  // In small pieces, so that a kill meets it anywhere.
  server = createServer(async (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = { 'content-range': `bytes ${from}-${FILE.length - 1}/${FILE.length}` };
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': FILE.length - from,
      ...(from > 0 && range),
    });
    for (let at = from; at < FILE.length && !response.destroyed; at += 9_973) {
      response.write(FILE.subarray(at, at + 9_973));
      await sleep(2);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  running?.kill('SIGKILL');
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true, force: true });
});

/** Lets it work for so long after its first record, and kills it. @returns what it said was on the disk. */
async function workAndDie(ms: number): Promise<string[]> {
  const { port } = server.address() as AddressInfo;
  const node = ['--conditions=loa-source', '--import', 'tsx', WORKER];
  const child = spawn(
    process.execPath,
    [...node, dir, `http://127.0.0.1:${port}/blob`, SHA, String(FILE.length)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  running = child;
  const lines: string[] = [];
  let begun = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    begun = resolve;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (line.startsWith('recorded')) begun();
  });
  const gone = new Promise((resolve) => child.once('close', resolve));
  await first;
  await sleep(ms);
  child.kill('SIGKILL');
  await gone;
  return lines;
}

test('wherever a kill -9 meets it, a device has no half file, no torn record, no number twice, and all it promised', {
  timeout: 120_000,
}, async () => {
  const random = seeded(11);
  const promised = new Set<string>();
  let fetched = 0;
  let resumed = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const lines = await workAndDie(random() * 900);
    for (const line of lines) {
      const [, boot, seq] = /^recorded (\d+) (\d+)$/.exec(line) ?? [];
      if (boot === undefined) continue;
      expect(promised.has(`${boot}/${seq}`), `${boot}/${seq} was given twice`).toBe(false);
      promised.add(`${boot}/${seq}`);
    }
    fetched += lines.filter((line) => line === 'fetched').length;
    for (const name of await readdir(join(dir, 'blobs'))) {
      const bytes = await readFile(join(dir, 'blobs', name));
      if (name === SHA) expect(bytes.equals(FILE)).toBe(true);
      else {
        expect(bytes.equals(FILE.subarray(0, bytes.length)), 'what is left can be resumed').toBe(true);
        resumed += 1;
      }
    }
  }
  expect(promised.size).toBeGreaterThan(KILLS);
  expect(fetched + resumed, 'downloads were met').toBeGreaterThan(0);
  const outbox = new Outbox(dir, { number: KILLS + 1, counted: true, count: async () => undefined });
  await outbox.open();
  const held = new Set<string>();
  for (let batch = outbox.nextBatch(); batch !== null; batch = outbox.nextBatch()) {
    const { boot, records } = batch;
    for (const { seq } of records) held.add(`${boot}/${seq}`);
    await outbox.recorded(boot, records.at(-1)?.seq ?? 0);
  }
  expect(
    [...promised].filter((name) => !held.has(name)),
    'promised and not there',
  ).toEqual([]);
  await outbox.close();
});
