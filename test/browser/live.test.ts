import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import type { WebSocketRoute } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { goOnAir, type LivePage, openStudio } from '../support/live-page.ts';
import { longestSilence, samplesOf, spokenIn } from '../support/signal.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';

/** Enough for speech, and small enough to correlate without an FFT. */
const RATE = 8_000;

let village: Village;
let microphone = '';
let said: Float32Array;
let studio: LivePage | undefined;
const speakers: { id: string; directory: string }[] = [];

beforeAll(async () => {
  village = await Village.start();
  for (const name of ['Cụm loa tổ 1', 'Cụm loa tổ 2']) {
    const speaker = await village.addDevice(name, ['--kind', 'speaker', '--wav', '--heartbeat-ms', '1000']);
    speakers.push(speaker);
  }
  const spoken = path.join(village.directory, 'spoken.wav');
  microphone = path.join(village.directory, 'microphone.wav');
  await speakTo(spoken);
  // As loud as somebody who speaks into a microphone.
  const louder = ['-filter:a', 'volume=12dB', '-ar', '48000', '-ac', '1', '-c:a', 'pcm_s16le'];
  await promisify(execFile)(ffmpegInstaller.path, ['-v', 'error', '-i', spoken, ...louder, microphone]);
  said = await samplesOf(microphone, RATE);
});
afterEach(async () => {
  await studio?.close();
  studio = undefined;
});
afterAll(() => village?.stop());

const sessionOf = (id: string) => village.client.call('GET /live/{id}', { params: { id } });

/** What a speaker sounded in a broadcast. */
async function heardOf(directory: string, broadcast: string): Promise<Float32Array> {
  const wavs = path.join(directory, 'wav');
  const name = await until('a speaker to have written what it sounded', async () =>
    (await readdir(wavs)).find((one) => one.includes(broadcast)),
  );
  return samplesOf(path.join(wavs, name), RATE);
}

test('an operator with a phone speaks live: both speakers sound it, pause when muted, end with it, and it is kept', async () => {
  studio = await openStudio(village.url, microphone);
  const { page, complaints } = studio;
  await page.getByText('2 loa sẽ nghe thấy.').waitFor();
  // Nothing is heard before it was said how many will hear.
  await page.getByRole('button', { name: 'Mở micro' }).tap();
  await page.locator('.voice-words').getByText('Vừa tiếng.').waitFor();
  await page.getByRole('button', { name: 'Bắt đầu nói · 2 loa' }).tap();
  await page.getByText('Đang phát trực tiếp').waitFor();
  await page.getByText('2/2 loa').waitFor();
  const [open] = await village.client.call('GET /live');
  if (open === undefined) throw new Error('no session is open');
  await page.waitForTimeout(6_000);

  await page.getByRole('button', { name: 'Tắt tiếng' }).tap();
  await page.getByText('Loa im, buổi phát vẫn mở.').waitFor();
  await page.waitForTimeout(1_500);
  await page.getByRole('button', { name: 'Nói tiếp' }).tap();
  await page.getByText('Mời nói.').waitFor();

  // From any other page the open microphone is in sight, and one tap away.
  await page.getByRole('link', { name: 'Thiết bị' }).tap();
  await page.getByRole('link', { name: /Micro đang mở/ }).tap();
  await page.getByRole('button', { name: 'Kết thúc' }).tap();
  await page.getByRole('button', { name: 'Chạm lần nữa để kết thúc' }).tap();
  await page.getByText('Buổi phát đã kết thúc').waitFor();
  await page.getByText(/Anh chị đã kết thúc\. Đã phát/).waitFor();

  expect((await sessionOf(open.id)).end).toBe('by-operator');
  for (const { directory } of speakers) {
    const heard = await heardOf(directory, open.id);
    expect(spokenIn(heard, said, RATE), 'seconds of what was said').toBeGreaterThan(1);
    // No voice in the file pauses for so long.
    expect(longestSilence(heard, RATE)).toBeGreaterThan(1);
  }
  // What was said can be heard again.
  await page.getByRole('link', { name: 'Nghe lại trong Thư viện' }).waitFor();
  const { recordingAssetId } = await sessionOf(open.id);
  const assets = await village.client.call('GET /assets', { query: {} });
  expect(assets.find(({ id }) => id === recordingAssetId)?.source).toBe('recording');
  expect(complaints).toEqual([]);
});

test('a line that breaks for two seconds is found again without ending the call', async () => {
  studio = await openStudio(village.url, microphone);
  const { page } = studio;
  let line: WebSocketRoute | undefined;
  let cut = false;
  await page.routeWebSocket(/\/microphone\/v1\//, (route) => {
    if (cut) {
      void route.close();
      return;
    }
    route.connectToServer();
    line = route;
  });
  await page.reload();
  const id = await goOnAir(page);
  cut = true;
  await line?.close();
  await page.getByText(/Mất đường truyền\. Đang nối lại/).waitFor();
  await page.waitForTimeout(1_500);
  cut = false;
  await page.getByText('Mời nói.').waitFor();
  expect((await sessionOf(id)).state).toBe('on-air');
  // Closed without a word, as a laptop is: the speakers are free within the lease.
  await page.close();
  const over = await until('the session to end by itself', async () => {
    const session = await sessionOf(id);
    return session.state === 'ended' ? session : null;
  });
  expect(over.end).toBe('lease-over');
  await until('both speakers to be silent', async () => {
    const { items } = await village.client.call('GET /devices', { query: {} });
    return items.every(({ playing }) => playing === null);
  });
});

test('who has refused the microphone is told what to do, and nothing goes on the air', async () => {
  studio = await openStudio(village.url, microphone, { allowed: false });
  const { page } = studio;
  await page.getByRole('button', { name: 'Mở micro' }).tap();
  await page.getByText('Micro đang bị chặn cho trang này.').waitFor();
  await page.getByText(/chọn “Cho phép”, rồi thử lại/).waitFor();
  expect(await page.getByRole('button', { name: /Bắt đầu nói/ }).count()).toBe(0);
  expect(await village.client.call('GET /live')).toEqual([]);
});

test('beside the horn one records first: it outlives a reload, is listened to, and only then played', async () => {
  studio = await openStudio(village.url, microphone);
  const { page, complaints } = studio;
  await page.getByText('Thu, nghe lại, rồi phát').tap();
  await page.getByRole('button', { name: 'Mở micro' }).tap();
  await page.getByRole('button', { name: 'Thu', exact: true }).tap();
  await page.waitForTimeout(4_000);
  await page.getByRole('button', { name: 'Dừng thu' }).tap();
  await page.getByRole('button', { name: 'Nghe', exact: true }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Nghe', exact: true }).tap();
  await page.getByRole('button', { name: 'Tạm dừng' }).waitFor();
  await page.getByRole('textbox', { name: 'Tên buổi phát' }).fill('Mời họp tổ dân phố');
  await page.getByRole('button', { name: 'Phát bản thu · 2 loa' }).tap();
  await page.getByText('Bản thu đang lên sóng').waitFor();
  const { items } = await village.client.call('GET /broadcasts', { query: { limit: 1 } });
  const broadcast = items[0];
  expect(broadcast?.title).toBe('Mời họp tổ dân phố');
  await until('it to be over', async () => {
    const now = await village.client.call('GET /broadcasts', { query: { limit: 1 } });
    return now.items[0]?.state === 'ended';
  });
  for (const { directory } of speakers) {
    const heard = await heardOf(directory, broadcast?.id ?? '');
    expect(spokenIn(heard, said, RATE), 'seconds of what was said').toBeGreaterThan(1);
  }
  expect(complaints).toEqual([]);
});
