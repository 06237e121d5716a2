import { randomBytes } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
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

test('a technician brings a new version to a device from a phone, and sees it arrive without reloading', async () => {
  await village.addDevice('Cụm loa tổ 1', ['--kind', 'speaker', '--model', 'LP-30']);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, baseURL: village.url });
  const page = await context.newPage();
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
  await page.goto('/devices');
  await page.getByRole('link', { name: 'Phần mềm' }).click();
  await page.getByText('Chưa có bản phần mềm nào.').waitFor();

  await page.getByRole('button', { name: 'Thêm bản phần mềm' }).first().click();
  await page.getByRole('button', { name: 'Tải lên' }).click();
  await page.getByText('Cần có mục này.').first().waitFor();
  const file = { name: 'lp30.img', mimeType: 'application/octet-stream', buffer: randomBytes(300_000) };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('combobox', { name: 'Kiểu máy' }).fill('LP-30');
  await page.getByRole('textbox', { name: 'Phiên bản' }).fill('1.2.0');
  await page.getByRole('button', { name: 'Tải lên' }).click();
  await page.getByRole('list', { name: 'Bản phần mềm' }).getByText('LP-30 1.2.0').waitFor();

  await page.getByRole('button', { name: 'Cập nhật', exact: true }).click();
  const stages = page.getByRole('dialog').getByRole('listitem');
  await expect
    .poll(() => stages.allTextContents())
    .toEqual(['Chặng 11 thiết bị', 'Chặng 2không có thiết bị nào', 'Chặng 3không có thiết bị nào']);
  await page.getByRole('button', { name: 'Bắt đầu cập nhật' }).click();
  await page.getByRole('heading', { name: 'LP-30 → 1.2.0' }).waitFor();
  await page.getByText('Đã xong').waitFor();
  await page.getByRole('link', { name: /Cụm loa tổ 1.*đang chạy 1\.2\.0.*Đã cập nhật/ }).waitFor();
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  // The same version again reaches nobody, and says so before anything is begun.
  await page.getByRole('link', { name: 'Phần mềm thiết bị' }).click();
  await page.getByRole('button', { name: 'Cập nhật', exact: true }).click();
  await page.getByText('Không thiết bị nào của kiểu này chạy bản cũ hơn.').waitFor();
  expect(await page.getByRole('button', { name: 'Bắt đầu cập nhật' }).isDisabled()).toBe(true);
  await context.close();
});
