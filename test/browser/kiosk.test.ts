import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scene } from '#devices/scene';
import { launchBrowser } from '../support/browser.ts';
import { drawnWithoutBrowser, Kiosk } from '../support/kiosk.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';

const SCREEN = { width: 320, height: 160 };

describe('a screen on a wall', () => {
  let village: Village;
  let browser: Browser;
  let kiosk: Kiosk;

  beforeAll(async () => {
    village = await Village.start();
    browser = await launchBrowser();
    kiosk = await Kiosk.letIn(browser, village, SCREEN, 'Bảng tin nhà văn hoá');
  });
  afterAll(async () => {
    await browser?.close();
    await village?.stop();
  });

  const board = () => village.client.call('GET /boards/{id}', { params: { id: kiosk.id } });
  const publish = async (title: string, text: string) => {
    const { client } = village;
    const notice = { heading: 'THÔNG BÁO', text, durationMs: 60_000 };
    const { id } = await client.call('POST /programmes', { body: { title, notice } });
    const body = {
      programmeId: id,
      targets: [{ kind: 'device' as const, id: kiosk.id }],
      until: Date.now() + 30 * 60_000,
      acceptWarnings: true,
    };
    await client.call('POST /boards/publish', { body });
    return wanted();
  };
  const wanted = () =>
    until('the board to be wanted to show something', async () => {
      const params = { id: kiosk.id };
      const { scene, sha256 } = await village.client.call('GET /boards/{id}/scene', { params });
      return scene === null || sha256 === null ? null : { scene, sha256 };
    });

  test('is let in by the code that it shows, and says what it is', async () => {
    const view = await until('the board to be online', async () => {
      const one = await board();
      return one.online && one.mode !== null ? one : null;
    });
    expect(view).toMatchObject({ display: 'lcd', panel: { ...SCREEN, pitchMm: 4 }, mode: 'idle' });
  });

  test('shows what was published, to the pixel as it is drawn without a browser, and proves it', async () => {
    const { scene, sha256 } = await publish('Tiêm phòng', 'Sáng thứ tư tiêm phòng cho trẻ em tại trạm y tế.');
    const expected = drawnWithoutBrowser(scene, SCREEN);
    await kiosk.stands('the notice', expected);
    const view = await until('what it draws and what was seen to be compared', async () => {
      const one = await board();
      return one.rendered?.as === 'same' && one.seen?.as === 'same' ? one : null;
    });
    expect(view).toMatchObject({
      mode: 'playing',
      rendered: { sceneSha256: sha256, pixelsSha256: expected },
    });
  });

  test('draws nothing that was changed on its disk, and has it mended once the controller is there again', async () => {
    const { sha256, scene } = await wanted();
    const real = drawnWithoutBrowser(scene, SCREEN);
    const forged: Scene = {
      ...{ v: 2, language: 'vi' },
      pages: [{ zones: [{ item: { type: 'notice', text: 'Trúng thưởng 50 triệu!' } }] }],
    };
    await village.controller.stop();
    await kiosk.page.evaluate('navigator.serviceWorker.ready');
    await kiosk.tamper(sha256, JSON.stringify(forged));
    await kiosk.page.reload();
    const seen = new Set<string>();
    const end = Date.now() + 5_000;
    while (Date.now() < end) seen.add((await kiosk.canvas().catch(() => null))?.pixels ?? 'none');
    expect(seen).not.toContain(drawnWithoutBrowser(forged, SCREEN));
    await village.restartController();
    await kiosk.stands('the notice again', real);
  });
});
