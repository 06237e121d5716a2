import { createHash } from 'node:crypto';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { type BoardSettings, FACTORY_BOARD } from '#devices/board/settings';
import type { Rendition } from '#devices/broadcast';
import { SCENE_TYPE, type Scene } from '#devices/scene';
import type { SceneItem } from '#devices/scene/item';
import type { ScenePage } from '#devices/scene/page';

type Page = Scene['pages'][number];
export const pageWith = (item: SceneItem, more: Partial<ScenePage> = {}): Page => ({
  zones: [{ item }],
  ...more,
});

export const noticePage = (text: string, more: Partial<ScenePage> = {}): Page =>
  pageWith({ type: 'notice', text }, more);

/** A scene as it is stored. */
export const sceneBytes = (pages: Page[]): Buffer =>
  Buffer.from(JSON.stringify({ v: 2, language: 'vi', pages } satisfies Scene));

export const notice = (heading: string, text: string): Buffer =>
  sceneBytes([pageWith({ type: 'notice', heading, text })]);

/** A scene that comes with the order. */
export const inlineScene = (bytes: Buffer): Rendition => ({
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
  type: SCENE_TYPE,
  inline: bytes.toString('utf8'),
});

/** A board that is dark when it has nothing to show, and makes no pictures unasked but the first. */
export const boardSettings = (
  fallbacks: Partial<BoardSettings['fallbacks']> = {},
  more: Partial<BoardSettings> = {},
): BoardSettings => ({
  ...FACTORY_BOARD,
  pictureEveryMs: 0,
  ...more,
  fallbacks: { ...FACTORY_BOARD.fallbacks, idle: { show: 'dark' }, ...fallbacks },
});

/** RGBA rows of a PNG. */
export async function pixelsOf(png: Buffer): Promise<Uint8ClampedArray> {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height).data;
}

export const hashOfPng = async (png: Buffer): Promise<string> =>
  createHash('sha256')
    .update(await pixelsOf(png))
    .digest('hex');

/** How many pixels are lit. */
export const litIn = (pixels: Uint8ClampedArray): number =>
  pixels.filter((value, index) => index % 4 === 1 && value > 60).length;
