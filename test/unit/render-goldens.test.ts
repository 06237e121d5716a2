import { describe, expect, test } from 'vitest';
import type { Size } from '#devices/render/brush';
import { drawFallback } from '#devices/render/idle';
import { drawShow, makeShow } from '#devices/render/show';
import { boardAssets, brushOf, pixelsOf } from '../support/board-assets.ts';
import { expectGolden } from '../support/golden.ts';
import { AFTERNOON, field, PICTURE, SCENES, type SceneName } from '../support/ward-scenes.ts';

const LED = { width: 192, height: 96 };
const TALL = { width: 96, height: 192 };

/** Scene, board, ms since it began. */
const PAGES: [SceneName, Size, number][] = [
  ['notice', LED, 0],
  ['notice', LED, 12_000],
  ['notice', { width: 640, height: 360 }, 0],
  ['notice', { width: 64, height: 32 }, 0],
  ['poster', LED, 0],
  ['text', { width: 320, height: 160 }, 0],
  ['text', TALL, 0],
  ['table', LED, 0],
  ['table', { width: 320, height: 160 }, 0],
  ['table', TALL, 0],
  ['ticker', LED, 0],
  ['ticker', LED, 4_000],
  ['clock', LED, 0],
  ['clock', TALL, 0],
  ['tile', LED, 0],
  ['tile', TALL, 0],
  ['emergency', LED, 0],
  ['emergency', TALL, 0],
  ['emergency', { width: 640, height: 360 }, 1_000],
  ['drill', LED, 0],
  ['image', LED, 0],
  ['image', TALL, 0],
  ['zones', LED, 0],
];

describe('a page looks as it did when it was looked at', () => {
  test.each(PAGES)('%s on %o after %i ms', async (name, size, tMs) => {
    const assets = boardAssets();
    assets.pictures.set(PICTURE, field(LED));
    const brush = brushOf(size);
    const { page } = drawShow(brush, makeShow(SCENES[name], size, assets), tMs, AFTERNOON);
    expect(page).not.toBeNull();
    const at = tMs === 0 ? '' : `-${tMs}`;
    await expectGolden(`board-${name}-${size.width}x${size.height}${at}`, {
      data: pixelsOf(brush, size),
      ...size,
    });
  });

  test.each([
    ['clock', LED],
    ['name', LED],
    ['clock', TALL],
    ['name', { width: 640, height: 360 }],
  ] as const)('%s, when nothing else is shown, on %o', async (show, size) => {
    const brush = brushOf(size);
    const face = { title: 'Phường Phù Vân', utcOffsetMinutes: 420, clockSet: true, language: 'vi' };
    drawFallback(brush, size, { show }, face, AFTERNOON, boardAssets());
    await expectGolden(`board-idle-${show}-${size.width}x${size.height}`, {
      data: pixelsOf(brush, size),
      ...size,
    });
  });

  test('a clock that is not set shows no time', () => {
    const brush = brushOf(LED);
    const face = { title: 'Phường Phù Vân', utcOffsetMinutes: 420, clockSet: false, language: 'vi' };
    const { nextInMs } = drawFallback(brush, LED, { show: 'clock' }, face, AFTERNOON, boardAssets());
    expect(nextInMs).toBe(Number.POSITIVE_INFINITY);
    expect(pixelsOf(brush, LED).every((byte, at) => at % 4 === 3 || byte === 0)).toBe(true);
  });
});
