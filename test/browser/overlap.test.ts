import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { programmeOf, uploadReady } from '../support/schedule.ts';
import { seedDevices } from '../support/seed.ts';
import { speakTo } from '../support/spoken.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

let village: Village;
let browser: Browser;

beforeAll(async () => {
  village = await Village.start({ prepare: async (data) => void (await seedDevices(data, 3)) });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await village?.stop();
});

test('an overlap is told before it is saved, and one tap moves the schedule out of it', async () => {
  const { client } = village;
  const source = path.join(village.directory, 'source.wav');
  await speakTo(source);
  const programme = await programmeOf(
    client,
    await uploadReady(client, source, 'bản tin.wav'),
    'Bản tin sáng',
  );
  await client.call('POST /schedules', {
    body: {
      title: 'Bản tin sáng',
      content: { kind: 'programme', id: programme },
      timetable: {
        rule: { kind: 'daily', times: ['06:00'] },
        startDate: null,
        endDate: null,
        exceptDates: [],
        // Four minutes of silence make it last well past the second one's start.
        repeat: { count: 2, gapMs: 240_000 },
      },
      targets: [{ kind: 'all', id: '' }],
    },
  });

  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: village.url });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
  await page.goto(`/schedules/new?programme=${programme}`);
  await page.getByLabel('Tên lịch').fill('Thông báo');
  await page.getByLabel('Giờ, lượt 1').fill('06');
  await page.getByLabel('Phút, lượt 1').fill('02');

  await page.getByText(/06:02: “Bản tin sáng” còn phát .+ khi “Thông báo” bắt đầu trên Cụm loa 1/).waitFor();
  const save = page.getByRole('button', { name: 'Lưu dù bị chồng' });
  expect(await save.isDisabled(), 'an overlap is not saved in passing').toBe(true);

  await page.getByRole('button', { name: /^Dời muộn \d+ phút$/ }).click();
  await page.getByRole('button', { name: 'Lưu lịch' }).click();
  await page.getByRole('heading', { name: 'Lịch phát' }).waitFor();
  const saved = (await client.call('GET /schedules')).find(({ title }) => title === 'Thông báo');
  expect(saved?.timetable.rule).toMatchObject({
    kind: 'daily',
    times: [expect.stringMatching(/^06:0[4-6]$/)],
  });

  // Deleting is undone with one tap.
  await page.goto(`/schedules/${saved?.id}`);
  await page.getByRole('button', { name: 'Xoá lịch' }).click();
  await page.getByText('Đã xoá lịch Thông báo', { exact: false }).waitFor();
  expect((await client.call('GET /schedules')).map(({ title }) => title)).toEqual(['Bản tin sáng']);
  await page.getByRole('button', { name: 'Hoàn tác' }).click();
  await page
    .getByRole('link', { name: /Thông báo/ })
    .first()
    .waitFor();
  await context.close();
});
