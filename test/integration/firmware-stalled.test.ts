import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Deadline } from '#firmware-sim/deadline';
import { download } from '#firmware-sim/download';

let server: Server;
let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'loa-stalled-'));
  // Half of what was promised, and then nothing: a link that died without a word.
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '200000' });
    response.write(Buffer.alloc(100_000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true, force: true });
});

test('a device that is switched off in the middle of a dead download stops all the same', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const off = new AbortController();
  let received = 0;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/blob`;
  const wanted = {
    url,
    bearer: 'x',
    sha256: 'a'.repeat(64),
    bytes: 200_000,
    path: path.join(directory, 'blob'),
  };
  const fetching = download({ ...wanted, onBytes: (count) => (received += count) }, off.signal);
  const ended = expect(fetching).rejects.toThrow();
  while (received < 100_000) await sleep(10);
  for (let round = 0; round < 5; round += 1) {
    collectGarbage();
    await sleep(10);
  }
  off.abort();
  await ended;
});

test('silence ends the waiting, and every byte heard puts the end off', async () => {
  vi.useFakeTimers();
  try {
    const deadline = new Deadline(new AbortController().signal, 60, 'the link');
    for (let heard = 0; heard < 5; heard += 1) {
      await vi.advanceTimersByTimeAsync(40);
      deadline.renew();
    }
    expect(deadline.signal.aborted).toBe(false);
    const ended = expect(deadline.within(new Promise<never>(() => undefined))).rejects.toThrow(
      'the link sent nothing for 60 ms',
    );
    await vi.advanceTimersByTimeAsync(60);
    await ended;
    deadline.end();
  } finally {
    vi.useRealTimers();
  }
});
