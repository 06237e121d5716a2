import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import express from 'express';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BlobStore } from '#controller/blobs/store';
import { systemClock } from '#controller/clock';
import { openStore, type Store } from '#controller/database/open';
import { canonical } from '#controller/library/scene-of';
import { Counter } from '#controller/public-board/counter';
import { PublicItems } from '#controller/public-board/items';
import { BoardPictures } from '#controller/public-board/pictures';
import { publicBoardRouter } from '#controller/public-board/router';
import { itemId, type StandingItem } from '#controller/public-board/standing-item';
import { Painter } from '#controller/visuals/painter';
import { SCENE_TYPE, Scene } from '#devices/scene';
import { launchBrowser } from '../support/browser.ts';
import { silent } from '../support/embedded-broker.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const HOUR_MS = 3_600_000;
let directory: string;
let store: Store;
let painter: Painter;
let server: Server;
let browser: Browser;
let url: string;
let standing: StandingItem[];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'loa-public-'));
  store = openStore(path.join(directory, 'loa.sqlite'));
  const blobs = new BlobStore(path.join(directory, 'blobs'), store);
  painter = new Painter({ jobMs: 120_000 });
  const now = systemClock.now();
  const item = async (
    title: string,
    priority: StandingItem['priority'],
    pages: Scene['pages'],
    more: Partial<StandingItem> = {},
  ): Promise<StandingItem> => {
    const scene = Scene.parse({ v: 2, language: 'vi', pages });
    const { sha256 } = await blobs.put(Buffer.from(canonical(scene)), SCENE_TYPE, now);
    return {
      ...{ id: itemId(sha256), sceneSha256: sha256, scene, title, priority, paused: false },
      ...{ since: now - HOUR_MS, until: now + HOUR_MS, size: { width: 192, height: 96 } },
      boards: [{ name: 'Bảng tin cổng phường', lostSince: null }],
      ...more,
    };
  };
  const flood = {
    type: 'emergency',
    level: 'red',
    heading: 'CẢNH BÁO LŨ',
    text: 'Lên chỗ cao ngay.',
  } as const;
  const prices = {
    ...({ type: 'table', heading: 'Giá chợ hôm nay', head: true } as const),
    rows: [
      ['Mặt hàng', 'Giá'],
      ['Gạo tẻ', '18.000 đ'],
    ],
  };
  const points = {
    type: 'text' as const,
    paragraphs: [{ runs: [{ text: 'Giữ vệ sinh', bold: true as const }], bullet: true as const }],
  };
  const over = await item('Lịch tiêm chủng', 'scheduled', [
    { zones: [{ item: { type: 'notice', text: 'Sáng thứ Bảy tại trạm y tế' } }] },
  ]);
  standing = [
    await item('Cảnh báo lũ', 'emergency', [{ zones: [{ item: flood }] }]),
    await item('Giá chợ', 'scheduled', [{ zones: [{ item: prices }] }, { zones: [{ item: points }] }], {
      boards: [{ name: 'Bảng tin chợ', lostSince: now - HOUR_MS }],
      paused: true,
    }),
  ];
  const items = new PublicItems(store);
  items.note([over], now - 2 * HOUR_MS);
  const pictures = new BoardPictures({
    ...{ store, clock: systemClock, blobs, painter, directory: path.join(directory, 'pictures') },
  });
  await pictures.start();
  const app = express();
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const site = { name: 'Phường Phù Vân', publicUrl: url, zone: 'Asia/Ho_Chi_Minh' };
  const counter = new Counter({ store, clock: systemClock, zone: site.zone, log: silent });
  const watch = { standing, lookedAt: now, revision: 1 };
  app.use('/public', publicBoardRouter({ site, watch, items, pictures, counter }));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  await painter?.stop();
  await store?.close();
  await rm(directory, { recursive: true, force: true });
});

test('everybody can read the public board: on a telephone, in the dark, without script, with a screen reader', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      colorScheme,
      locale: 'vi-VN',
      viewport: { width: 390, height: 844 },
    });
    const page = await context.newPage();
    for (const address of ['', `/${standing[1]?.id}`]) {
      await page.goto(`${url}/public/board${address}`);
      const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
      expect(
        violations.map(
          ({ id, nodes }) => `${colorScheme} ${address} ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
        ),
      ).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      const shown = await page.evaluate(async () => {
        for (const picture of document.images) picture.loading = 'eager';
        await Promise.all([...document.images].map((picture) => picture.decode()));
        return [...document.images].map(({ naturalWidth }) => naturalWidth);
      });
      expect(shown).toEqual([1_152, 1_152]);
    }
    await context.close();
  }
});

test('an item is shared with a tap: the link is copied, and without script it stands there to be copied', async () => {
  const address = `${url}/public/board/${standing[0]?.id}`;
  const context = await browser.newContext({
    permissions: ['clipboard-read', 'clipboard-write'],
    locale: 'vi-VN',
  });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole('button', { name: 'Chép liên kết' }).click();
  await page.getByRole('button', { name: 'Đã chép' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
  await context.close();
  const bare = await browser.newContext({ javaScriptEnabled: false, locale: 'vi-VN' });
  const plain = await bare.newPage();
  await plain.goto(address);
  expect(await plain.getByRole('textbox').inputValue()).toBe(address);
  expect(await plain.getByRole('button', { name: 'Chép liên kết' }).isVisible()).toBe(false);
  await bare.close();
});
