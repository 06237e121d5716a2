import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { capAlert, MET } from '../support/cap-alert.ts';
import type { Client } from '../support/client.ts';
import { programmeOf, scheduleOnceAt, secondsFromNow, uploadReady } from '../support/schedule.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

describe('every page can be used by everyone', () => {
  let village: Village;
  let browser: Browser;
  let pages: Record<string, string> = {};

  beforeAll(async () => {
    village = await Village.start();
    browser = await launchBrowser();
    const { client } = village;
    const speaker = await village.addDevice('Cụm loa tổ 1', ['--kind', 'speaker']);
    const board = await village.addDevice('Bảng tin', ['--kind', 'board', '--panel', '192x96']);
    village.startDevice('Chờ ghép', ['--kind', 'speaker']);
    const source = path.join(village.directory, 'source.wav');
    await speakTo(source);
    const asset = await uploadReady(client, source, 'bản tin.wav');
    const programme = await programmeOf(client, asset, 'Bản tin sáng', 'Tiêm phòng sáng thứ tư.');
    const schedule = await scheduleOnceAt(client, secondsFromNow(8_000), {
      kind: 'programme',
      id: programme,
    });
    const play = await until('a play to be proven', async () => {
      const { items } = await client.call('GET /plays', { query: { from: 0, to: Date.now() + 60_000 } });
      return items.find(({ verdict, deviceId }) => verdict === 'played' && deviceId === speaker.id);
    });
    const drill = await heldDrill(client);
    await takeIn(village);
    pages = {
      overview: '/',
      microphone: '/on-air',
      relay: '/on-air?tab=relay',
      'read a text': '/on-air?tab=text',
      'play now': '/on-air?tab=play',
      boards: '/boards',
      devices: '/devices',
      speaker: `/devices/${speaker.id}`,
      board: `/devices/${board.id}`,
      firmware: '/devices/firmware',
      sounds: '/library',
      programmes: '/library?tab=programmes',
      'empty playlists': '/library?tab=playlists',
      week: '/schedules',
      'list of schedules': '/schedules?view=list',
      'a schedule': `/schedules/${schedule}`,
      'a new schedule': '/schedules/new',
      log: '/log',
      'proof of a play': `/log?at=${encodeURIComponent(`${play.occurrence} ${play.deviceId}`)}`,
      guide: '/guide',
      emergency: '/emergency',
      'stored messages': '/emergency/messages',
      incidents: '/incidents',
      'an incident': `/incidents/${drill}`,
      bulletins: '/inbox',
      alerts: '/inbox?tab=alerts',
      'compose for boards': '/boards/compose',
      'a composition': '/boards/compose?template=event',
      guards: '/system',
      'policy of emergencies': '/system?part=emergency',
      'policy of speech': '/system?part=speech',
      'policy of relays': '/system?part=relay',
      'policy of alerts': '/system?part=cap',
      'policy of the province': '/system?part=province',
    };
  });
  afterAll(async () => {
    await browser?.close();
    await village?.stop();
  });

  // Contrast is the scheme's and layout the width's: each of either, once.
  const ways = [
    { width: 1440, height: 900, colorScheme: 'dark' },
    { width: 390, height: 844, colorScheme: 'light' },
  ] as const;

  test.each(ways)('in $colorScheme at $width pixels', async ({ width, height, colorScheme }) => {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      reducedMotion: 'reduce',
      baseURL: village.url,
    });
    const page = await context.newPage();
    const found: string[] = [];
    let looked = ways.findIndex((way) => way.width === width);
    const look = async (name: string) => {
      // A page wider than the screen is scrolled sideways by a thumb.
      const wide = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (wide !== 0) found.push(`${name}: is ${String(wide)} pixels wider than the screen`);
      // Each page in one of the two ways: they are made of the same parts, and every look takes seconds.
      looked += 1;
      if (looked % ways.length !== 0) return;
      const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
      for (const { id, impact, nodes } of violations) {
        if (impact !== 'serious' && impact !== 'critical') continue;
        for (const node of nodes)
          found.push(`${name}: ${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`);
      }
    };

    await page.goto('/');
    await page.getByLabel('Tên đăng nhập').waitFor();
    await look('sign-in');
    await page.getByLabel('Tên đăng nhập').fill('admin');
    await page.getByLabel('Mật khẩu', { exact: true }).fill(ADMIN_PASSWORD);
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await page.getByRole('heading', { name: 'Tổng quan' }).waitFor();

    for (const [name, address] of Object.entries(pages)) {
      await page.goto(address);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.locator('[role=status][aria-label="Đang tải…"]').first().waitFor({ state: 'detached' });
      // What is folded away is looked at too.
      if (name === 'speaker') await page.getByRole('button', { name: /Bản tin/, expanded: false }).click();
      if (name === 'microphone') await page.getByText('1 loa sẽ nghe thấy.').waitFor();
      if (name === 'play now') await page.getByText('Tới 2 thiết bị.').waitFor();
      if (name.startsWith('proof')) await page.getByText('đúng tệp trong lịch').waitFor();
      await look(name);
    }
    await page.goto('/emergency');
    await page.getByRole('button', { name: /Cảnh báo lũ/ }).click();
    await page.getByRole('button', { name: 'Phát khẩn cấp ngay trên 1 cụm loa và 1 bảng tin' }).waitFor();
    await look('to confirm an alarm');
    await page.getByRole('button', { name: 'Huỷ' }).click();
    await page.getByRole('button', { name: /^Dừng( tất cả)?$/ }).click();
    await page.getByRole('button', { name: /^Dừng ngay 2 thiết bị/ }).waitFor();
    await look('stop all');
    expect(found).toEqual([]);
    await context.close();
  });

  test('a keyboard alone reaches the content, a device and its volume', async () => {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      baseURL: village.url,
    });
    const page = await context.newPage();
    await page.request.post('/api/auth/sign-in/username', {
      data: { username: 'admin', password: ADMIN_PASSWORD },
    });
    await page.goto('/devices');
    const row = page.getByRole('link', { name: /Cụm loa tổ 1/ });
    await row.waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Đến nội dung');
    await page.keyboard.press('Enter');
    for (let presses = 0; presses < 40; presses += 1) {
      if (await row.evaluate((element) => element === element.ownerDocument.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    const slider = page.getByRole('slider', { name: 'Âm lượng' });
    await slider.focus();
    const before = Number(await slider.getAttribute('aria-valuenow'));
    await page.keyboard.press(before < 100 ? 'ArrowRight' : 'ArrowLeft');
    const after = before < 100 ? before + 5 : before - 5;
    await page.getByText(`Thiết bị xác nhận đang ở ${after} %.`).waitFor();
    await context.close();
  });
});

