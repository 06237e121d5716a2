import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';

const PASSWORD = 'mat-khau-cua-nguoi-truc';
const FLOOD = {
  title: 'Lũ lên nhanh',
  heading: 'CẢNH BÁO LŨ',
  text: 'Nước sông Đáy đang lên nhanh. Bà con lên chỗ cao ngay, giúp người già và trẻ nhỏ đi trước.',
};

let village: Village;
let browser: Browser;
const complaints: string[] = [];

/** Somebody with an account of their own, at a phone. */
async function phoneOf(username: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    locale: 'vi-VN',
    reducedMotion: 'reduce',
    baseURL: village.url,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.request.post('/api/auth/sign-in/username', { data: { username, password: PASSWORD } });
  await page.goto('/');
  return { context, page };
}

/** The figure of one step, as it stands on the incident's page. */
const step = (page: Page, word: string) => page.getByRole('button', { name: new RegExp(`\\d+.*${word}$`) });

beforeAll(async () => {
  village = await Village.start();
  browser = await launchBrowser();
  const { client } = village;
  for (const [name, username, role] of [
    ['Nguyễn Thị Hương', 'huong', 'operator'],
    ['Trần Văn Bình', 'binh', 'approver'],
  ] as const) {
    const { password } = await client.call('POST /people', { body: { name, username, role } });
    const person = new Client(village.url);
    await person.signIn(username, password);
    const body = { currentPassword: password, newPassword: PASSWORD };
    await person.call('POST /session/password', { body });
  }
  const flags = ['--heartbeat-ms', '1000'];
  await village.addDevice('Cụm loa tổ 1', ['--kind', 'speaker', ...flags]);
  await village.addDevice('Cụm loa tổ 2', ['--kind', 'speaker', ...flags]);
  await village.addDevice('Bảng tin chợ', ['--kind', 'board', ...flags]);
  // One that is known and is not there.
  const away = await village.addDevice('Cụm loa tổ 3', ['--kind', 'speaker', ...flags]);
  await client.call('POST /stored-messages', { body: FLOOD });
  await until('every device to hold the message', async () => {
    const [message] = await client.call('GET /stored-messages');
    return message?.ready === true && message.heldBy === 4;
  });
  await away.program.stop();
  await until('the third loudspeaker to be missed', async () => {
    const { items } = await client.call('GET /devices', { query: {} });
    return items.find(({ id }) => id === away.id)?.status === 'offline';
  });
});
afterAll(async () => {
  await browser?.close();
  await village?.stop();
});

test('from the red button two taps sound a stored message; the page counts who sounds, names who is silent, and gives the all-clear', async () => {
  const { context, page } = await phoneOf('huong');
  await page.getByRole('link', { name: 'Khẩn cấp', exact: true }).tap();
  await page.getByText('3 cụm loa và 1 bảng tin').waitFor();
  await page.getByText('(1 thiết bị đang mất kết nối)').waitFor();

  await page.getByRole('button', { name: /Lũ lên nhanh/ }).tap();
  await page.getByRole('button', { name: 'Phát khẩn cấp ngay trên 3 cụm loa và 1 bảng tin' }).tap();

  // The figures come from the devices themselves, and by themselves.
  await page.getByRole('heading', { level: 1, name: 'Lũ lên nhanh' }).waitFor();
  await expect.poll(() => step(page, 'đang phát').textContent(), { timeout: 60_000 }).toMatch(/^3\/4/);
  await expect.poll(() => step(page, 'im lặng').textContent(), { timeout: 60_000 }).toMatch(/^1\/4/);
  await page.getByText('1 thiết bị: không có kết nối lúc phát').waitFor();
  await page.getByText('Kiểm tra nguồn điện, đèn mạng, SIM', { exact: false }).waitFor();
  await page.getByRole('link', { name: 'Cụm loa tổ 3' }).waitFor();
  await step(page, 'đang phát').tap();
  await page.getByRole('link', { name: 'Bảng tin chợ' }).waitFor();

  // Another page says it too, and leads back.
  await page.getByRole('link', { name: 'Thiết bị', exact: true }).tap();
  await page.getByRole('link', { name: /Đang phát khẩn cấp: Lũ lên nhanh/ }).tap();

  await page.getByRole('button', { name: 'Báo yên' }).tap();
  await page.getByLabel('Lời báo yên').fill('');
  await page.getByRole('button', { name: /^Báo yên trên 4 thiết bị/ }).tap();
  await page.getByText('Đã báo yên').waitFor();
  await until('everything to be silent', async () => {
    const { items } = await village.client.call('GET /devices', { query: {} });
    return items.every(({ playing }) => playing === null);
  });
  await page.getByRole('link', { name: /Đang phát khẩn cấp/ }).waitFor({ state: 'detached' });
  await context.close();
});

