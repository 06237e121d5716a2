import { expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';

test('a machine without a browser still runs these tests, by the one that comes with the packages', async () => {
  const browser = await launchBrowser({ bundled: true });
  try {
    const page = await browser.newPage();
    await page.setContent('<p>Phường Phù Vân</p>');
    expect(await page.getByText('Phường Phù Vân').isVisible()).toBe(true);
    // Text that has a height was drawn with a font of its own; a machine without fonts would give none.
    expect((await page.locator('p').boundingBox())?.height).toBeGreaterThan(10);
  } finally {
    await browser.close();
  }
});
