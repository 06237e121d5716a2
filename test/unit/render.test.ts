import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Size } from '#devices/render/brush';
import { markHeight } from '#devices/render/position-marks';
import { drawShow, makeShow, pageAt } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import { boardAssets, brushOf, pixelsOf } from '../support/board-assets.ts';

const ASSETS = boardAssets();
const SIZES: Size[] = [
  { width: 64, height: 32 },
  { width: 128, height: 64 },
  { width: 192, height: 96 },
  { width: 96, height: 192 },
  { width: 640, height: 160 },
  { width: 1920, height: 1080 },
];
const OUTAGE =
  'Điện lực Ninh Bình thông báo: từ 7 giờ đến 16 giờ ngày 26/11/2026, ngừng cấp điện khu vực tổ dân phố 1, 2, 3 ' +
  'phường Phù Vân để sửa chữa đường dây.\nĐề nghị nhân dân chủ động sinh hoạt, sản xuất và bảo đảm an toàn.';

const sceneOf = (text: string, heading?: string): Scene => ({
  v: 2,
  language: 'vi',
  pages: [{ zones: [{ item: { type: 'notice', text, ...(heading === undefined ? {} : { heading }) } }] }],
});
function picture(scene: Scene, size: Size, tMs = 0): { pixels: Uint8ClampedArray; hash: string } {
  const brush = brushOf(size);
  drawShow(brush, makeShow(scene, size, ASSETS), tMs, 0);
  const pixels = pixelsOf(brush, size);
  return { pixels, hash: createHash('sha256').update(pixels).digest('hex') };
}

/** How bright the green of a pixel is, which both inks have. */
const brightness = (pixels: Uint8ClampedArray, { width }: Size, x: number, y: number): number =>
  pixels[(y * width + x) * 4 + 1] ?? 0;

const wordsOf = (text: string): string => text.replace(/\s+/g, '');

describe.each(SIZES)('on a board of $width × $height', (size) => {
  test('every word of a notice is shown, in order, over its pages', () => {
    const { pages } = makeShow(sceneOf(OUTAGE, 'Lịch cắt điện'), size, ASSETS);
    const shown = pages.map(({ words }) => words.replace(/^Lịch cắt điện ?/, '')).join(' ');
    expect(wordsOf(shown.replace(/^(Lịch|cắt|điện| )+/, ''))).toBe(wordsOf(OUTAGE));
    expect(pages[0]?.words).toMatch(/^Lịch/);
  });

  test('no letter is cut off at an edge, not even the highest marks', () => {
    const text = 'ẾỖẨ ỆỘỢ yếu gọng ỷ ĐƯỜNG';
    const brush = brushOf(size);
    const show = makeShow(sceneOf(text, 'ỨỨC NGHIỄN'), size, ASSETS);
    // Below it are the marks that tell which page it is.
    const lowest = size.height - 1 - (show.pages.length > 1 ? markHeight(size) : 0);
    let from = 0;
    for (const { dwellMs } of show.pages) {
      drawShow(brush, show, from, 0);
      from += dwellMs;
      const pixels = pixelsOf(brush, size);
      for (let x = 0; x < size.width; x += 1) {
        expect(brightness(pixels, size, x, 0), `top edge at ${x}`).toBeLessThan(100);
        expect(brightness(pixels, size, x, lowest), `bottom edge at ${x}`).toBeLessThan(100);
      }
      for (let y = 0; y <= lowest; y += 1) {
        expect(brightness(pixels, size, 0, y), `left edge at ${y}`).toBeLessThan(100);
        expect(brightness(pixels, size, size.width - 1, y), `right edge at ${y}`).toBeLessThan(100);
      }
    }
  });

  test('letters are lit brightly on black', () => {
    const { pixels } = picture(sceneOf('Họp tổ'), size);
    let bright = 0;
    let dark = 0;
    for (let index = 1; index < pixels.length; index += 4) {
      if ((pixels[index] ?? 0) > 200) bright += 1;
      if (pixels[index] === 0) dark += 1;
    }
    const all = size.width * size.height;
    expect(bright / all).toBeGreaterThan(0.01);
    expect(dark / all).toBeGreaterThan(0.5);
  });
});

