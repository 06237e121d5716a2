import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkAddress } from '#controller/relay/check';
import type { Doorway } from '#controller/relay/connect';
import { decode } from '#controller/relay/decode';
import { freshFrame, SoundQueue } from '#controller/relay/sound-queue';
import { openSource } from '#controller/relay/source';
import { Radio } from '../support/radio.ts';
import { PACKAGED } from '../support/recordings.ts';
import { levelOf } from '../support/sound.ts';
import { until } from '../support/until.ts';

const HZ = 700;
let radio: Radio;
let doorway: Doorway;
let directory: string;
const encoders: ChildProcess[] = [];

beforeAll(async () => {
  radio = await Radio.open();
  doorway = {
    policy: () => ({ hosts: [], privateHosts: [radio.host] }),
    resolve: async () => Promise.reject(new Error('no names here')),
  };
  directory = await mkdtemp(path.join(tmpdir(), 'loa-formats-'));
  radio.files('/files/', directory);
});
afterAll(async () => {
  for (const encoder of encoders) encoder.kill('SIGKILL');
  await radio.close();
  await rm(directory, { recursive: true, force: true });
});

/** Some seconds of an address: how loud the tone is in them, dBFS, and what was found there. */
async function heard(url: string, ms = 4_000): Promise<{ tone: number; format: string }> {
  const stop = new AbortController();
  const queue = new SoundQueue();
  const source = await openSource(url, doorway, stop.signal);
  let failure: unknown = null;
  const decoding = decode(source, queue, PACKAGED.ffmpeg, stop.signal).catch((error: unknown) => {
    failure = error;
  });
  await until(
    'the sound',
    () => {
      if (failure !== null) throw failure;
      return queue.ms >= ms;
    },
    40_000,
  );
  const samples: number[] = [];
  const frame = freshFrame();
  while (samples.length < ms * 48 && queue.take(frame)) samples.push(...frame);
  stop.abort();
  await decoding;
  // Its first half second may be the codec's own beginning.
  const tone = levelOf(
    Int16Array.from(samples.slice(24_000), (sample) => sample * 32_767),
    HZ,
  );
  return { tone, format: source.hls ? `hls ${source.format}` : source.format };
}

/** A live HLS stream of ffmpeg's own making, at the pace of a clock; resolves when its playlist is there. */
async function live(name: string, ...options: string[]): Promise<string> {
  const playlist = path.join(directory, `${name}.m3u8`);
  const source = ['-re', '-f', 'lavfi', '-i', `sine=frequency=${HZ}:sample_rate=48000,volume=4dB`];
  const hls = [
    '-f',
    'hls',
    '-hls_time',
    '1',
    '-hls_list_size',
    '6',
    '-hls_flags',
    // As stations' servers do: a list is whole or not there.
    'delete_segments+temp_file',
    ...options,
  ];
  const encoder = spawn(
    PACKAGED.ffmpeg,
    ['-v', 'error', '-nostdin', ...source, '-ac', '1', '-c:a', 'aac', '-b:a', '96k', ...hls, playlist],
    { stdio: 'ignore' },
  );
  encoders.push(encoder);
  const { access } = await import('node:fs/promises');
  await until(`the playlist ${name}`, () =>
    access(playlist).then(
      () => true,
      () => false,
    ),
  );
  return radio.url(`/files/${name}.m3u8`);
}

describe('what stations send is heard', () => {
  test.concurrent.each(['mp3', 'aac', 'ogg'] as const)('as %s, as Icecast streams it', async (codec) => {
    await radio.station(`/${codec}`, HZ, codec);
    const { tone, format } = await heard(radio.url(`/${codec}`));
    expect(format).toBe(codec);
    expect(tone).toBeGreaterThan(-25);
  });

  test.concurrent('as HLS in transport streams, by way of a choice of variants and an old kind of list', async () => {
    await live('ts', '-hls_segment_filename', path.join(directory, 'ts-%d.ts'));
    const master = '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=96000,CODECS="mp4a.40.2"\n/files/ts.m3u8\n';
    radio.text('/master.m3u8', master);
    radio.text('/listen.pls', '[playlist]\nNumberOfEntries=1\nFile1=/master.m3u8\n', 'audio/x-scpls');
    const { tone, format } = await heard(radio.url('/listen.pls'), 8_000);
    expect(format).toBe('hls mpegts');
    expect(tone).toBeGreaterThan(-25);
  });

  test.concurrent('as HLS in fragmented MP4, whose head comes once', async () => {
    const url = await live(
      'cmaf',
      '-hls_segment_type',
      'fmp4',
      '-hls_fmp4_init_filename',
      'cmaf-init.mp4',
      '-hls_segment_filename',
      path.join(directory, 'cmaf-%d.m4s'),
    );
    const { tone, format } = await heard(url, 6_000);
    expect(format).toBe('hls mov');
    expect(tone).toBeGreaterThan(-25);
  });

  test.concurrent('as HLS behind an open key', async () => {
    await writeFile(path.join(directory, 'the.key'), Buffer.from('0123456789abcdef'));
    const info = path.join(directory, 'key.info');
    await writeFile(info, `${radio.url('/files/the.key')}\n${path.join(directory, 'the.key')}\n`);
    const url = await live(
      'aes',
      '-hls_key_info_file',
      info,
      '-hls_segment_filename',
      path.join(directory, 'aes-%d.ts'),
    );
    const { tone, format } = await heard(url, 6_000);
    expect(format).toBe('hls mpegts');
    expect(tone).toBeGreaterThan(-25);
  });
});

test('before a stream is added, a person learns whether it may be opened, what it is and how loud', async () => {
  await radio.station('/check', HZ, 'mp3', -20);
  const good = await checkAddress(radio.url('/check'), doorway, PACKAGED.ffmpeg);
  expect(good).toMatchObject({ ok: true, reason: null, format: 'mp3' });
  expect(good.levelDbfs).toBeGreaterThan(-26);
  expect(good.levelDbfs).toBeLessThan(-18);
  radio.text('/page', '<html></html>', 'text/html');
  const reasons = await Promise.all(
    [radio.url('/page'), radio.url('/nothing'), 'http://10.0.0.1/', 'http://other.test/'].map(
      async (url) => (await checkAddress(url, doorway, PACKAGED.ffmpeg)).reason,
    ),
  );
  expect(reasons).toEqual(['not-a-stream', 'http-404', 'not-allowed', 'not-allowed']);
});
