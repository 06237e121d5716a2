import { readFileSync } from 'node:fs';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Doorway } from '#controller/relay/connect';
import { decode } from '#controller/relay/decode';
import { open, openWhole, webAddress } from '#controller/relay/fetch';
import { SoundQueue } from '#controller/relay/sound-queue';
import { openSource } from '#controller/relay/source';
import { Authority } from '../support/authority.ts';
import { Radio } from '../support/radio.ts';
import { PACKAGED } from '../support/recordings.ts';

let radio: Radio;
/** Another server on the same machine that nobody may reach by way of a stream. */
let inner: Server;
let innerAsked = 0;
let innerPort = 0;

beforeAll(async () => {
  radio = await Radio.open();
  inner = createServer((socket) => {
    innerAsked += 1;
    socket.end('HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\n\r\nsecret');
  });
  await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve));
  innerPort = (inner.address() as AddressInfo).port;
});
afterAll(async () => {
  await radio.close();
  await new Promise((resolve) => inner.close(resolve));
});

/** Names lead where a test says; the radio's own address is listed. */
function doorway(
  names: Record<string, string[]> = {},
  hosts: string[] = [],
  privateHosts = [radio.host],
): Doorway {
  return {
    policy: () => ({ hosts, privateHosts }),
    resolve: async (host) => names[host] ?? Promise.reject(new Error(`there is no ${host}`)),
  };
}
const { signal } = new AbortController();
const read = async (url: string, by: Doorway): Promise<string> =>
  (await openWhole(webAddress(url), by, { signal, mostBytes: 100_000 })).bytes.toString();
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'opened',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  );

describe('an address leads nowhere but where an administrator allowed', () => {
  test.each<[string, () => string, Record<string, string[]>, string]>([
    [
      'a host that is not listed',
      () => `http://other.test:${radio.port}/x`,
      { 'other.test': ['127.0.0.1'] },
      'not-allowed',
    ],
    ['another port of a listed address', () => `http://127.0.0.1:${innerPort}/`, {}, 'not-allowed'],
    ['the metadata service by number', () => 'http://169.254.169.254/latest/', {}, 'not-allowed'],
    [
      'a listed name at a private address',
      () => 'http://radio.test/',
      { 'radio.test': ['10.0.0.8'] },
      'private-address',
    ],
    [
      'a listed name at loopback',
      () => 'http://radio.test/',
      { 'radio.test': ['127.0.0.1'] },
      'private-address',
    ],
    [
      'a listed name at IPv6 in disguise',
      () => 'http://radio.test/',
      { 'radio.test': ['::ffff:7f00:1'] },
      'private-address',
    ],
    [
      'a listed name at the metadata service',
      () => 'http://radio.test/',
      { 'radio.test': ['fd00:ec2::254'] },
      'private-address',
    ],
    [
      'a name with one good and one bad address',
      () => 'http://radio.test/',
      { 'radio.test': ['1.1.1.1', '192.168.1.1'] },
      'private-address',
    ],
    ['a name that does not exist', () => 'http://radio.test/', {}, 'unknown-host'],
    ['a file', () => 'file:///etc/passwd', {}, 'bad-protocol'],
    ['ffmpeg’s concat', () => 'concat:/etc/passwd|/etc/hosts', {}, 'bad-protocol'],
    ['data', () => 'data:audio/mpeg;base64,AAAA', {}, 'bad-protocol'],
    ['gopher', () => 'gopher://127.0.0.1:70/_x', {}, 'bad-protocol'],
    ['a password', () => `http://admin:secret@127.0.0.1:${radio.port}/`, {}, 'credentials'],
  ])('%s', async (_what, url, names, code) => {
    const before = innerAsked;
    const asked = (async () => await read(url(), doorway(names, ['radio.test', '169.254.1.1'])))();
    expect(await codeOf(asked)).toBe(code);
    expect(innerAsked).toBe(before);
  });

  test('a listed name is opened at the address that was judged, which is asked for once', async () => {
    radio.text('/name', 'here');
    let asked = 0;
    const rebinding: Doorway = {
      policy: () => ({ hosts: [`radio.test:${radio.port}`], privateHosts: [radio.host] }),
      resolve: async () => {
        asked += 1;
        return asked === 1 ? ['127.0.0.1'] : ['169.254.169.254'];
      },
    };
    expect(await read(`http://radio.test:${radio.port}/name`, rebinding)).toBe('here');
    expect(asked).toBe(1);
    expect(await codeOf(read(`http://radio.test:${radio.port}/name`, rebinding))).toBe('private-address');
  });
});

