import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_CHIME } from '#controller/library/library';
import { wavHeader } from '#controller/media/wav-header';
import { LibrarySite, type SiteOptions } from '../support/library-site.ts';
import { synthetic } from '../support/recordings.ts';

/** Two seconds of 880 Hz: a voice that cannot be taken for the embedded one. */
const RATE = 24_000;
const TONE = Buffer.from(
  Int16Array.from({ length: RATE * 2 }, (_, at) => 12_000 * Math.sin((2 * Math.PI * 880 * at) / RATE)).buffer,
);
const VOICE = Buffer.concat([wavHeader(RATE, TONE.length), TONE]);

interface Heard {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A speech server on this machine. @param answer what it does with a text; default: speaks. */
async function engine(
  answer: 'speaks' | 'is-silent' | 'fails' | 'sends-a-page' = 'speaks',
): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server: Server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { authorization } = request.headers;
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          'vi_VN-vais1000-medium': { language: { code: 'vi_VN', name_native: 'Tiếng Việt' } },
        }),
      );
      return;
    }
    heard.push({
      path: request.url ?? '',
      authorization,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    });
    if (answer === 'is-silent') return;
    if (answer === 'fails') response.writeHead(500).end('no');
    else if (answer === 'sends-a-page') response.writeHead(200).end('<html>sign in first</html>');
    else response.writeHead(200, { 'content-type': 'audio/wav' }).end(VOICE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

/** Where nobody listens any more. */
async function closed(): Promise<{ url: string }> {
  const { url } = await engine();
  await ends.pop()?.();
  return { url };
}

async function siteWith(options: SiteOptions): Promise<LibrarySite> {
  const site = await LibrarySite.start(options);
  ends.push(() => site.stop());
  return site;
}

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** How much of the sound is the tone of the server's voice, 0 to 1. */
function toneShare(wav: Buffer): number {
  const rate = wav.readUInt32LE(24);
  const samples = new Int16Array(wav.buffer, wav.byteOffset + 44, Math.floor((wav.length - 44) / 2));
  let [sine, cosine, power] = [0, 0, 0];
  for (const [at, sample] of samples.entries()) {
    const phase = (2 * Math.PI * 880 * at) / rate;
    sine += sample * Math.sin(phase);
    cosine += sample * Math.cos(phase);
    power += sample * sample;
  }
  return (2 * (sine * sine + cosine * cosine)) / (samples.length * power);
}
async function preview(site: LibrarySite, body: object): Promise<Buffer> {
  const response = await post(`${await site.listen()}/speech/preview`, body);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('audio/wav');
  return Buffer.from(await response.arrayBuffer());
}

describe('the voice that the site chose', () => {
  test('an OpenAI-style server gets the text in words, the voice, the pace and the key', async () => {
    const { url, heard } = await engine();
    const site = await siteWith({
      speech: { engine: 'openai', url: `${url}/base`, model: 'vi-1', voice: 'lan' },
      apiKey: 'a-key-of-sixteen-characters',
    });
    const wav = await preview(site, { text: 'Họp lúc 19h30', speed: 1.25 });
    expect(toneShare(wav)).toBeGreaterThan(0.95);
    expect(heard).toEqual([
      {
        path: '/base/v1/audio/speech',
        authorization: 'Bearer a-key-of-sixteen-characters',
        body: {
          model: 'vi-1',
          voice: 'lan',
          input: 'Họp lúc mười chín giờ ba mươi phút',
          speed: 1.25,
          response_format: 'wav',
        },
      },
    ]);
  });

  test('a Piper server gets how long each sound lasts, and tells its voices', async () => {
    const { url, heard } = await engine();
    const site = await siteWith({ speech: { engine: 'piper', url } });
    const wav = await preview(site, { text: 'Xin chào', speed: 2, voice: 'vi_VN-vais1000-medium' });
    expect(toneShare(wav)).toBeGreaterThan(0.95);
    expect(heard[0]?.body).toEqual({ text: 'Xin chào', length_scale: 0.5, voice: 'vi_VN-vais1000-medium' });
    expect(await site.speech.state()).toMatchObject({
      engine: 'piper',
      reachable: true,
      voices: [{ id: 'vi_VN-vais1000-medium', languages: ['vi-VN'] }],
    });
  });

  test.each(['is-silent', 'fails', 'sends-a-page'] as const)(
    'a server that %s does not keep the village from hearing: the embedded voice speaks',
    async (answer) => {
      const { url, heard } = await engine(answer);
      const site = await siteWith({ speech: { engine: 'openai', url, timeoutMs: 1_000 } });
      const wav = await preview(site, { text: 'Xin chào bà con' });
      expect(heard).toHaveLength(1);
      expect(wav.length).toBeGreaterThan(20_000);
      expect(toneShare(wav)).toBeLessThan(0.1);
    },
  );

  test('the administrator sees that a server does not answer, and why', async () => {
    const site = await siteWith({ speech: { engine: 'piper', url: (await closed()).url } });
    expect(await site.speech.state()).toMatchObject({ engine: 'piper', reachable: false });
    expect((await site.speech.state()).reason).toMatch(/ECONNREFUSED|connect/);
  });
});

describe('a text on its way to the air', () => {
  test('is shown as it will be read, before it is spoken', async () => {
    const site = await siteWith({});
    const response = await post(`${await site.listen()}/speech/reading`, {
      text: 'UBND họp ngày 24/11/2026',
    });
    expect(await response.json()).toMatchObject({
      spoken: 'Ủy ban nhân dân họp ngày hai mươi bốn tháng mười một năm hai nghìn không trăm hai mươi sáu',
      changes: [{ from: 'UBND' }, { from: '24/11/2026' }],
    });
  });

  test('sounds its chime first, in the same file', async () => {
    const site = await siteWith({});
    const url = await site.listen();
    const chime = await site.settled(DEFAULT_CHIME);
    const wish = { title: 'Thông báo', text: 'Mời bà con đến họp.' };
    const made = async (body: object) => site.settled((await (await post(`${url}/speech`, body)).json()).id);
    const [bare, chimed] = [await made(wish), await made({ ...wish, chimeAssetId: DEFAULT_CHIME })];
    expect(chimed.state).toBe('ready');
    const longer = (chimed.durationMs ?? 0) - (bare.durationMs ?? 0);
    expect(Math.abs(longer - (chime.durationMs ?? 0) - 400)).toBeLessThan(150);
  });

  test('does not wait behind files', async () => {
    const site = await siteWith({});
    await site.settled(DEFAULT_CHIME);
    const long = await synthetic(
      path.join(site.directory, 'long.wav'),
      'sine=frequency=300:sample_rate=8000:duration=1800',
      [],
    );
    const upload = { filename: 'long.wav', language: 'vi', expectedBytes: undefined, by: null };
    const file = await site.library.upload(createReadStream(long), upload);
    const id = await site.library.speak('Khẩn', { text: 'Bà con chú ý', language: 'vi' }, null);
    expect((await site.settled(id)).state).toBe('ready');
    expect(site.asset(file).state, 'half an hour takes longer than a sentence').toBe('working');
    await site.library.cancel(file);
  });
});
