import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allowAnyHour } from '../support/any-hour.ts';
import { launchBrowser } from '../support/browser.ts';
import { speakTo } from '../support/spoken.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

let village: Awaited<ReturnType<typeof Village.start>>;
let browser: Browser;

beforeAll(async () => {
  village = await Village.start({ firstSignIn: 'left' });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await village?.stop();
});

const ZONE = 'Asia/Ho_Chi_Minh';
const clock = (at: number): [hour: string, minute: string] => {
  const [hour = '', minute = ''] = new Date(at).toLocaleTimeString('en-GB', { timeZone: ZONE }).split(':');
  return [hour, minute];
};

/** What a browser complains about is a fault of the page, whatever is on it. */
function watch(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Before signing in the question who is there is answered with 401, and the browser notes it.
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
  });
  return complaints;
}

test('an operator signs in, changes the password, lets a speaker in, uploads, schedules, and watches it played', async () => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    locale: 'vi-VN',
  });
  const page = await context.newPage();
  const complaints = watch(page);
  page.setDefaultTimeout(30_000);

  // Signs in with the password that was printed; a wrong one is told in plain words and loses nothing.
  await page.goto(village.url);
  await page.getByLabel('Tên đăng nhập').fill('admin');
  await page.getByLabel('Mật khẩu', { exact: true }).fill('khong-phai-mat-khau');
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng', { exact: false }).waitFor();
  await page.getByLabel('Mật khẩu', { exact: true }).fill(village.firstPassword);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();

  // The first password must be changed before anything else is shown.
  await page.getByRole('heading', { name: 'Đặt mật khẩu của bạn' }).waitFor();
  await page.getByLabel('Mật khẩu hiện tại', { exact: true }).fill(village.firstPassword);
  await page.getByLabel('Mật khẩu mới', { exact: true }).fill(ADMIN_PASSWORD);
  await page.getByLabel('Nhập lại mật khẩu mới', { exact: true }).fill(ADMIN_PASSWORD);
  await page.getByRole('button', { name: 'Lưu mật khẩu' }).click();
  await page.getByRole('heading', { name: 'Tổng quan' }).waitFor();

  // What is scheduled here is due in a moment, whatever hour that is.
  await village.client.signIn('admin', ADMIN_PASSWORD);
  await allowAnyHour(village.client);

  // A speaker at the door shows its code; it is let in after a look at both codes, without a reload.
  await page.getByRole('link', { name: 'Thiết bị' }).click();
  await page.getByText('Chưa có thiết bị nào', { exact: false }).waitFor();
  const speaker = village.startDevice('Cụm loa tổ 3', ['--kind', 'speaker']).program;
  const [, code = ''] = await speaker.line(/^pairing code (\w+)$/);
  await page.getByRole('img', { name: `Mã ${code}` }).waitFor();
  await page.getByRole('button', { name: 'So mã và nhận' }).click();
  await page.getByLabel('Tên thiết bị').fill('Cụm loa tổ 3');
  await page.getByRole('button', { name: 'Mã giống nhau, nhận thiết bị' }).click();
  await page.getByRole('link', { name: /Cụm loa tổ 3.*Trực tuyến/s }).waitFor();

  // A recording is uploaded and becomes ready before the eyes.
  const recording = path.join(village.directory, 'Bản tin sáng.wav');
  await speakTo(recording);
  await page.getByRole('button', { name: 'Thêm', exact: true }).click();
  await page.getByRole('link', { name: 'Thư viện' }).click();
  await page.getByRole('heading', { name: 'Thư viện' }).waitFor();
  await page.locator('input[type=file]').first().setInputFiles(recording);
  const sound = page.getByRole('listitem').filter({ hasText: 'Bản tin sáng' });
  await sound.getByText('LUFS', { exact: false }).waitFor({ timeout: 120_000 });

  // One tap makes the programme; the schedule says what will happen before it is saved.
  await sound.getByRole('button', { name: 'Lên lịch' }).click();
  await page.getByRole('heading', { name: 'Thêm lịch phát' }).waitFor();
  await expect.poll(() => page.getByLabel('Tên lịch').inputValue()).toBe('Bản tin sáng');
  await page
    .getByRole('combobox', { name: 'Lặp lại' })
    .or(page.getByRole('textbox', { name: 'Lặp lại' }))
    .click();
  await page.getByRole('option', { name: 'Một lần' }).click();
  const due = Math.ceil((Date.now() + 25_000) / 60_000) * 60_000;
  const [hour, minute] = clock(due);
  await page.getByLabel('Giờ, lượt 1').fill(hour);
  await page.getByLabel('Phút, lượt 1').fill(minute);
  await page.getByText(`lúc ${hour}:${minute}`, { exact: false }).waitFor();
  await page.locator('.preview-next').getByText(`${hour}:${minute}`).waitFor();
  await page.getByRole('button', { name: 'Lưu lịch' }).click();
  await page.getByRole('heading', { name: 'Lịch phát' }).waitFor();
  await page
    .getByRole('link', { name: /Bản tin sáng/ })
    .first()
    .waitFor();

  // The log is open when its hour comes: the row arrives, and becomes "played" when the speaker has proven it.
  await page.getByRole('button', { name: 'Thêm', exact: true }).click();
  await page.getByRole('link', { name: 'Nhật ký' }).click();
  await page.getByRole('heading', { name: 'Nhật ký phát' }).waitFor();
  const row = page.getByRole('button', { name: /Bản tin sáng.*Cụm loa tổ 3/s });
  await row.getByText('Đã phát').waitFor({ timeout: 180_000 });

  // It opens to the device's own record.
  await row.click();
  await page.getByText('1 bản ghi của thiết bị').waitFor();
  await page.getByText('đúng tệp trong lịch').waitFor();
  await page.getByText('phát hết').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