describe('Vietnamese', () => {
  const size = { width: 64, height: 32 };

  test('words that differ in a mark alone look different, even on the smallest board', () => {
    const words = [
      'ma',
      'má',
      'mà',
      'mả',
      'mã',
      'mạ',
      'mâ',
      'mấ',
      'mầ',
      'mẩ',
      'mẫ',
      'mậ',
      'mă',
      'mắ',
      'mằ',
      'mẳ',
      'mẵ',
      'mặ',
    ];
    words.push(
      'bo',
      'bơ',
      'bớ',
      'bờ',
      'bở',
      'bỡ',
      'bợ',
      'bu',
      'bư',
      'bứ',
      'bừ',
      'bử',
      'bữ',
      'bự',
      'da',
      'đa',
    );
    const long = ' Thông báo của uỷ ban nhân dân phường';
    const hashes = words.map((word) => picture(sceneOf(word + long), size).hash);
    expect(new Set(hashes).size).toBe(words.length);
  });

  test('a text typed with separate marks lights the same pixels', () => {
    expect(picture(sceneOf('Đề nghị'.normalize('NFD')), size).hash).toBe(
      picture(sceneOf('Đề nghị'), size).hash,
    );
  });
});

describe('any text', () => {
  test('is laid out within the board and without losing a letter', () => {
    const letters = fc.constantFrom(...'aăâbcdđeêghiklmnoôơpqrstuưvxyẾỖẨỵ0123456789 \n.,:/-');
    const anyText = fc
      .string({ unit: letters, minLength: 1, maxLength: 400 })
      .filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(anyText, fc.constantFrom(...SIZES.slice(0, 4)), (text, size) => {
        const { pages } = makeShow(sceneOf(text), size, ASSETS);
        expect(wordsOf(pages.map(({ words }) => words).join(''))).toBe(wordsOf(text.normalize('NFC')));
      }),
      { numRuns: 60 },
    );
  });

  test('of blanks alone leaves the board dark', () => {
    expect(
      picture(sceneOf(' \n '), { width: 64, height: 32 }).pixels.some(
        (value, index) => index % 4 !== 3 && value > 0,
      ),
    ).toBe(false);
  });
});

describe('pages', () => {
  const size = { width: 64, height: 32 };
  const scene = sceneOf(OUTAGE, 'Lịch cắt điện');

  test('each stands long enough to be read, and they go round', () => {
    const show = makeShow(scene, size, ASSETS);
    const { pages, roundMs } = show;
    expect(pages.length).toBeGreaterThan(3);
    for (const { dwellMs } of pages) expect(dwellMs).toBeGreaterThanOrEqual(4_000);
    expect(pageAt(show, 0, 0).page).toBe(pages[0]);
    expect(pageAt(show, (pages[0]?.dwellMs ?? 0) + 1, 0).page).toBe(pages[1]);
    expect(pageAt(show, roundMs + 1, 0).page).toBe(pages[0]);
    expect(pageAt(show, roundMs - 1, 0)).toMatchObject({ page: pages.at(-1), nextInMs: 1 });
  });

  test('the same moment lights the same pixels, and the next page others', () => {
    expect(picture(scene, size, 100).hash).toBe(picture(scene, size, 200).hash);
    expect(picture(scene, size, 4_500).hash).not.toBe(picture(scene, size, 100).hash);
  });

  test('a short notice is one page, as large as it fits', () => {
    const large = { width: 1920, height: 1080 };
    const { pages } = makeShow(sceneOf('Phòng chống bão'), large, ASSETS);
    expect(pages).toHaveLength(1);
    const { pixels } = picture(sceneOf('Phòng chống bão'), large);
    let [top, bottom] = [large.height, 0];
    for (let y = 0; y < large.height; y += 1) {
      for (let x = 0; x < large.width; x += 1) {
        if (brightness(pixels, large, x, y) < 200) continue;
        top = Math.min(top, y);
        bottom = y;
      }
    }
    expect(bottom - top).toBeGreaterThan(200);
  });
});
