import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { programmeOf, uploadReady } from '../support/schedule.ts';
import { speakTo } from '../support/spoken.ts';
import { until } from '../support/until.ts';
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

test('whatever page is open on a phone, two taps silence what plays', async () => {
  const { client } = village;
  const { id: speaker } = await village.addDevice('Cụm loa tổ 3', ['--kind', 'speaker']);
  const source = path.join(village.directory, 'source.wav');
  await speakTo(source, 'Bản tin của phường Phù Vân, kính mời bà con lắng nghe. '.repeat(40));
  const sound = await uploadReady(client, source, 'dài.wav');
  const content = { kind: 'programme' as const, id: await programmeOf(client, sound, 'Bản tin dài') };
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'vi-VN', baseURL: village.url },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
  const targets = [{ kind: 'all' as const, id: '' }];
  const { id } = await client.call('POST /broadcasts', { body: { content, targets } });
  const at = { params: { id } };
  await until(
    'it to be heard',
    async () => (await client.call('GET /broadcasts/{id}', at)).counts.started === 1,
  );

  const stop = page.getByRole('button', { name: 'Dừng' }).and(page.locator('[aria-haspopup=dialog]'));
  const everywhere = ['/', '/on-air', '/library', `/devices/${speaker}`, '/log', '/system', '/schedules/new'];
  for (const address of everywhere) {
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    // Tapped for a try: it must be there, large enough, and under nothing else.
    await stop.tap({ trial: true });
    const box = await stop.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), address).toBeGreaterThanOrEqual(44);
  }

  await stop.tap();
  await page.getByRole('dialog').getByText('Bản tin dài', { exact: false }).waitFor();
  await page.getByRole('button', { name: /1 thiết bị/ }).tap();
  await until('it to be silent', async () => {
    const { state, counts } = await client.call('GET /broadcasts/{id}', at);
    return state === 'stopped' && counts.stopped === 1;
  });
  const { items } = await client.call('GET /plays', { query: { from: 0, to: Date.now() + 60_000 } });
  const [play] = items.filter(({ deviceId }) => deviceId === speaker);
  expect(play?.playedMs ?? Number.POSITIVE_INFINITY).toBeLessThan(60_000);
  await context.close();
});