/** A drill that nobody hears. @returns its id. */
async function heldDrill(client: Client): Promise<string> {
  const words = { title: 'Cảnh báo lũ', heading: 'LŨ', text: 'Nước lên nhanh. Hãy lên chỗ cao.' };
  const { id: storedMessageId } = await client.call('POST /stored-messages', { body: words });
  const targets = [{ kind: 'all' as const, id: '' }];
  const { id } = await client.call('POST /incidents', {
    body: { ...words, storedMessageId, targets, drill: 'silent' },
  });
  await client.call('POST /incidents/{id}/confirm', { params: { id }, body: {} });
  return id;
}

/** An alert that waits for a person, and one that is but a bulletin. */
async function takeIn({ client, url }: Village): Promise<void> {
  const token = 'a-token-of-the-weather-office';
  await client.call('PUT /secrets/{name}', { params: { name: 'cap-token' }, body: { value: token } });
  const { value } = await client.call('GET /policies/cap');
  const senders = [{ sender: MET, name: 'Khí tượng', policy: 'wait' as const, certificate: null }];
  const geocodes = [{ valueName: 'MA-DVHC', value: '13318', target: { kind: 'all' as const, id: '' } }];
  const feeds = [{ url: 'http://127.0.0.1:9/alerts.atom', everySeconds: 3_600 }];
  await client.call('PUT /policies/cap', { body: { ...value, senders, geocodes, feeds } });
  const area = '<geocode><valueName>MA-DVHC</valueName><value>13318</value></geocode>';
  for (const severity of ['Extreme', 'Minor']) {
    const answer = await fetch(`${url}/api/v1/cap`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cap+xml' },
      body: capAlert(Date.now(), { identifier: severity, infos: [{ area, severity }] }),
    });
    expect(answer.status).toBe(200);
  }
}
