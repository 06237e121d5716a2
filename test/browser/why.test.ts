import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { programmeOf, uploadReady } from '../support/schedule.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

const DAY = 86_400_000;
const ZONE = 'Asia/Ho_Chi_Minh';
const tomorrow = new Date(Date.now() + DAY).toLocaleDateString('sv-SE', { timeZone: ZONE });

let village: Village;
let browser: Browser;
let speaker = '';

beforeAll(async () => {
  village = await Village.start();
  browser = await launchBrowser();
  const { client } = village;
  speaker = (await village.addDevice('Cụm loa tổ 1', ['--kind', 'speaker'])).id;
  const long = path.join(village.directory, 'long.wav');
  const short = path.join(village.directory, 'short.wav');
  await speakTo(long, 'Bài hát quê hương vang lên trong buổi sớm mai. '.repeat(30));
  await speakTo(short, 'Thông báo của phường.');
  const music = await programmeOf(client, await uploadReady(client, long, 'long.wav'), 'Ca nhạc');
  const notice = await programmeOf(client, await uploadReady(client, short, 'short.wav'), 'Thông báo');
  const once = (
    title: string,
    programme: string,
    time: string,
    more: { priority?: 'priority'; maxLatenessMs?: number } = {},
  ) =>
    client.call('POST /schedules', {
      body: {
        title,
        content: { kind: 'programme', id: programme },
        timetable: {
          rule: { kind: 'once', date: tomorrow, times: [time] },
          startDate: null,
          endDate: null,
          exceptDates: [],
          repeat: { count: 1, gapMs: 0 },
        },
        targets: [{ kind: 'all', id: '' }],
        acceptOverlaps: true,
        ...more,
      },
    });
  await once('Ca nhạc quê hương', music, '06:00');
  await once('Thông báo họp dân', notice, '06:00:20', { priority: 'priority' });
  await once('Bản tin nông vụ', notice, '06:00:40', { maxLatenessMs: 1_000 });
  await until('the plan to be issued', async () => {
    const { items } = await client.call('GET /devices/{id}/day', {
      params: { id: speaker },
      query: { from: Date.now(), to: Date.now() + 2 * DAY },
    });
    return items.length === 3;
  });
});
afterAll(async () => {
  await browser?.close();
  await village?.stop();
});

test('an operator reads on any day what a speaker will play, and why one wins over the other', async () => {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'vi-VN',
    baseURL: village.url,
  });
  const page = await context.newPage();
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
  await page.goto(`/devices/${speaker}`);
  await page.getByText('Hôm nay không có lượt phát nào cho thiết bị này.').waitFor();
  await page.getByRole('button', { name: 'Ngày sau' }).click();

  // What is interrupted goes on, what comes too late is not heard: each is told in the row, and why when it is opened.
  const music = page.getByRole('button', { name: /^06:00 Ca nhạc quê hương/ });
  await music.getByText('bị ngắt, phát đủ').waitFor();
  await music.click();
  await page.getByText('Bị “Thông báo họp dân” ngắt: mức ưu tiên cao hơn mức thông thường.').waitFor();
  await page.getByText('Phát tiếp từ chỗ dở (20 giây).').waitFor();
  const late = page.getByRole('button', { name: /^06:00 Bản tin nông vụ/ });
  await late.getByText('không phát').waitFor();
  await late.click();
  await page
    .getByText('Chưa được phát vì “Ca nhạc quê hương” giữ sóng: cùng mức, nội dung đang phát được phát hết.')
    .waitFor();
  await page.getByText('Lý do: đã quá giờ cho phép bắt đầu.', { exact: false }).waitFor();
  const winner = page.getByRole('button', { name: /^06:00 Thông báo họp dân/ });
  await winner.getByText('phát trọn').waitFor();
  await winner.press('Enter');
  await page.getByText('Ngắt “Ca nhạc quê hương”', { exact: false }).waitFor();

  // The day is in the address: it can be sent to somebody else.
  expect(new URL(page.url()).searchParams.get('date')).toBe(tomorrow);
  await page.getByRole('button', { name: 'Ngày trước' }).click();
  await page.getByText('Hôm nay không có lượt phát nào cho thiết bị này.').waitFor();
  await context.close();
});
