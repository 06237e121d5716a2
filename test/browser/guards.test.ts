import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuardsPolicy } from '#controller/http/contract/policies';
import { launchBrowser } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { programmeOf, uploadReady } from '../support/schedule.ts';
import { seedDevices } from '../support/seed.ts';
import { speakTo } from '../support/spoken.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

let village: Village;
let browser: Browser;

beforeAll(async () => {
  village = await Village.start({ prepare: async (data) => void (await seedDevices(data, 3)) });
  browser = await launchBrowser();
  // As a site is delivered.
  await village.client.call('PUT /policies/guards', { body: GuardsPolicy.parse({}) });
});
afterAll(async () => {
  await browser?.close();
  await village?.stop();
});

/** A page of somebody who is signed in. */
async function pageOf(viewport: { width: number; height: number }) {
  const context = await browser.newContext({
    ...{ viewport, baseURL: village.url, locale: 'vi-VN', hasTouch: viewport.width < 500 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
  return page;
}

test('who types 03:15 on a phone is told that people sleep then, and one tap puts the afternoon in its place', async () => {
  const { client } = village;
  const source = path.join(village.directory, 'source.wav');
  await speakTo(source);
  const sound = await uploadReady(client, source, 'bản tin.wav');
  const programme = await programmeOf(client, sound, 'Bản tin chiều');
  const page = await pageOf({ width: 390, height: 844 });
  await page.goto(`/schedules/new?programme=${programme}`);
  await page.getByLabel('Tên lịch').fill('Bản tin chiều');
  await page.getByLabel('Giờ, lượt 1').fill('03');
  await page.getByLabel('Phút, lượt 1').fill('15');
  await page.getByText(/^03:15 .+ nằm trong giờ yên tĩnh/).waitFor();
  const save = page.getByRole('button', { name: 'Lưu lịch' });
  expect(await save.isDisabled(), 'nobody is woken in passing').toBe(true);
  expect(await page.getByRole('button', { name: 'Chuyển sang 05:00' }).count()).toBe(1);
  await page.getByRole('button', { name: 'Chuyển sang 15:15' }).tap();
  await page.getByText(/nằm trong giờ yên tĩnh/).waitFor({ state: 'detached' });
  await save.tap();
  await page.getByRole('heading', { name: 'Lịch phát' }).waitFor();
  const saved = async () =>
    (await client.call('GET /schedules')).find(({ title }) => title === 'Bản tin chiều')?.timetable.rule;
  await expect.poll(saved).toMatchObject({ kind: 'daily', times: ['15:15'] });
  await page.context().close();
});

test('an administrator lets a second person in, who signs in with what was told once, and shuts the account again', async () => {
  const page = await pageOf({ width: 1440, height: 900 });
  await page.goto('/system/people');
  await page.getByRole('button', { name: 'Thêm người' }).click();
  await page.getByLabel('Họ tên').fill('Trần Thị Hoa');
  await page.getByLabel('Tên đăng nhập').fill('Hoa Trần');
  await page.getByLabel('Người duyệt').check();
  await page.getByRole('button', { name: 'Tạo tài khoản' }).click();
  await page.getByText('Cần 3–30 ký tự', { exact: false }).waitFor();
  await page.getByLabel('Tên đăng nhập').fill('hoa.tran');
  await page.getByRole('button', { name: 'Tạo tài khoản' }).click();
  const dialog = page.getByRole('dialog', { name: 'Mật khẩu của Trần Thị Hoa' });
  const password = (await dialog.getByRole('status').textContent()) ?? '';
  expect(password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
  await dialog.getByRole('button', { name: 'Đã trao, đóng lại' }).click();

  const hoa = new Client(village.url);
  await hoa.signIn('hoa.tran', password);
  await expect(hoa.call('GET /devices')).rejects.toThrow('must-change-password');
  const body = { currentPassword: password, newPassword: 'mot-mat-khau-cua-hoa' };
  await hoa.call('POST /session/password', { body });
  expect((await hoa.call('GET /session')).user).toMatchObject({ name: 'Trần Thị Hoa', role: 'approver' });
  await expect(hoa.call('GET /people')).rejects.toThrow('not-allowed');

  // Shut, the account is out at once.
  const row = page.getByRole('listitem').filter({ hasText: 'hoa.tran' });
  await row.getByRole('button', { name: 'Việc khác với Trần Thị Hoa' }).click();
  await page.getByRole('menuitem', { name: 'Khoá tài khoản' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Khoá tài khoản' }).click();
  await row.getByText('Đã khoá').waitFor();
  await expect(hoa.call('GET /session')).rejects.toThrow('401');
  await expect(new Client(village.url).signIn('hoa.tran', 'mot-mat-khau-cua-hoa')).rejects.toThrow();
  await page.context().close();
});
