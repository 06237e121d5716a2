import { createCanvas } from '@napi-rs/canvas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxOf } from '#devices/render/box';
import type { Size } from '#devices/render/brush';
import { fileFor, placingOf } from '#devices/render/picture-place';
import { drawShow, makeShow } from '#devices/render/show';
import { wordsOf } from '#devices/render/words';
import { Scene } from '#devices/scene';
import type { SceneItem } from '#devices/scene/item';
import { boardAssets, brushOf, pixelsOf } from '../support/board-assets.ts';

const NOON = Date.UTC(2026, 10, 24, 5);
const GROUND = '#123456';
const sha = (digit: string): string => digit.repeat(64);
const fileOf = (digit: string, width: number, height: number) =>
  ({ sha256: sha(digit), bytes: 1, type: 'image/png', width, height }) as const;

/** One of each kind, with nothing that depends on a file. */
const ITEMS: SceneItem[] = [
  { type: 'notice', heading: 'ẾỖ', text: 'Thông báo cắt điện ngày 26/11/2026 tại tổ dân phố 1, 2, 3' },
  { type: 'notice', text: 'Nghiêng', linePx: 40 },
  { type: 'text', paragraphs: [{ runs: [{ text: 'Một', bold: true }, { text: ' hai' }], bullet: true }] },
  {
    type: 'table',
    heading: 'Giá',
    rows: [
      ['Rau', '8.000'],
      ['Thịt lợn ba chỉ', '135.000'],
    ],
  },
  { type: 'image', files: [], alt: 'Ảnh nhà văn hoá', fit: 'cover' },
  { type: 'ticker', text: 'Chữ chạy từ phải sang trái, nhiều hơn một dòng', pixelsPerSecond: 60 },
  { type: 'clock', show: 'time-date', utcOffsetMinutes: 420 },
  { type: 'tile', label: 'Nhiệt độ', value: '31', unit: '°C', icon: 'storm' },
  { type: 'emergency', level: 'orange', heading: 'BÃO', text: 'Ở trong nhà' },
];

describe('a zone', () => {
  test('draws nothing outside itself, whatever is in it and however small it is', () => {
    const size = { width: 90, height: 70 };
    fc.assert(
      fc.property(
        fc.constantFrom(...ITEMS),
        fc.integer({ min: 0, max: 80 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 70 }),
        fc.nat(20_000),
        (item, x, y, width, height, tMs) => {
          const rectangle = { x, y, width, height };
          const scene: Scene = {
            v: 2,
            language: 'vi',
            grid: size,
            pages: [{ ground: GROUND, zones: [{ rectangle, ground: '#000000', item }] }],
          };
          const brush = brushOf(size);
          drawShow(brush, makeShow(scene, size, boardAssets()), tMs, NOON);
          const pixels = pixelsOf(brush, size);
          for (let at = 0; at < pixels.length; at += 4) {
            const [column, row] = [(at / 4) % size.width, Math.floor(at / 4 / size.width)];
            const inside = column >= x && column < x + width && row >= y && row < y + height;
            const ground = pixels[at] === 0x12 && pixels[at + 1] === 0x34 && pixels[at + 2] === 0x56;
            if (!inside && !ground) throw new Error(`${item.type} drew at ${column}, ${row}`);
          }
        },
      ),
      { numRuns: 70 },
    );
  });

  test('covers those before it, also what moves in them', () => {
    const size = { width: 96, height: 48 };
    const covering: Scene = {
      v: 2,
      language: 'vi',
      pages: [
        {
          zones: [
            {
              item: { type: 'ticker', text: 'Chữ chạy rất dài, không đứng yên bao giờ', pixelsPerSecond: 60 },
            },
            {
              rectangle: { x: 20, y: 10, width: 40, height: 24 },
              ground: '#0a0b0c',
              item: { type: 'notice', text: 'Họp' },
            },
          ],
        },
      ],
    };
    const brush = brushOf(size);
    const show = makeShow(covering, size, boardAssets());
    const covered = (tMs: number): string => {
      drawShow(brush, show, tMs, NOON);
      return Buffer.from(brush.getImageData(20, 10, 40, 24).data).toString('hex');
    };
    const first = covered(0);
    expect(first.slice(0, 6)).toBe('0a0b0c');
    for (let tMs = 0; tMs < 4_000; tMs += 333) expect(covered(tMs)).toBe(first);
  });

  test('keeps its neighbours on every size of board: no gap, no overlap, nothing beyond the edge', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 400 }),
        fc.array(fc.integer({ min: 1, max: 399 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 16, max: 2_000 }),
        (grid, cuts, width) => {
          const edges = [...new Set([0, ...cuts.filter((cut) => cut < grid), grid])].sort((a, b) => a - b);
          const boxes = edges.slice(1).map((right, at) => {
            const x = edges[at] ?? 0;
            const rectangle = { x, y: 0, width: right - x, height: 16 };
            return boxOf(rectangle, { width: grid, height: 16 }, { width, height: 16 });
          });
          let at = 0;
          for (const box of boxes) {
            expect(box.x).toBe(at);
            at += box.width;
          }
          expect(at).toBe(width);
        },
      ),
    );
    const whole = { x: 3, y: 5, width: 40, height: 20 };
    expect(boxOf(whole, { width: 192, height: 96 }, { width: 192, height: 96 })).toEqual(whole);
  });
});

