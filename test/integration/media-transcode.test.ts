import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FILES } from '#controller/media/commands';
import { MediaRunner } from '#controller/media/ffmpeg';
import { findMediaPrograms, type MediaPrograms } from '#controller/media/find';
import { type TranscodeStage, transcode } from '#controller/media/transcode';
import { byHand, PACKAGED, speechFile, streamOf, synthetic } from '../support/recordings.ts';
import { correlate, loudnessOf, samplesOf } from '../support/signal.ts';
import { levelOf } from '../support/sound.ts';

let directory = '';
let serial = 0;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'loa-media-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function made(source: string, programs: MediaPrograms = PACKAGED) {
  serial += 1;
  const cwd = path.join(directory, `job-${serial}`);
  await mkdir(cwd);
  await copyFile(source, path.join(cwd, FILES.source));
  const stages: TranscodeStage[] = [];
  const result = await transcode(new MediaRunner(programs), {
    cwd,
    limits: { longestSeconds: 3_600, shortestSeconds: 0.5 },
    signal: new AbortController().signal,
    onStage: (stage) => stages.at(-1) === stage || stages.push(stage),
  });
  return { ...result, stages, opus: path.join(cwd, FILES.opus), mp3: path.join(cwd, FILES.mp3) };
}
const source = (name: string) => path.join(directory, name);