describe('a redirection is judged like the first address', () => {
  test.each<[string, () => string, string]>([
    ['the metadata service', () => 'http://169.254.169.254/latest/meta-data/', 'not-allowed'],
    ['the metadata service in IPv6’s clothes', () => 'http://[::ffff:169.254.169.254]/', 'not-allowed'],
    ['another port here', () => `http://127.0.0.1:${innerPort}/`, 'not-allowed'],
    ['the same, as a number', () => `http://2130706433:${innerPort}/`, 'not-allowed'],
    ['a name that leads inside', () => 'http://radio.test/', 'private-address'],
    ['a file', () => 'file:///etc/passwd', 'bad-protocol'],
    ['itself, for ever', () => '/redirected', 'too-many-redirections'],
  ])('to %s', async (_what, location, code) => {
    radio.redirect('/redirected', location());
    const before = innerAsked;
    const by = doorway({ 'radio.test': ['127.0.0.1'] }, ['radio.test', '169.254.1.1']);
    expect(await codeOf(read(radio.url('/redirected'), by))).toBe(code);
    expect(innerAsked).toBe(before);
  });

  test('to another listed address it is followed', async () => {
    radio.redirect('/moved', '/moved-again');
    radio.redirect('/moved-again', radio.url('/there'));
    radio.text('/there', 'found');
    expect(await read(radio.url('/moved'), doorway())).toBe('found');
  });
});

describe('what a playlist names is judged like the first address', () => {
  const HEAD = '#EXTM3U\n#EXT-X-TARGETDURATION:6\n';
  test.each<[string, () => string, string]>([
    ['a piece that is a file', () => `${HEAD}#EXTINF:6,\nfile:///etc/passwd\n`, 'bad-protocol'],
    [
      'a piece at another port',
      () => `${HEAD}#EXTINF:6,\nhttp://127.0.0.1:${innerPort}/a.ts\n`,
      'not-allowed',
    ],
    [
      'a piece at the metadata service',
      () => `${HEAD}#EXTINF:6,\nhttp://169.254.169.254/a.ts\n`,
      'not-allowed',
    ],
    ['a piece of another host', () => `${HEAD}#EXTINF:6,\n//evil.test/a.ts\n`, 'not-allowed'],
    ['pieces run together', () => `${HEAD}#EXTINF:6,\nconcat:a.ts|/etc/passwd\n`, 'bad-protocol'],
    [
      'a key that is a file',
      () => `${HEAD}#EXT-X-KEY:METHOD=AES-128,URI="file:///etc/passwd"\n#EXTINF:6,\n/six\n`,
      'bad-protocol',
    ],
    [
      'a head inside',
      () => `${HEAD}#EXT-X-MAP:URI="http://127.0.0.1:${innerPort}/"\n#EXTINF:6,\n/six\n`,
      'not-allowed',
    ],
    [
      'a variant that is a file',
      () => '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfile:///etc/passwd\n',
      'bad-protocol',
    ],
    [
      'a variant inside',
      () => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://127.0.0.1:${innerPort}/\n`,
      'not-allowed',
    ],
    ['a plain list with a file', () => '#EXTM3U\nfile:///etc/passwd\n', 'bad-protocol'],
    ['a plain list that goes in circles', () => '#EXTM3U\n/list\n', 'bad-playlist'],
    ['an old list with a file', () => '[playlist]\nFile1=file:///etc/passwd\n', 'bad-protocol'],
    ['an endless list', () => `#EXTM3U\n${'#x\n'.repeat(400_000)}`, 'too-large'],
    ['a licence', () => `${HEAD}#EXT-X-KEY:METHOD=SAMPLE-AES,URI="/key"\n#EXTINF:6,\n/six\n`, 'encrypted'],
  ])('%s', async (_what, list, code) => {
    radio.text('/list', list());
    radio.text('/six', Buffer.alloc(160), 'video/mp2t');
    const before = innerAsked;
    expect(await codeOf(openSource(radio.url('/list'), doorway(), signal))).toBe(code);
    expect(innerAsked).toBe(before);
  });
});