describe('the same pixels', () => {
  const size = { width: 192, height: 96 };
  const scene: Scene = {
    v: 2,
    language: 'vi',
    grid: size,
    pages: ITEMS.map((item) => ({
      dwellMs: 7_000,
      zones: [
        { rectangle: { x: 0, y: 0, width: 192, height: 72 }, item },
        {
          rectangle: { x: 0, y: 72, width: 192, height: 24 },
          ground: '#002b55',
          item: { type: 'ticker', text: 'Chữ chạy từ phải sang trái, dài hơn bảng' },
        },
      ],
    })),
  };

  test('for the same moment, whether the board was on the way there or has just begun', () => {
    const brush = brushOf(size);
    const show = makeShow(scene, size, boardAssets());
    for (let tMs = 0; tMs < show.roundMs; tMs += 1_733) {
      drawShow(brush, show, tMs, NOON + tMs);
      const fresh = brushOf(size);
      drawShow(fresh, makeShow(scene, size, boardAssets()), tMs, NOON + tMs);
      expect(Buffer.from(pixelsOf(brush, size)).equals(Buffer.from(pixelsOf(fresh, size)))).toBe(true);
    }
  });

  test('and no more memory for it than two pages need', () => {
    const assets = boardAssets();
    const show = makeShow(scene, size, assets);
    const brush = brushOf(size);
    const held = (from: number, to: number): number => {
      const before = assets.bytes;
      for (let tMs = from; tMs < to; tMs += 250) drawShow(brush, show, tMs, NOON);
      return assets.bytes - before;
    };
    // What is asked for in a round is asked for once for each page: a page and its line that runs.
    const first = held(0, show.roundMs);
    expect(first).toBeLessThan(show.pages.length * 3 * size.width * size.height * 4);
    expect(held(1_000, 6_000)).toBeLessThan(3 * size.width * size.height * 4);
  });
});