describe('whatever the operator has, the village hears it at one loudness', () => {
  test.each([
    ['voice.wav', []],
    ['voice.mp3', ['-c:a', 'libmp3lame', '-ac', '2', '-ar', '44100']],
    ['voice.m4a', ['-c:a', 'aac']],
    ['voice.flac', []],
    ['voice.ogg', ['-c:a', 'libvorbis', '-ac', '2']],
    ['voice.webm', ['-c:a', 'libopus']],
    ['quiet.wav', ['-af', 'volume=-25dB']],
    ['uneven.wav', ['-af', 'compand=attacks=0:decays=0.3:points=-80/-110|-30/-45|0/0']],
  ])('%s', async (name, options) => {
    const file = await speechFile(source(name), { seconds: 12, options });
    const { opus, mp3, rendition, durationMs, peaks, stages } = await made(file);
    const heard = await loudnessOf(opus);
    expect(Math.abs(heard.lufs + 16), `Opus at ${heard.lufs} LUFS`).toBeLessThan(1);
    expect(heard.truePeakDbtp).toBeLessThan(-1);
    expect(Math.abs((await loudnessOf(mp3)).lufs + 16), 'old devices hear the same').toBeLessThan(1);
    expect(
      Math.abs(rendition.integratedLufs - heard.lufs),
      'what the library says is what is measured',
    ).toBeLessThan(0.2);
    expect(await streamOf(opus)).toMatchObject({ codec: 'opus', rate: 48_000, channels: 1 });
    expect(await streamOf(mp3)).toMatchObject({ codec: 'mp3', rate: 48_000, channels: 1 });
    expect((await streamOf(mp3)).bitRate).toBeCloseTo(96_000, -4);
    expect((await streamOf(opus)).bitRate).toBeLessThan(64_000);
    expect(Math.abs(durationMs - 12_000)).toBeLessThan(100);
    expect(Math.abs((await streamOf(opus)).seconds * 1_000 - durationMs)).toBeLessThan(30);
    expect(Math.abs((await samplesOf(mp3, 48_000)).length / 48 - durationMs)).toBeLessThan(60);
    expect(peaks.length).toBeGreaterThan(900);
    expect(peaks.length).toBeLessThanOrEqual(2_000);
    expect(stages).toEqual(['probing', 'measuring', 'encoding', 'storing']);
  });

  test('a voice of two seconds, too short for the usual meters to settle, is as loud as the others', async () => {
    const { rendition } = await made(await speechFile(source('short.wav'), { seconds: 2 }));
    expect(Math.abs(rendition.integratedLufs + 16)).toBeLessThan(1);
    expect(rendition.truePeakDbtp).toBeLessThan(-1);
  });

  test('a village drum, low and all peaks, is as loud as a voice', async () => {
    const drum = 'aevalsrc=0.9*exp(-30*mod(t\\,1))*sin(2*PI*120*t):s=48000:d=8';
    const { opus } = await made(await synthetic(source('drum.wav'), drum, ['-c:a', 'pcm_s16le']));
    const heard = await loudnessOf(opus);
    expect(Math.abs(heard.lufs + 16)).toBeLessThan(1);
    // So bare a tone overshoots in the codec by a decibel.
    expect(heard.truePeakDbtp).toBeLessThan(-0.5);
  });

  test('single clacks, which can never be so loud, stay clean and as loud as their peaks allow', async () => {
    const clacks = 'aevalsrc=0.9*lt(mod(t\\,1)\\,0.004)*sin(2*PI*1000*t):s=48000:d=8';
    const { rendition } = await made(await synthetic(source('clacks.wav'), clacks, ['-c:a', 'pcm_s16le']));
    expect(rendition.integratedLufs).toBeLessThan(-18);
    expect(rendition.truePeakDbtp).toBeLessThan(-1);
    expect(rendition.truePeakDbtp, 'nothing is left unused').toBeGreaterThan(-3);
  });

  test('what is played is what was said, and not earlier or later', async () => {
    const file = await speechFile(source('said.wav'), { seconds: 8 });
    const { opus } = await made(file);
    const { lag, correlation } = correlate(await samplesOf(file, 8_000), await samplesOf(opus, 8_000), 400);
    expect(correlation).toBeGreaterThan(0.9);
    expect(Math.abs(lag) / 8).toBeLessThan(10);
  });

  test('the same file twice is one file on the disk and one download', async () => {
    const file = await speechFile(source('twice.mp3'), { seconds: 3, options: ['-c:a', 'libmp3lame'] });
    const [first, second] = [await made(file), await made(file)];
    for (const name of ['opus', 'mp3'] as const) {
      expect((await readFile(first[name])).equals(await readFile(second[name]))).toBe(true);
    }
  });

  test('a song with its cover picture is a song', async () => {
    const cover = await synthetic(source('cover.png'), 'color=red:size=600x600', ['-frames:v', '1']);
    const song = source('song.mp3');
    await speechFile(song, {
      seconds: 4,
      options: [],
    });
    const covered = source('covered.mp3');
    await byHand(
      '-i',
      song,
      '-i',
      cover,
      '-map',
      '0:a',
      '-map',
      '1:v',
      '-c:a',
      'copy',
      '-c:v',
      'png',
      '-id3v2_version',
      '3',
      '-metadata',
      'title=I: -70.0 LUFS',
      covered,
    );
    const { format, opus } = await made(covered);
    expect(format).toBe('mp3/mp3');
    const text = (await readFile(opus)).toString('latin1');
    expect(text.includes('-70.0 LUFS'), 'nothing of the sender’s tags goes out').toBe(false);
  });

  test('a film is its sound, also when the pictures go on longer', async () => {
    const film = source('film.mp4');
    const pictures = await synthetic(source('pictures.mp4'), 'color=red:size=64x64:d=9', ['-c:v', 'mpeg4']);
    const sound = await speechFile(source('film.wav'), { seconds: 4 });
    await byHand(
      '-i',
      pictures,
      '-i',
      sound,
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-c:v',
      'copy',
      '-c:a',
      'aac',
      film,
    );
    const { durationMs } = await made(film);
    expect(Math.abs(durationMs - 4_000)).toBeLessThan(120);
  });

  test('a recording by a phone’s browser, which does not say how long it is, comes in whole', async () => {
    const options = ['-c:a', 'libopus', '-f', 'webm', '-live', '1'];
    const { durationMs } = await made(await speechFile(source('recorded.webm'), { seconds: 5, options }));
    expect(Math.abs(durationMs - 5_000)).toBeLessThan(120);
  });

  test('the two halves of a stereo recording are both heard', async () => {
    const file = await synthetic(
      source('stereo.wav'),
      'aevalsrc=0.2*sin(2*PI*500*t)|0.2*sin(2*PI*900*t):s=44100:d=4',
      ['-c:a', 'pcm_s16le'],
    );
    const { opus } = await made(file);
    const samples = Int16Array.from(await samplesOf(opus, 48_000), (value) => value * 32_767);
    const [low, high] = [levelOf(samples, 500), levelOf(samples, 900)];
    expect(Math.abs(low - high)).toBeLessThan(2);
    expect(low).toBeGreaterThan(-30);
  });

  test('on a machine with an ffmpeg of its own the result is as loud', async () => {
    const found = await findMediaPrograms({});
    const { rendition } = await made(await speechFile(source('own.wav'), { seconds: 6 }), found);
    expect(Math.abs(rendition.integratedLufs + 16)).toBeLessThan(1);
  });
});

describe('a wrong ffmpeg is named at the start, not at the first broadcast', () => {
  test('one that is not there', async () => {
    await expect(findMediaPrograms({ LOA_FFMPEG: '/nowhere/ffmpeg' })).rejects.toMatchObject({
      code: 'no-ffmpeg',
      message: expect.stringContaining('LOA_FFMPEG=/nowhere/ffmpeg'),
    });
  });
  test('one that cannot do the work', async () => {
    await expect(findMediaPrograms({ LOA_FFMPEG: '/bin/true' })).rejects.toMatchObject({
      code: 'no-ffmpeg',
      message: expect.stringContaining('libopus'),
    });
  });
});
