import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { seedDevices } from '../support/seed.ts';
import { ADMIN_PASSWORD, Village } from '../support/village.ts';

const DEVICES = 1_000;
let village: Village;
let browser: Browser;

beforeAll(async () => {
  village = await Village.start({ prepare: async (data) => void (await seedDevices(data, DEVICES)) });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await village?.stop();
});

test('a thousand devices cost no more than those in sight, from the first to the last', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: village.url });
  const page = await context.newPage();
  await page.request.post('/api/auth/sign-in/username', {
    data: { username: 'admin', password: ADMIN_PASSWORD },
  });
  await page.goto('/devices');
  const rows = page.getByRole('list', { name: 'Thiết bị' }).getByRole('listitem');
  await page.getByText('1.000 thiết bị').waitFor();
  await rows.first().waitFor();

  const seen = new Set<string>();
  for (;;) {
    expect(await rows.count()).toBeLessThan(60);
    for (const place of await rows.evaluateAll((all) =>
      all.map((row) => row.getAttribute('aria-posinset') ?? ''),
    ))
      seen.add(place);
    const atEnd = await page.evaluate(
      'Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight',
    );
    if (atEnd === true) break;
    await page.mouse.wheel(0, 800);
    await page.evaluate(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
  }
  expect(seen.size, 'every device was shown on the way').toBe(DEVICES);

  await page.getByRole('searchbox').fill('Cụm loa 777');
  await page.getByRole('link', { name: /Cụm loa 777/ }).waitFor();
  await expect.poll(() => rows.count()).toBe(1);
  await context.close();
});
