import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { download } from '#firmware-sim/download';

const WHOLE = randomBytes(300_000);
const SHA = createHash('sha256').update(WHOLE).digest('hex');

type Answer = (response: ServerResponse, from: number) => void;
let server: Server;
let directory = '';
let answers: Answer[] = [];
let asked: (string | undefined)[] = [];

const truth: Answer = (response, from) => {
  const part = WHOLE.subarray(from);
  const range = { 'content-range': `bytes ${from}-${WHOLE.length - 1}/${WHOLE.length}` };
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': part.length, ...(from > 0 ? range : {}) });
  response.end(part);
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const { range } = request.headers;
    asked.push(range);
    const answer = answers.shift() ?? truth;
    answer(response, Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'loa-lies-'));
  answers = [];
  asked = [];
  return () => rm(directory, { recursive: true, force: true });
});

/** Tries as a device would, until it has the file. @returns how often it had to ask. */
async function fetchIt(): Promise<number> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/blob`;
  const wanted = { url, bearer: 'x', sha256: SHA, bytes: WHOLE.length, path: path.join(directory, SHA) };
  for (let tries = 1; tries <= 5; tries += 1) {
    try {
      await download(wanted, new AbortController().signal);
      return tries;
    } catch {
      // Whatever it was: nothing under the file's own name may be anything but the file.
      expect((await readdir(directory)).filter((name) => name === SHA)).toEqual([]);
    }
  }
  throw new Error('the file never came');
}

const bytes =
  (status: number, content: Buffer, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-length': content.length, ...headers });
    response.end(content);
  };
const breaksOffAfter =
  (count: number): Answer =>
  (response, from) => {
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': WHOLE.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${WHOLE.length - 1}/${WHOLE.length}` } : {}),
    });
    response.write(WHOLE.subarray(from, from + count), () => setTimeout(() => response.destroy(), 30));
  };

const lies: Record<string, Answer[]> = {
  'that it is broken (500)': [bytes(500, Buffer.from('oops'))],
  'that it has no such file, and then has it': [bytes(404, Buffer.from('no'))],
  'a page instead of the file': [bytes(200, Buffer.from('<html>Please sign in to this Wi-Fi</html>'))],
  'nothing at all': [bytes(200, Buffer.alloc(0))],
  'less than it should, and calls it the whole': [bytes(200, WHOLE.subarray(0, 100_000))],
  'more than it should': [bytes(200, Buffer.concat([WHOLE, Buffer.alloc(50_000)]))],
  'as many bytes, but others': [bytes(200, randomBytes(WHOLE.length))],
  'the whole file when asked for the rest (200)': [breaksOffAfter(90_000), bytes(200, WHOLE)],
  'the rest from somewhere else': [
    breaksOffAfter(90_000),
    bytes(206, WHOLE.subarray(50_000), { 'content-range': `bytes 50000-299999/300000` }),
  ],
  'the rest from the right place, but wrong': [
    breaksOffAfter(90_000),
    (response, from) =>
      bytes(206, randomBytes(WHOLE.length - from), {
        'content-range': `bytes ${from}-299999/300000`,
      })(response, from),
  ],
  'that there is no rest (416)': [breaksOffAfter(90_000), bytes(416, Buffer.alloc(0))],
  'the rest of another file, without saying from where': [
    breaksOffAfter(90_000),
    bytes(206, randomBytes(210_000)),
  ],
  'its bytes in three pieces': [breaksOffAfter(90_000), breaksOffAfter(90_000)],
};

test.each(Object.entries(lies))(
  'a server that answers %s never gets noise into the cache',
  async (_, told) => {
    answers = [...told];
    const tries = await fetchIt();
    expect(tries).toBeLessThanOrEqual(told.length + 1);
    expect(await readdir(directory)).toEqual([SHA]);
    expect((await readFile(path.join(directory, SHA))).equals(WHOLE)).toBe(true);
  },
);

test('what was fetched before the link broke is not fetched again', async () => {
  answers = [breaksOffAfter(90_000), breaksOffAfter(90_000)];
  expect(await fetchIt()).toBe(3);
  const from = asked.map((range) => Number(/\d+/.exec(range ?? '0')?.[0]));
  expect(from[0]).toBe(0);
  expect(from[1]).toBeGreaterThan(0);
  expect(from[2]).toBeGreaterThan(from[1] ?? 0);
});

test('a rest that lies longer than the file is thrown away before anything is asked', async () => {
  await writeFile(path.join(directory, `${SHA}.part`), randomBytes(WHOLE.length + 1));
  expect(await fetchIt()).toBe(1);
  expect(asked).toEqual([undefined]);
});
