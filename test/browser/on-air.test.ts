import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { programmeOf, uploadReady } from '../support/schedule.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

let village: Village;
let browser: Browser;
let speakers: string[] = [];

beforeAll(async () => {
  village = await Village.start();
  browser = await launchBrowser();
  const { client } = village;
  const flags = ['--kind', 'speaker', '--heartbeat-ms', '1000'];
  const first = await village.addDevice('Cụm loa tổ 1', flags);
  const second = await village.addDevice('Cụm loa tổ 2', flags);
  speakers = [first.id, second.id];
  const source = path.join(village.directory, 'source.wav');
  // Long enough that it still sounds when somebody stops it.
  const sentence = 'Kính thưa bà con nhân dân, đây là bản tin thử của đài truyền thanh phường Phù Vân. ';
  await speakTo(source, sentence.repeat(16));
  await programmeOf(client, await uploadReady(client, source, 'bản tin.wav'), 'Bản tin thử loa');
});
afterAll(async () => {
  await browser?.close();
  await village?.stop();
});

test('an operator with a phone plays a programme now, sees both speakers sounding, and silences all in two taps', async () => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    locale: 'vi-VN',
    baseURL: village.url,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
  await page.goto('/');
  await page.getByRole('link', { name: 'Phát sóng' }).tap();

  await page.getByRole('tab', { name: 'Chương trình' }).tap();
  await page.getByPlaceholder('Chọn chương trình hoặc danh sách phát').tap();
  await page.getByRole('option', { name: /Bản tin thử loa/ }).tap();
  // How many will hear it stands there before anything is sent, and again on the button that sends it.
  await page.getByText('Tới 2 thiết bị.').waitFor();
  await page.getByRole('button', { name: 'Phát ngay', exact: true }).tap();
  await page.getByRole('button', { name: 'Phát ngay trên 2 thiết bị' }).tap();

  // Asked, ready, sounding: the number of those that sound comes from the speakers themselves.
  const broadcast = page.getByRole('article', { name: 'Bản tin thử loa' });
  await broadcast.getByText('Đang phát', { exact: true }).waitFor();
  const sounding = broadcast.getByRole('listitem').filter({ hasText: 'đang phát' }).first();
  await expect.poll(() => sounding.textContent(), { timeout: 60_000 }).toMatch(/^2\/2/);
  await until('both speakers to say themselves that they play', async () => {
    const { items } = await village.client.call('GET /devices', { query: {} });
    return speakers.every((id) => items.some((device) => device.id === id && device.playing !== null));
  });

  // Two taps from any page: this one has nothing to do with the broadcast.
  await page.getByRole('link', { name: 'Thiết bị', exact: true }).tap();
  await page.getByRole('heading', { name: 'Thiết bị', exact: true, level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Dừng', exact: true }).tap();
  await page.getByRole('button', { name: 'Dừng ngay 2 thiết bị ở toàn phường' }).tap();
  await page.getByText('Đã gửi lệnh dừng tới 2 thiết bị', { exact: false }).waitFor();
  await until('both speakers to be silent', async () => {
    const { items: now } = await village.client.call('GET /devices', { query: {} });
    return now.every(({ playing }) => playing === null);
  });

  // It stands in the list of what was, stopped, and in the log by the speakers' own word.
  await page.getByRole('link', { name: 'Phát sóng' }).tap();
  await page.getByRole('button', { name: /Bản tin thử loa.*Đã dừng/s }).waitFor();
  await page.getByRole('button', { name: 'Thêm', exact: true }).tap();
  await page.getByRole('link', { name: 'Nhật ký phát' }).tap();
  const row = page.getByRole('button', { name: /Bản tin thử loa.*Cụm loa tổ 1/s });
  await row.tap();
  await page.getByText('được dừng').waitFor();
  await page.getByRole('link', { name: 'Mở buổi phát' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
