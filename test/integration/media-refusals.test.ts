import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LibrarySite } from '../support/library-site.ts';
import { boast, brokenOff, byHand, speechFile, synthetic } from '../support/recordings.ts';

let site: LibrarySite;
let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'loa-refusals-'));
  site = await LibrarySite.start();
  await site.settled('chime-default');
  await site.settled('siren-default');
});
afterAll(async () => {
  await site?.stop();
  await rm(directory, { recursive: true, force: true });
});

const source = (name: string) => path.join(directory, name);

async function sent(file: string, filename = path.basename(file)) {
  const { size } = await stat(file);
  const id = await site.library.upload(createReadStream(file), {
    filename,
    language: 'vi',
    expectedBytes: size,
    by: null,
  });
  return site.settled(id);
}

/** Refused by that name, and nothing of it is left on the disk. */
async function refused(file: string, code: string) {
  const before = await site.blobFiles();
  const asset = await sent(file);
  expect(asset).toMatchObject({ state: 'refused', refusal: { code } });
  expect(await site.leftovers()).toEqual([]);
  expect(await site.blobFiles()).toEqual(before);
  return asset;
}

describe('what is not a sound for the village is turned away by name, and leaves nothing behind', () => {
  test('a text', async () => {
    await writeFile(source('text.mp3'), 'Kính gửi ủy ban nhân dân phường. '.repeat(200));
    await refused(source('text.mp3'), 'not-audio');
  });
  test('noise that is no file at all', async () => {
    await writeFile(source('noise.mp3'), randomBytes(300_000));
    await refused(source('noise.mp3'), 'not-audio');
  });
  test('a picture', async () => {
    await refused(
      await synthetic(source('picture.png'), 'color=red:size=64x64', ['-frames:v', '1']),
      'not-audio',
    );
  });
  test('a film without sound', async () => {
    await refused(
      await synthetic(source('mute.mp4'), 'color=red:size=64x64:d=2', ['-c:v', 'mpeg4']),
      'not-audio',
    );
  });
  test('a script that would have ffmpeg read another file', async () => {
    const secret = await speechFile(source('secret.wav'), { seconds: 2 });
    await writeFile(source('steal.mp3'), `ffconcat version 1.0\nfile '${secret}'\n`);
    await refused(source('steal.mp3'), 'not-audio');
  });
  test('a playlist that would have ffmpeg call an address', async () => {
    await writeFile(
      source('call.mp3'),
      '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n',
    );
    await refused(source('call.mp3'), 'not-audio');
  });
  test('silence', async () => {
    await refused(await synthetic(source('silence.wav'), 'anullsrc=r=48000:cl=mono', ['-t', '5']), 'silent');
  });
  test('hiss of a recorder with the microphone off', async () => {
    const file = source('hiss.wav');
    await refused(await synthetic(file, 'anoisesrc=amplitude=0.0006:d=4', ['-c:a', 'pcm_s16le']), 'silent');
  });
  test('a click', async () => {
    await refused(await speechFile(source('click.wav'), { seconds: 0.3 }), 'too-short');
  });
  test('a header with nothing behind it', async () => {
    await byHand('-f', 'lavfi', '-i', 'sine=d=1', source('sine.wav'));
    const head = await brokenOff(source('sine.wav'), 0.0005);
    expect((await sent(head)).state).toBe('refused');
    expect(await site.leftovers()).toEqual([]);
  });
});

describe('a file that was not copied whole is not played as half a message', () => {
  test.each([
    ['cut.wav', [], 0.5],
    ['cut.mp3', ['-c:a', 'libmp3lame'], 0.6],
    ['cut.m4a', ['-c:a', 'aac'], 0.7],
    ['cut-streaming.m4a', ['-c:a', 'aac', '-movflags', '+faststart'], 0.7],
    ['cut.flac', [], 0.5],
    ['cut.ogg', ['-c:a', 'libopus'], 0.53],
    ['cut.webm', ['-c:a', 'libopus'], 0.5],
    ['cut-endless.webm', ['-c:a', 'libopus', '-f', 'webm', '-live', '1'], 0.5],
  ])('%s', async (name, options, share) => {
    const whole = await speechFile(source(name), { seconds: 10, options });
    await refused(await brokenOff(whole, share), 'truncated');
  });
});

describe('length within the limits', () => {
  test('a file of four hours is refused at the look at it, not after hours of work', async () => {
    const long = source('long.wav');
    await synthetic(long, 'anoisesrc=r=8000:a=0.2', ['-t', '14400', '-c:a', 'adpcm_ima_wav']);
    const stages: string[] = [];
    const stop = site.library.onProgress(({ stage }) => stages.push(stage));
    const asset = await refused(long, 'too-long');
    stop();
    expect(asset.refusal?.params).toEqual({ minutes: 180 });
    expect(stages, 'it was not even measured').not.toContain('measuring');
  }, 120_000);

  test('a header that boasts of two days', async () => {
    await refused(await boast(source('boast.wav'), 2 * 86_400), 'bomb');
  });

  test('a small file that unpacks to a day', async () => {
    const file = source('bomb.flac');
    await synthetic(file, 'anullsrc=r=1000:cl=mono', ['-t', '86400', '-c:a', 'flac']);
    expect((await stat(file)).size).toBeLessThan(10_000_000);
    await refused(file, 'bomb');
  }, 120_000);

  test('one that hides its length is stopped at the limit', async () => {
    const small = await LibrarySite.start({ mostMinutes: 1 });
    try {
      await small.settled('chime-default');
      const file = await speechFile(source('hidden.aac'), {
        seconds: 90,
        options: ['-c:a', 'aac', '-f', 'adts'],
      });
      const id = await small.library.upload(createReadStream(file), {
        filename: 'hidden.aac',
        language: 'vi',
        expectedBytes: undefined,
        by: null,
      });
      expect(await small.settled(id)).toMatchObject({
        state: 'refused',
        refusal: { code: 'too-long', params: { minutes: 1 } },
      });
      expect(await small.leftovers()).toEqual([]);
    } finally {
      await small.stop();
    }
  }, 120_000);
});
