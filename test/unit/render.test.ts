import { createHash } from 'node:crypto';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Assets } from '#devices/render/assets';
import type { Size } from '#devices/render/brush';
import { drawPage } from '#devices/render/draw-page';
import { layOut } from '#devices/render/layout';
import { drawShow, makeShow, pageAt } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import { registerFonts } from '#firmware-sim/board/fonts';

beforeAll(registerFonts);

const ASSETS: Assets = {
  picture: () => null,
  film: () => null,
  layer: ({ width, height }) => {
    const pixels = createCanvas(width, height);
    return { brush: pixels.getContext('2d'), pixels };
  },
};
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
const brushOf = ({ width, height }: Size): SKRSContext2D => createCanvas(width, height).getContext('2d');
const pixelsOf = (brush: SKRSContext2D, { width, height }: Size): Uint8ClampedArray =>
  brush.getImageData(0, 0, width, height).data;

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
    const pages = layOut(brushOf(size), sceneOf(OUTAGE, 'Lịch cắt điện'), size);
    const body = pages.flatMap(({ lines }) => lines.filter(({ voice }) => voice === 'body'));
    expect(wordsOf(body.map(({ text }) => text).join(''))).toBe(wordsOf(OUTAGE));
    const headings = pages[0]?.lines.filter(({ voice }) => voice === 'heading').map(({ text }) => text);
    expect(wordsOf((headings ?? []).join(''))).not.toBe('');
  });

  test('no letter is cut off at an edge, not even the highest marks', () => {
    const text = 'ẾỖẨ ỆỘỢ yếu gọng ỷ ĐƯỜNG';
    const brush = brushOf(size);
    for (const page of layOut(brush, sceneOf(text, 'ỨỨC NGHIỄN'), size)) {
      drawPage(brush, { ...page, position: { index: 0, of: 1 } }, size);
      const pixels = pixelsOf(brush, size);
      for (let x = 0; x < size.width; x += 1) {
        expect(brightness(pixels, size, x, 0), `top edge at ${x}`).toBeLessThan(100);
        expect(brightness(pixels, size, x, size.height - 1), `bottom edge at ${x}`).toBeLessThan(100);
      }
      for (let y = 0; y < size.height; y += 1) {
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

  test('a letter with its marks is one glyph of the font, not a box', () => {
    const brush = brushOf(size);
    brush.font = '500 24px "Be Vietnam Pro", "Be Vietnam Pro Vietnamese"';
    const plain = brush.measureText('e').width;
    for (const letter of 'èéẻẽẹêềếểễệ') expect(brush.measureText(letter).width).toBeCloseTo(plain, 0);
    expect(brush.measureText('ế').actualBoundingBoxAscent).toBeGreaterThan(
      brush.measureText('ê').actualBoundingBoxAscent,
    );
    expect(brush.measureText('ê').actualBoundingBoxAscent).toBeGreaterThan(
      brush.measureText('e').actualBoundingBoxAscent,
    );
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
        const brush = brushOf(size);
        const pages = layOut(brush, sceneOf(text), size);
        const lines = pages.flatMap((page) => page.lines);
        expect(wordsOf(lines.map((line) => line.text).join(''))).toBe(wordsOf(text.normalize('NFC')));
        for (const { x, y } of lines) {
          expect(Number.isInteger(x) && Number.isInteger(y)).toBe(true);
          expect(y).toBeGreaterThan(0);
          expect(y).toBeLessThanOrEqual(size.height);
        }
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
    const pages = layOut(brushOf(large), sceneOf('Phòng chống bão'), large);
    expect(pages).toHaveLength(1);
    expect(Number(/ (\d+)px/.exec(pages[0]?.lines[0]?.font ?? '')?.[1])).toBeGreaterThan(200);
  });
});
