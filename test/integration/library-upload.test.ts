import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '#controller/library/progress';
import { LibrarySite } from '../support/library-site.ts';
import { speechFile, streamOf } from '../support/recordings.ts';
import { until } from '../support/until.ts';

let site: LibrarySite;
let url = '';
let directory = '';
let voice = '';
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'loa-upload-'));
  voice = await speechFile(path.join(directory, 'voice.mp3'), {
    seconds: 6,
    options: ['-c:a', 'libmp3lame'],
  });
  site = await LibrarySite.start({ mostMegabytes: 300 });
  await site.settled('chime-default');
  await site.settled('siren-default');
  url = await site.listen();
});
afterAll(async () => {
  await site?.stop();
  await rm(directory, { recursive: true, force: true });
});

const post = (filename: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(`${url}/assets?${new URLSearchParams({ filename })}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/octet-stream', ...headers },
    ...({ duplex: 'half' } as object),
  });

/** Begins an upload by hand and keeps the connection, to do with it what a phone in a tunnel does. */
async function begin(filename: string, length: number, first: Buffer) {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  let answer = '';
  socket.on('data', (data) => {
    answer += data.toString('latin1');
  });
  socket.write(
    `POST ${pathname}/assets?filename=${filename} HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\n\r\n`,
  );
  socket.write(first);
  const asset = await until('the upload to be seen', () =>
    site.library.rows.list({ state: 'receiving' }).find((row) => row.filename === filename),
  );
  return { socket, id: asset.id, answer: () => answer };
}

const gone = (id: string) =>
  until('the upload to be forgotten', () => site.library.rows.find(id) === undefined);

describe('a sound file comes in', () => {
  test('and is there to listen to, with its waveform, while everyone sees how far it is', async () => {
    const seen: Progress[] = [];
    const stop = site.library.onProgress((progress) => seen.push(progress));
    const response = await post('../../etc/bản tin\u202E_sáng.mp3', await readFile(voice));
    expect(response.status).toBe(202);
    const sent = await response.json();
    expect(sent).toMatchObject({ title: 'bản tin sáng', filename: 'bản tin_sáng.mp3', source: 'upload' });
    const ready = await site.settled(sent.id);
    stop();
    expect(ready).toMatchObject({ state: 'ready', refusal: null, stage: null, progress: 1, usedBy: 0 });
    const stages = seen.filter(({ asset }) => asset === sent.id).map(({ stage }) => stage);
    expect([...new Set(stages)]).toEqual(['receiving', 'probing', 'measuring', 'encoding', 'storing']);
    expect(site.announced).toContain(`asset ${sent.id}`);

    const { durationMs, peaks } = await (await fetch(`${url}/assets/${sent.id}/peaks`)).json();
    expect(durationMs).toBe(ready.durationMs);
    expect(Math.max(...peaks)).toBeGreaterThan(0.3);
    expect(Math.max(...peaks)).toBeLessThanOrEqual(1);
    expect(Math.min(...peaks), 'between the words it is quiet').toBeLessThan(0.05);

    const audio = await fetch(`${url}/assets/${sent.id}/audio`);
    expect(audio.headers.get('content-type')).toBe('audio/mpeg');
    const whole = Buffer.from(await audio.arrayBuffer());
    const part = await fetch(`${url}/assets/${sent.id}/audio`, { headers: { range: 'bytes=1000-1999' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(1_000, 2_000))).toBe(true);
    expect(await site.leftovers()).toEqual([]);
  });

  test('also from a sender that does not know the length beforehand', async () => {
    const response = await post('live.mp3', Readable.toWeb(createReadStream(voice)) as ReadableStream);
    expect(response.status).toBe(202);
    const { id } = await response.json();
    expect((await site.settled(id)).state).toBe('ready');
  });

  test('a large one does not fill the memory of the controller', async () => {
    const chunk = Buffer.alloc(1 << 20, 'not sound ');
    const total = 250;
    let most = 0;
    const used = () => {
      const { arrayBuffers, heapUsed } = process.memoryUsage();
      return arrayBuffers + heapUsed;
    };
    const before = used();
    const slices = function* () {
      for (let sent = 0; sent < total; sent += 1) {
        most = Math.max(most, used() - before);
        yield chunk;
      }
    };
    const id = await site.library.upload(Readable.from(slices(), { objectMode: false }), {
      filename: 'large.wav',
      language: 'vi',
      expectedBytes: total << 20,
      by: null,
    });
    expect(most, `${Math.round(most / 1e6)} MB more`).toBeLessThan(100_000_000);
    expect((await site.settled(id)).refusal?.code).toBe('not-audio');
  });
});

describe('a file that may not come in', () => {
  test('an empty one is refused, and is not in the list', async () => {
    const response = await post('empty.mp3', '');
    expect(response.status).toBe(422);
    expect((await response.json()).code).toBe('empty');
    expect(site.library.rows.list({ search: 'empty' })).toEqual([]);
  });

  test('one that announces more than the limit is refused before it is sent', async () => {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    socket.write(
      `POST ${pathname}/assets?filename=huge.wav HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 300000001\r\n\r\n`,
    );
    expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"too-large"[\s\S]*"megabytes":300/);
    socket.destroy();
  });

  test('one that sends more than it may is stopped on the way', async () => {
    const small = await LibrarySite.start({ mostMegabytes: 1 });
    try {
      const upload = small.library.upload(Readable.from([Buffer.alloc(900_000), Buffer.alloc(200_000)]), {
        filename: 'more.wav',
        language: 'vi',
        expectedBytes: undefined,
        by: null,
      });
      await expect(upload).rejects.toMatchObject({ code: 'too-large', status: 413 });
      expect(small.library.rows.list({ search: 'more' })).toEqual([]);
      expect((await small.leftovers()).filter((name) => !/^(chime|siren)/.test(name))).toEqual([]);
    } finally {
      await small.stop();
    }
  });

  test('and its sender, still sending, is told why', async () => {
    const small = await LibrarySite.start({ mostMegabytes: 1 });
    try {
      const address = `${await small.listen()}/assets?filename=more.wav`;
      const { hostname, port, pathname, search } = new URL(address);
      for (const announced of [true, false]) {
        const answer = await new Promise<string>((resolve, reject) => {
          const sending = request({
            hostname,
            port,
            path: pathname + search,
            method: 'POST',
            headers: announced ? { 'content-length': 8_000_000 } : {},
          });
          sending.on('response', (response) => {
            let text = '';
            response.on('data', (data) => {
              text += data;
            });
            response.on('end', () => resolve(`${response.statusCode} ${text}`));
          });
          sending.on('error', reject);
          Readable.from(Array.from({ length: 80 }, () => Buffer.alloc(100_000))).pipe(sending);
        });
        expect(answer).toMatch(/^413 .*"code":"too-large"/);
      }
    } finally {
      await small.stop();
    }
  });

  test('one whose sender vanished leaves nothing', async () => {
    const { socket, id } = await begin('lost.wav', 5_000_000, Buffer.alloc(2_000_000));
    expect((await site.leftovers()).length).toBeGreaterThan(0);
    socket.destroy();
    await gone(id);
    expect(await site.leftovers()).toEqual([]);
  });

  test('one that is cancelled while it arrives leaves nothing', async () => {
    const { socket, id, answer } = await begin('cancelled.wav', 5_000_000, Buffer.alloc(1_000_000));
    const response = await fetch(`${url}/assets/${id}/cancel`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ state: 'cancelled' });
    await gone(id);
    expect(await site.leftovers()).toEqual([]);
    await until('the sender to be told', () => answer().includes('"code":"cancelled"'));
    socket.destroy();
  });
});

describe('work can be stopped', () => {
  test('while it is being transcoded, and while it waits', async () => {
    const long = await speechFile(path.join(directory, 'long.wav'), { seconds: 300 });
    const { size } = await stat(long);
    const send = (filename: string) =>
      site.library.upload(createReadStream(long), {
        filename,
        language: 'vi',
        expectedBytes: size,
        by: null,
      });
    const [first, second] = [await send('first.wav'), await send('second.wav')];
    await until('the first to be worked on', () => site.asset(first).stage === 'measuring');
    expect(site.asset(second).state, 'one at a time').toBe('queued');
    await site.library.cancel(second);
    await site.library.cancel(first);
    expect(site.asset(first)).toMatchObject({ state: 'cancelled', stage: null });
    expect(site.asset(second).state).toBe('cancelled');
    expect(await site.leftovers()).toEqual([]);
    await expect(site.library.cancel(first)).rejects.toMatchObject({ code: 'not-running', status: 409 });
  });
});

describe('a text becomes sound', () => {
  test('in Vietnamese, ready to be played', async () => {
    const response = await fetch(`${url}/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        title: 'Thông báo',
        text: '-v en Kính mời bà con đến họp tổ dân phố lúc 19 giờ tối nay.',
      }),
    });
    expect(response.status).toBe(202);
    const { id } = await response.json();
    const asset = await site.settled(id);
    expect(asset).toMatchObject({ state: 'ready', source: 'speech', language: 'vi' });
    expect(Math.abs((asset.loudnessLufs ?? 0) + 16)).toBeLessThan(1);
    expect(asset.durationMs).toBeGreaterThan(2_000);
    expect((await streamOf(site.blobs.path(asset.sha256 ?? ''))).codec).toBe('opus');
  });

  test('a text without words is not made into silence on the air', async () => {
    const id = await site.library.speak('…', { text: '... …', language: 'vi' }, null);
    expect((await site.settled(id)).refusal?.code).toBe('not-spoken');
  });

  test('in a language without a voice it is refused at once', async () => {
    const response = await fetch(`${url}/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'x', text: 'nuqneH', language: 'tlh' }),
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'language-not-spoken', params: { language: 'tlh' } });
  });
});
