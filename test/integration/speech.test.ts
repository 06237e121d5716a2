import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmbeddedSpeech } from '#controller/speech/embedded';
import { samplesOf } from '../support/signal.ts';

const speech = new EmbeddedSpeech();
const never = new AbortController().signal;
let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'loa-speech-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));
const file = (name: string) => path.join(directory, name);
const vietnamese = (speed = 1) => ({ language: 'vi', voice: null, speed });

describe('a text is read aloud without a network', () => {
  test('in Vietnamese, by any of its names, and in English, but not in a language nobody here has', async () => {
    expect(await speech.speaks('vi')).toBe(true);
    expect(await speech.speaks('vi-VN')).toBe(true);
    expect(await speech.speaks('en-GB')).toBe(true);
    expect(await speech.speaks('tlh')).toBe(false);
  });

  test('slower when asked to', async () => {
    const text = 'Kính thưa bà con, chiều nay có mưa to, đề nghị bà con thu hoạch lúa sớm.';
    await speech.speak(file('fast.wav'), text, vietnamese(1.5), never);
    await speech.speak(file('slow.wav'), text, vietnamese(0.75), never);
    const [fast, slow] = [await samplesOf(file('fast.wav'), 8_000), await samplesOf(file('slow.wav'), 8_000)];
    expect(slow.length / fast.length).toBeGreaterThan(1.4);
  });

  test('to the end, sentence by sentence, while the process goes on answering', async () => {
    const text = 'Đây là câu thứ nhất của bản tin. Và đây là câu tiếp theo. '.repeat(40);
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 10);
    const ratios: number[] = [];
    const onProgress = (ratio: number) => ratios.push(ratio);
    await speech.speak(file('long.wav'), text, { ...vietnamese(), onProgress }, never);
    clearInterval(turning);
    expect(ratios.length).toBeGreaterThan(3);
    expect(ratios.at(-1)).toBe(1);
    const bytes = await readFile(file('long.wav'));
    expect(bytes.readUInt32LE(40), 'the header tells the whole length').toBe(bytes.length - 44);
    // 80 sentences of some seven syllables.
    expect(bytes.length / 44_100).toBeGreaterThan(90);
    expect(turns, 'a voice in the main thread would leave it none').toBeGreaterThan(10);
  });

  test('a text that looks like an option is read like any other', async () => {
    await speech.speak(file('dash.wav'), '--help -v en', vietnamese(), never);
    expect((await samplesOf(file('dash.wav'), 8_000)).length).toBeGreaterThan(4_000);
  });

  test('and can be stopped', async () => {
    const control = new AbortController();
    const reason = new Error('enough');
    const speaking = speech.speak(
      file('stopped.wav'),
      'Một hai ba bốn. '.repeat(1_200),
      { ...vietnamese(), onProgress: () => control.abort(reason) },
      control.signal,
    );
    await expect(speaking).rejects.toBe(reason);
  });
});