describe('ffmpeg opens nothing, whatever a stream says', () => {
  test.each([
    ['a web page', 'text/html', '<html></html>', 'not-a-stream'],
    ['a list of files for ffmpeg', 'text/plain', 'ffconcat version 1.0\nfile /etc/passwd\n', 'not-a-stream'],
    [
      'the same, called music',
      'audio/mpeg',
      `ffconcat version 1.0\nfile /etc/passwd\n${' '.repeat(9_000)}`,
      'not-decoded',
    ],
    [
      'a session description, called music',
      'audio/aac',
      `v=0\nc=IN IP4 127.0.0.1\nm=audio 5000 RTP/AVP 0\n${' '.repeat(9_000)}`,
      'not-decoded',
    ],
  ])('%s', async (_what, type, body, code) => {
    radio.text('/odd', body, type);
    const queue = new SoundQueue();
    const heard = (async () => {
      const source = await openSource(radio.url('/odd'), doorway(), signal);
      await decode(source, queue, PACKAGED.ffmpeg, signal);
    })();
    expect(await codeOf(heard)).toBe(code);
    expect(queue.ms).toBe(0);
  });
});

test('what is asked tells nothing of whoever asks, and asks for no titles', async () => {
  let headers: Record<string, unknown> = {};
  radio.answer('/headers', (request, response) => {
    headers = { ...request.headers };
    response.end('ok');
  });
  await read(radio.url('/headers'), doorway());
  expect(Object.keys(headers).sort()).toEqual([
    'accept',
    'accept-encoding',
    'connection',
    'host',
    'user-agent',
  ]);
});

test('an old SHOUTcast answers ICY instead of HTTP, and titles within the sound are not heard', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('ICY 20');
      setTimeout(() => {
        socket.write('0 OK\r\ncontent-type:audio/mpeg\r\nicy-metaint:4\r\n\r\nab');
        socket.end(
          Buffer.concat([
            Buffer.from('cd'),
            Buffer.from([1]),
            Buffer.alloc(16, 0x2a),
            Buffer.from('efgh'),
            Buffer.from([0]),
            Buffer.from('i'),
          ]),
        );
      }, 20);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const by = doorway({}, [], [`127.0.0.1:${port}`]);
  const answer = await open(webAddress(`http://127.0.0.1:${port}/`), by, { signal });
  const pieces: Buffer[] = [];
  for await (const piece of answer.body) pieces.push(piece);
  server.close();
  expect(answer.contentType).toBe('audio/mpeg');
  expect(Buffer.concat(pieces).toString()).toBe('abcdefghi');
});

test('a server that says nothing does not hold a relay for ever', async () => {
  radio.answer(
    '/mute',
    (_request, response) => void response.writeHead(200, { 'content-type': 'audio/mpeg' }).flushHeaders(),
  );
  const began = performance.now();
  expect(await codeOf(read(radio.url('/mute'), doorway()))).toBe('stalled');
  expect(performance.now() - began).toBeGreaterThan(9_000);
}, 30_000);

describe('over TLS', () => {
  const authority = new Authority();
  const { cert, key } = authority.issue();
  const secure = createSecureServer(
    { cert: readFileSync(cert), key: readFileSync(key) },
    (_request, response) => {
      response.end('over TLS');
    },
  );
  beforeAll(async () => {
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    secure.close();
    authority.discard();
  });
  const by = (host: string, trusted: boolean): Doorway => {
    const { port } = secure.address() as AddressInfo;
    const hosts = [`${host}:${port}`];
    const names = doorway({ [host]: ['127.0.0.1'] }, hosts, [`127.0.0.1:${port}`]);
    return trusted ? { ...names, ca: authority.ca } : names;
  };
  const url = (host: string): string => `https://${host}:${(secure.address() as AddressInfo).port}/`;

  test('a server must be who its address says, and be vouched for', async () => {
    expect(await read(url('localhost'), by('localhost', true))).toBe('over TLS');
    expect(await codeOf(read(url('radio.test'), by('radio.test', true)))).toBe('bad-certificate');
    expect(await codeOf(read(url('localhost'), by('localhost', false)))).toBe('bad-certificate');
  });
});
