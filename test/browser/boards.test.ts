import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

const MINUTE = 60_000;
const LIVELY = ['--kind', 'board', '--panel', '192x96', '--heartbeat-ms', '1000'];

let village: Village;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  village = await Village.start();
  browser = await launchBrowser();
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'vi-VN', baseURL: village.url },
    reducedMotion: 'reduce',
  });
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
});
afterAll(async () => {
  await browser?.close();
  await village?.stop();
});

test('what was approved is asked of a board, acknowledged, drawn and seen, each step with its own proof; a frozen board says so', async () => {
  const { client } = village;
  await page.goto('/boards');
  // A ward without boards is told how to come to one.
  await page.getByRole('button', { name: 'Ghép bảng đầu tiên' }).tap();
  await page.getByRole('dialog').getByRole('link', { name: '/board' }).waitFor();
  await page.getByRole('button', { name: 'Đóng' }).tap();

  const script = path.join(village.directory, 'faults.json');
  await writeFile(script, JSON.stringify([{ type: 'panel-frozen', afterMs: 4_000 }]));
  const [whole, frozen] = await Promise.all([
    village.addDevice('Bảng cổng phường', LIVELY),
    village.addDevice('Bảng nhà văn hóa', [...LIVELY, '--faults', script]),
  ]);
  const { id: programmeId } = await client.call('POST /programmes', {
    body: {
      title: 'Cắt điện 24/11',
      notice: { heading: 'CẮT ĐIỆN', text: 'Tổ 3 từ 08:00 đến 11:30', durationMs: 30_000 },
    },
  });
  await client.call('POST /boards/publish', {
    body: {
      programmeId,
      targets: [{ kind: 'device', id: whole.id }],
      until: Date.now() + 20 * MINUTE,
      acceptWarnings: true,
    },
  });

  const card = page.locator(`[data-board="${whole.id}"]`);
  const step = (name: string, tone: string): Locator =>
    card.locator(`[data-step="${name}"][data-tone="${tone}"]`);
  await step('asked', 'good').getByText('Cắt điện 24/11').waitFor();
  await step('acknowledged', 'good').waitFor();
  await step('rendered', 'good').getByText('Đúng từng điểm ảnh').waitFor();

  await card.getByRole('button', { name: 'Chụp ngay Bảng cổng phường' }).tap();
  await step('seen', 'good').getByText('Ảnh khớp').waitFor();
  const drawn = await pixelsOf(`[data-board="${whole.id}"] canvas`);
  await card.getByText('Thấy thật', { exact: true }).first().tap();
  const seen = await pixelsOf(`[data-board="${whole.id}"] img`);
  expect(seen.length).toBe(192 * 96 * 4);
  expect(differing(drawn, seen), 'the preview is the board').toBe(0);

  const still = page.locator(`[data-board="${frozen.id}"] [data-problem="frozen"]`);
  await still.getByRole('button', { name: 'Khởi động lại' }).waitFor({ timeout: 90_000 });
  await page.getByText('Cần xem 1').tap();
  await card.waitFor({ state: 'detached' });
  await still.waitFor();
});

test('a technician sets when the board is dark and how bright it is by the sun, and the board follows', async () => {
  const { client } = village;
  const [board] = await client.call('GET /boards');
  const id = board?.id ?? '';
  await page.goto(`/devices/${id}`);
  await page.getByText('Mặt trời', { exact: true }).tap();
  await page.getByText('Chưa thiết bị nào có vị trí', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Thêm giờ tắt' }).tap();
  const settings = page.getByRole('region', { name: 'Cài đặt bảng' });
  await settings.getByRole('button', { name: 'Lưu' }).tap();
  await page.getByText('Đã lưu cài đặt', { exact: false }).waitFor();
  const { board: chosen } = await client.call('GET /devices/{id}', { params: { id } });
  expect(chosen).toMatchObject({ brightness: { by: 'sun' }, off: [{ from: '22:00', until: '05:00' }] });
  await expect
    .poll(async () => (await client.call('GET /devices/{id}', { params: { id } })).reportedRevision, {
      timeout: 30_000,
    })
    .toBe((await client.call('GET /devices/{id}', { params: { id } })).desiredRevision);
});

/** What stands in a canvas or an image, in its own pixels. */
async function pixelsOf(selector: string): Promise<number[]> {
  await page.locator(selector).waitFor();
  const text = await page.evaluate(`(async () => {
    const element = document.querySelector(${JSON.stringify(selector)});
    // By its address: a newer picture may take its place at any moment.
    const source = element.src ? await createImageBitmap(await (await fetch(element.src)).blob()) : element;
    const { width, height } = source;
    const canvas = new OffscreenCanvas(width, height);
    const brush = canvas.getContext('2d');
    brush.drawImage(source, 0, 0);
    return JSON.stringify([...brush.getImageData(0, 0, width, height).data]);
  })()`);
  return JSON.parse(String(text));
}

const differing = (one: readonly number[], other: readonly number[]): number =>
  one.filter((value, place) => value !== other[place]).length;
