import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

const WIDTH = 192;
const HEIGHT = 96;

let village: Village;
let browser: Browser;
let board = '';

beforeAll(async () => {
  village = await Village.start();
  browser = await launchBrowser();
  const panel = ['--kind', 'board', '--panel', `${WIDTH}x${HEIGHT}`, '--heartbeat-ms', '1000'];
  board = (await village.addDevice('Bảng tin cổng chợ', panel)).id;
});
afterAll(async () => {
  await browser?.close();
  await village?.stop();
});

async function signedIn(options: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ locale: 'vi-VN', baseURL: village.url, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
  return { page, complaints };
}

/** What the preview has drawn, RGBA. */
const previewPixels = (page: Page): Promise<number[]> =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('.stage canvas');
    return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data];
  })()`);

/** The board's own picture, RGBA. */
async function picturePixels(id: string): Promise<Uint8ClampedArray> {
  const answer = await village.client.raw('GET /evidence/{id}', { params: { id } });
  const picture = await loadImage(Buffer.from(await answer.arrayBuffer()));
  const brush = createCanvas(picture.width, picture.height).getContext('2d');
  brush.drawImage(picture, 0, 0);
  return brush.getImageData(0, 0, picture.width, picture.height).data;
}

test('on a phone a notice is composed, what nobody could read is mended, and what the board shows is the preview to the pixel', async () => {
  const { page, complaints } = await signedIn({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.goto('/boards');
  await page.getByRole('link', { name: 'Soạn bảng tin' }).tap();
  await page.getByRole('button', { name: /^192 × 96/ }).tap();
  await page.getByRole('button', { name: /^Thông báo/ }).tap();
  const words = page.getByLabel('Nội dung', { exact: true });
  const findings = page.getByRole('region', { name: 'Kiểm tra trước khi đăng' });

  // The words of a template are not the ward's.
  await page.getByRole('button', { name: 'Đăng lên bảng' }).tap();
  await findings.getByText('Đây vẫn là chữ của mẫu.', { exact: false }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);

  // A letter that no board has is refused by its name.
  await words.fill('Cắt điện sáng thứ tư: tổ 1, 2. 😀');
  await findings.getByText('Bảng không có chữ U+1F600 😀.').waitFor();
  await page.getByRole('button', { name: 'Đăng lên bảng' }).tap();
  await page.getByText('Còn 1 điều phải sửa trước khi đăng.').waitFor();
  await findings.getByRole('button', { name: 'Bỏ chữ này' }).tap();
  await expect.poll(() => words.inputValue()).toBe('Cắt điện sáng thứ tư: tổ 1, 2. ');

  // Letters that are too small for the distance are told of, with the height that would do.
  await page.getByText('Màu, cỡ chữ, canh lề').tap();
  await page.getByRole('switch', { name: 'Chữ to nhất có thể' }).tap();
  await page.getByLabel('Cao một dòng, điểm ảnh').fill('10');
  await findings.getByText('Chữ hoa cao', { exact: false }).waitFor();
  await findings.getByRole('button', { name: /^Chữ cao \d+ điểm ảnh$/ }).tap();
  await findings.getByText('Đọc được, đăng được.').waitFor();

  await page.getByRole('button', { name: 'Đăng lên bảng' }).tap();
  const sheet = page.getByRole('dialog');
  await expect.poll(() => sheet.getByRole('checkbox', { name: /Bảng tin cổng chợ/ }).isChecked()).toBe(true);
  await sheet.getByRole('button', { name: '1 giờ' }).tap();
  await sheet.getByRole('button', { name: 'Đăng lên 1 bảng' }).tap();

  // The console compares the board's picture with the preview, and so does this test.
  const proof = sheet.getByRole('listitem', { name: 'Bảng tin cổng chợ' });
  await proof.getByText('Giống hệt: 0 trên 18.432 điểm ảnh khác nhau').waitFor();
  const { seen } = await village.client.call('GET /boards/{id}', { params: { id: board } });
  if (seen === null) throw new Error('the console compared a picture that the controller does not know');
  const [drawn, lit] = [await previewPixels(page), await picturePixels(seen.pictureId)];
  expect(lit.length).toBe(WIDTH * HEIGHT * 4);
  expect(drawn.length).toBe(lit.length);
  expect(drawn.filter((value, at) => value !== lit[at]).length).toBe(0);
  // A dark board would be like a dark preview.
  expect(new Set(lit).size).toBeGreaterThan(2);

  await sheet.getByRole('button', { name: 'Dừng hiển thị' }).tap();
  await sheet.getByRole('button', { name: 'Chạm lần nữa để dừng trên 1 bảng' }).tap();
  await until('the board to show nothing of it any more', async () => {
    const { desired } = await village.client.call('GET /boards/{id}', { params: { id: board } });
    return desired === null;
  });
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('zones are moved and resized by the keyboard alone, every step can be undone, and a draft outlives a lost link', async () => {
  const { page, complaints } = await signedIn({ viewport: { width: 1440, height: 900 } });
  await page.goto('/boards/compose?template=event');
  const zone = page.getByRole('button', { name: 'Vùng 2: Chữ chạy' });
  await zone.focus();
  await page.getByText('Vị trí và kích thước').click();
  const side = async (name: string) =>
    Number(await page.getByRole('textbox', { name, exact: true }).inputValue());
  const place = async () => [
    await side('Cách trái'),
    await side('Cách trên'),
    await side('Rộng'),
    await side('Cao'),
  ];
  const before = await place();
  const [left = 0, top = 0, width = 0, height = 0] = before;

  await zone.focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(place).toEqual([left, top - 4, width, height]);
  await page
    .getByText(`Vùng 2: cách trái ${left}, cách trên ${top - 4}`, { exact: false })
    .waitFor({ state: 'attached' });
  await page.keyboard.press('Shift+ArrowLeft');
  await expect.poll(place).toEqual([left, top - 4, width - 4, height]);
  await page.keyboard.press('Control+ArrowRight');
  await expect.poll(place).toEqual([left + 1, top - 4, width - 4, height]);

  // By the pointer too, and it snaps to the grid.
  const box = await zone.boundingBox();
  if (box === null) throw new Error('the zone is not on the screen');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 - 60, { steps: 4 });
  await page.mouse.up();
  expect((await side('Cách trên')) % 4).toBe(0);
  expect(await side('Cách trên')).toBeLessThan(top - 4);

  for (let steps = 0; steps < 4; steps += 1) await page.keyboard.press('Control+z');
  await expect.poll(place).toEqual(before);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => side('Cách trên')).toBe(top - 4);

  await page.context().setOffline(true);
  await page.getByRole('textbox', { name: 'Tên nội dung' }).fill('Hội làng');
  await page.getByRole('button', { name: 'Lưu', exact: true }).click();
  await page.getByText('Bản nháp vẫn giữ trong máy này.', { exact: false }).waitFor();
  await page.context().setOffline(false);
  await page.goto('/boards/compose');
  await page.getByRole('region', { name: 'Bản nháp' }).getByText('Hội làng').waitFor();
  await page.getByRole('button', { name: 'Soạn tiếp' }).click();
  await expect.poll(() => page.getByRole('textbox', { name: 'Tên nội dung' }).inputValue()).toBe('Hội làng');
  expect(complaints).toEqual([]);
  await page.context().close();
});