describe('a picture', () => {
  const chess = (width: number, height: number) => {
    const canvas = createCanvas(width, height);
    const brush = canvas.getContext('2d');
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        brush.fillStyle = `rgb(${(x * 7) % 256},${(y * 5) % 256},${(x ^ y) % 256})`;
        brush.fillRect(x, y, 1, 1);
      }
    }
    return canvas;
  };
  const imageScene = (files: ReturnType<typeof fileOf>[], fit: 'contain' | 'cover' = 'contain'): Scene => ({
    v: 2,
    language: 'vi',
    pages: [{ ground: GROUND, zones: [{ item: { type: 'image', files, alt: 'Ảnh', fit } }] }],
  });
  const shown = (scene: Scene, size: Size, assets = boardAssets()): Uint8ClampedArray => {
    const brush = brushOf(size);
    drawShow(brush, makeShow(scene, size, assets), 0, NOON);
    return pixelsOf(brush, size);
  };

  test('made for the zone is copied, not a pixel changed', () => {
    const size = { width: 64, height: 48 };
    const assets = boardAssets();
    const canvas = chess(64, 48);
    assets.pictures.set(sha('a'), canvas);
    const files = [fileOf('b', 640, 480), fileOf('a', 64, 48)];
    expect(shown(imageScene(files), size, assets)).toEqual(
      canvas.getContext('2d').getImageData(0, 0, 64, 48).data,
    );
  });

  test('of another size is chosen by what it has: exact, else the nearest larger, else the largest', () => {
    const zone = { width: 100, height: 50 };
    const of = (width: number, height: number): Size => ({ width, height });
    expect(fileFor([of(400, 200), of(100, 50), of(200, 100)], zone, 'cover')).toEqual(of(100, 50));
    expect(fileFor([of(400, 200), of(50, 25), of(200, 100)], zone, 'cover')).toEqual(of(200, 100));
    expect(fileFor([of(20, 10), of(60, 30)], zone, 'contain')).toEqual(of(60, 30));
    expect(fileFor([of(100, 40), of(200, 80)], zone, 'contain')).toEqual(of(100, 40));
    expect(fileFor([], zone, 'cover')).toBeNull();
  });

  test('keeps its shape: contained with the ground at two edges, or covering with two edges cut off', () => {
    expect(placingOf({ width: 200, height: 100 }, { width: 100, height: 100 }, 'contain').to).toEqual({
      x: 0,
      y: 25,
      width: 100,
      height: 50,
    });
    expect(placingOf({ width: 200, height: 100 }, { width: 100, height: 100 }, 'cover').from).toEqual({
      x: 50,
      y: 0,
      width: 100,
      height: 100,
    });
    const assets = boardAssets();
    assets.pictures.set(sha('a'), chess(80, 40));
    const pixels = shown(imageScene([fileOf('a', 80, 40)]), { width: 40, height: 40 }, assets);
    expect([...pixels.slice(0, 3)]).toEqual([0x12, 0x34, 0x56]);
    // The mean of four: 0, 7, 0, 7 in red.
    expect(pixels[10 * 40 * 4]).toBe(4);
  });

  test('that is missing is told in words, and shown once it is there', () => {
    const size = { width: 96, height: 48 };
    const assets = boardAssets();
    const scene = imageScene([fileOf('a', 96, 48)]);
    const words = shown(scene, size, assets);
    expect(words.some((byte, at) => at % 4 === 0 && byte > 0x80)).toBe(true);
    assets.pictures.set(sha('a'), chess(96, 48));
    expect(shown(scene, size, assets)).not.toEqual(words);
  });

  test('follows another after its time, and a film shows the frame of its moment', () => {
    const size = { width: 32, height: 32 };
    const assets = boardAssets();
    const plain = (colour: string) => {
      const canvas = createCanvas(32, 32);
      const brush = canvas.getContext('2d');
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 32, 32);
      return canvas;
    };
    assets.pictures.set(sha('a'), plain('#ff0000'));
    assets.pictures.set(sha('b'), plain('#00ff00'));
    const frames = [plain('#0000ff'), plain('#ffff00')];
    assets.films.set(sha('c'), (tMs) => frames[Math.floor(tMs / 500)] ?? plain('#ffffff'));
    const pictures = (['a', 'b'] as const).map((digit) => ({ files: [fileOf(digit, 32, 32)], alt: digit }));
    const film = {
      ...fileOf('c', 32, 32),
      type: 'video/mp4',
      framesPerSecond: 2,
      durationMs: 1_000,
    } as const;
    const show = makeShow(
      {
        v: 2,
        language: 'vi',
        pages: [
          { zones: [{ item: { type: 'images', pictures, eachMs: 3_000, fit: 'cover' } }] },
          { zones: [{ item: { type: 'video', files: [film], durationMs: 1_000, alt: 'Phim' } }] },
        ],
      },
      size,
      assets,
    );
    const colourAt = (tMs: number): string => {
      const brush = brushOf(size);
      drawShow(brush, show, tMs, NOON);
      return [...brush.getImageData(9, 9, 1, 1).data.slice(0, 3)].join();
    };
    expect([0, 2_999, 3_000, 5_999].map(colourAt)).toEqual(['255,0,0', '255,0,0', '0,255,0', '0,255,0']);
    const from = show.pages[0]?.dwellMs ?? 0;
    expect([0, 499, 500, 999, 1_000].map((ms) => colourAt(from + ms))).toEqual([
      '0,0,255',
      '0,0,255',
      '255,255,0',
      '255,255,0',
      '0,0,255',
    ]);
    expect(drawShow(brushOf(size), show, from + 100, NOON).nextInMs).toBe(400);
  });
});

test('whoever cannot see a board is told what stands on it', () => {
  const scene = Scene.parse({ v: 2, language: 'vi', pages: [{ zones: ITEMS.map((item) => ({ item })) }] });
  const words = wordsOf(scene);
  for (const part of [
    'Thông báo cắt điện',
    'Một hai',
    'Rau, 8.000',
    'Ảnh nhà văn hoá',
    'Chữ chạy',
    'Nhiệt độ: 31 °C',
    'BÃO\nỞ trong nhà',
  ]) {
    expect(words).toContain(part);
  }
});
