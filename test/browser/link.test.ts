import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

let village: Village;
let browser: Browser;

beforeAll(async () => {
  village = await Village.start();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await village?.stop();
});

test('a lost controller is said so, what was typed is kept, and its return needs no reload', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, baseURL: village.url });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
  await page.goto('/schedules/new');
  await page.getByLabel('Tên lịch').fill('Thông báo tiêm chủng');
  const banner = page.getByText('Mất kết nối với trung tâm', { exact: false });
  expect(await banner.count()).toBe(0);

  await village.controller.stop();
  await banner.waitFor();
  expect(await banner.textContent()).toMatch(/của lúc \d\d:\d\d:\d\d/);

  await village.restartController();
  await banner.waitFor({ state: 'detached' });
  expect(await page.getByLabel('Tên lịch').inputValue()).toBe('Thông báo tiêm chủng');

  // Another person's change arrives over the link that came back.
  await page.getByRole('link', { name: 'Thiết bị' }).click();
  await page.getByRole('button', { name: 'Khu vực và nhóm' }).click();
  await page.getByLabel('Khu vực mới').waitFor();
  await village.client.call('POST /areas', { body: { name: 'Tổ dân phố số 5' } });
  await page.getByRole('button', { name: 'Sửa Tổ dân phố số 5' }).waitFor();

  // And what was typed outlives a reload.
  await page.goto('/schedules/new');
  await expect.poll(() => page.getByLabel('Tên lịch').inputValue()).toBe('Thông báo tiêm chủng');

  // A session that ends shows the door at the same address, and opens the same page again.
  await context.clearCookies();
  await page.reload();
  await page.getByLabel('Tên đăng nhập').fill('admin');
  await page.getByLabel('Mật khẩu', { exact: true }).fill(ADMIN_PASSWORD);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByRole('heading', { name: 'Thêm lịch phát' }).waitFor();
  await context.close();
});