test('while it sounds, two taps on its own page silence everything', async () => {
  const { context, page } = await phoneOf('huong');
  await page.getByRole('link', { name: 'Khẩn cấp', exact: true }).tap();
  await page.getByRole('button', { name: /Lũ lên nhanh/ }).tap();
  await page.getByRole('button', { name: /^Phát khẩn cấp ngay/ }).tap();
  await expect.poll(() => step(page, 'đang phát').textContent(), { timeout: 60_000 }).toMatch(/^3\/4/);

  await page.getByRole('button', { name: 'Dừng', exact: true }).tap();
  await page.getByRole('button', { name: /^Dừng ngay 4 thiết bị/ }).tap();
  await until('everything to be silent', async () => {
    const { items } = await village.client.call('GET /devices', { query: {} });
    return items.every(({ playing }) => playing === null);
  });
  await page.getByText(/đã dừng tiếng lúc/).waitFor();
  await page.getByRole('button', { name: 'Báo yên' }).tap();
  await page.getByLabel('Lời báo yên').fill('');
  await page.getByRole('button', { name: /^Báo yên trên/ }).tap();
  await page.getByText('Đã báo yên').waitFor();
  await context.close();
});

test('where the policy asks for two people nothing sounds before the second one; what was typed outlives a reload', async () => {
  const { client } = village;
  const { value } = await client.call('GET /policies/emergency');
  await client.call('PUT /policies/emergency', { body: { ...value, secondPerson: 'always' } });
  const first = await phoneOf('huong');
  const second = await phoneOf('binh');
  const { page } = first;
  await page.getByRole('link', { name: 'Khẩn cấp', exact: true }).tap();
  await page.getByRole('button', { name: /Viết tin mới/ }).tap();
  await page.getByLabel('Tên sự việc').fill('Cháy chợ Phù Vân');
  await page.getByLabel('Nội dung').fill('Có cháy lớn ở chợ. Bà con tránh xa khu chợ.');
  await page.reload();
  await expect.poll(() => page.getByLabel('Nội dung').inputValue()).toContain('Có cháy lớn ở chợ');
  await page.getByRole('button', { name: 'Xem lại trước khi phát' }).tap();
  await page.getByText('Tin này cần người thứ hai xác nhận', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Xác nhận và chờ người thứ hai' }).tap();
  await page.getByText('Nguyễn Thị Hương đã xác nhận và cần thêm một người.').waitFor();
  const { items } = await client.call('GET /incidents', { query: { state: 'waiting' } });
  expect(items.map(({ title, activatedAt }) => ({ title, activatedAt }))).toEqual([
    { title: 'Cháy chợ Phù Vân', activatedAt: null },
  ]);
  // Not by the same person, unless the glass is broken.
  expect(await page.getByRole('button', { name: /^Xác nhận và phát ngay/ }).count()).toBe(0);

  await second.page.getByRole('link', { name: /Chờ người thứ hai xác nhận: Cháy chợ Phù Vân/ }).tap();
  await second.page.getByText('Có cháy lớn ở chợ. Bà con tránh xa khu chợ.').first().waitFor();
  await second.page.getByRole('button', { name: /^Xác nhận và phát ngay: 3 cụm loa và 1 bảng tin/ }).tap();
  // Whoever asked sees it begin.
  await expect.poll(() => step(page, 'đang phát').textContent(), { timeout: 60_000 }).toMatch(/^3\/4/);
  await second.page.getByRole('button', { name: 'Báo yên' }).tap();
  await second.page.getByLabel('Lời báo yên').fill('');
  await second.page.getByRole('button', { name: /^Báo yên trên/ }).tap();
  await second.page.getByText('Đã báo yên').waitFor();
  await client.call('PUT /policies/emergency', { body: value });
  await first.context.close();
  await second.context.close();
});

test('over a link that fails the press says what it knows, and passes when the link is back', async () => {
  const { context, page } = await phoneOf('huong');
  await page.getByRole('link', { name: 'Khẩn cấp', exact: true }).tap();
  await page.getByRole('button', { name: /Lũ lên nhanh/ }).waitFor();
  let dead = true;
  await page.route(/\/api\/v1\/incidents/, (route) => (dead ? route.abort() : route.continue()));
  await page.getByRole('button', { name: /Lũ lên nhanh/ }).tap();
  await page.getByText(/trung tâm chưa nhận được. Chưa có gì phát/).waitFor();
  await page.getByRole('button', { name: /^Phát khẩn cấp ngay/ }).tap();
  await page.getByText(/^Đang gửi lệnh phát/).waitFor();
  expect((await village.client.call('GET /incidents', { query: { state: 'active' } })).items).toEqual([]);
  dead = false;
  await page.getByRole('heading', { level: 1, name: 'Lũ lên nhanh' }).waitFor();
  await expect.poll(() => step(page, 'đang phát').textContent(), { timeout: 60_000 }).toMatch(/^3\/4/);
  await page.getByRole('button', { name: 'Báo yên' }).tap();
  await page.getByLabel('Lời báo yên').fill('');
  await page.getByRole('button', { name: /^Báo yên trên/ }).tap();
  await page.getByText('Đã báo yên').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
