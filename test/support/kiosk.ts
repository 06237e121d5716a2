import { createHash } from 'node:crypto';
import { createCanvas } from '@napi-rs/canvas';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Assets } from '#devices/render/assets';
import { drawShow, makeShow } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import { until } from './until.ts';
import type { Village } from './village.ts';

/** The page of a board in a real browser, as it hangs on a wall. */
export class Kiosk {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly id: string;
  /** What the page itself complained of. */
  readonly complaints: string[];

  private constructor(context: BrowserContext, page: Page, id: string, complaints: string[]) {
    this.context = context;
    this.page = page;
    this.id = id;
    this.complaints = complaints;
  }

  /** Opens it, reads the code from its screen, and lets it in by that. */
  static async letIn(
    browser: Browser,
    village: Village,
    viewport: { width: number; height: number },
    name: string,
  ): Promise<Kiosk> {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${village.url}/board?pitch=4`);
    const shown = await page.locator('.code').textContent();
    const code = shown?.replaceAll(' ', '');
    const pairing = await until('the pairing request', async () =>
      (await village.client.call('GET /pairings')).find((waiting) => waiting.code === code),
    );
    const { device } = await village.client.call('POST /pairings/{id}/approve', {
      params: { id: pairing.id },
      body: { name, areaId: null },
    });
    await page.locator('#board').waitFor();
    return new Kiosk(context, page, device, complaints);
  }

  /** The canvas: where its pixels lie on the screen, and the SHA-256 of its RGBA rows. */
  async canvas(): Promise<{ x: number; y: number; width: number; height: number; pixels: string }> {
    const place = (await this.page.evaluate(`(async () => {
      const canvas = document.getElementById('board');
      const { x, y, width, height } = canvas.getBoundingClientRect();
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
      const pixels = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return { x, y, width, height, pixels, own: [canvas.width, canvas.height] };
    })()`)) as { x: number; y: number; width: number; height: number; pixels: string; own: number[] };
    const { own, ...rest } = place;
    if (own[0] !== rest.width || own[1] !== rest.height)
      throw new Error(`the canvas is stretched: ${own.join('×')}`);
    return rest;
  }

  /** Puts other bytes under the name of a file that the browser keeps, as who has the disk can. */
  async tamper(sha256: string, bytes: string): Promise<void> {
    await this.page.evaluate(
      `new Promise((resolve, reject) => {
        const asked = indexedDB.open('loa-board');
        asked.onerror = () => reject(asked.error);
        asked.onsuccess = () => {
          const change = asked.result.transaction('blobs', 'readwrite');
          change.objectStore('blobs').put({ content: new Blob([${JSON.stringify(bytes)}]), heldAt: 0 }, '${sha256}');
          change.oncomplete = () => { asked.result.close(); resolve(); };
          change.onabort = () => reject(change.error);
        };
      })`,
    );
  }

  /** Waits until exactly these pixels stand on the canvas. */
  async stands(what: string, pixels: string, timeoutMs?: number): Promise<void> {
    await until(what, async () => (await this.canvas().catch(() => null))?.pixels === pixels, timeoutMs);
  }
}

/** What a canvas without a browser draws of a page of a scene that has no pictures: SHA-256 of its RGBA rows. */
export function drawnWithoutBrowser(
  scene: Scene,
  size: { width: number; height: number },
  page = 0,
  now = Date.now(),
): string {
  const assets: Assets = {
    picture: () => null,
    film: () => null,
    layer: ({ width, height }) => {
      const pixels = createCanvas(width, height);
      return { brush: pixels.getContext('2d'), pixels };
    },
  };
  const canvas = createCanvas(size.width, size.height);
  const show = makeShow(scene, size, assets);
  const beforeMs = show.pages.slice(0, page).reduce((sum, { dwellMs }) => sum + dwellMs, 0);
  drawShow(canvas.getContext('2d'), show, beforeMs + 1, now);
  const { data } = canvas.getContext('2d').getImageData(0, 0, size.width, size.height);
  return createHash('sha256').update(data).digest('hex');
}
