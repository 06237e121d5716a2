import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { movedBy, nextMoveInMs, paceOf, speedOf } from '#devices/render/pace';
import { drawPage, drawShow, makeShow, pageAt, prepareShow } from '#devices/render/show';
import { standingAt, type Turning } from '#devices/render/turn';
import type { Scene } from '#devices/scene';
import { boardAssets, brushOf, pixelsOf } from '../support/board-assets.ts';

const SIZE = { width: 96, height: 48 };
const noticeOf = (text: string) => ({ zones: [{ item: { type: 'notice' as const, text } }] });
const sceneOf = (pages: Scene['pages']): Scene => ({ v: 2, language: 'vi', pages });
const NOON = Date.UTC(2026, 10, 24, 5);

function pictureOf(scene: Scene, tMs: number, now: number): string {
  const brush = brushOf(SIZE);
  drawShow(brush, makeShow(scene, SIZE, boardAssets()), tMs, now);
  return Buffer.from(pixelsOf(brush, SIZE)).toString('base64');
}

describe('pages and their validity', () => {
  const scene = sceneOf([
    { ...noticeOf('Một'), dwellMs: 5_000 },
    { ...noticeOf('Hai'), dwellMs: 4_000, until: NOON + 60_000 },
    { ...noticeOf('Ba'), dwellMs: 3_000, from: NOON + 30_000 },
  ]);
  const show = makeShow(scene, SIZE, boardAssets());
  const wordsAt = (ms: number): string | undefined => pageAt(show, ms, NOON + ms).page?.words;

  test('go round in order, each for its time', () => {
    expect(wordsAt(0)).toBe('Một');
    expect(wordsAt(4_999)).toBe('Một');
    expect(wordsAt(5_000)).toBe('Hai');
    expect(wordsAt(8_999)).toBe('Hai');
    expect(wordsAt(9_000)).toBe('Một');
    expect(pageAt(show, 5_000, NOON + 5_000)).toMatchObject({ sinceMs: 0, nextInMs: 4_000 });
  });

  test('a page that ends goes at its millisecond, and the board knows when to look again', () => {
    // It stands when its time comes.
    const before = [...Array(60_000).keys()].findLast((ms) => wordsAt(ms) === 'Hai') ?? 0;
    expect(before).toBeGreaterThan(50_000);
    for (let ms = 60_000; ms < 90_000; ms += 250) expect(wordsAt(ms)).not.toBe('Hai');
    const cut = makeShow(
      sceneOf([{ ...noticeOf('Hai'), until: NOON + 1_500 }, noticeOf('Một')]),
      SIZE,
      boardAssets(),
    );
    expect(pageAt(cut, 1_499, NOON + 1_499)).toMatchObject({ nextInMs: 1, page: { words: 'Hai' } });
    expect(pageAt(cut, 1_500, NOON + 1_500).page?.words).toBe('Một');
  });

  test('a page that comes later is not seen before', () => {
    for (let ms = 0; ms < 30_000; ms += 250) expect(wordsAt(ms)).not.toBe('Ba');
    expect([...Array(40).keys()].some((at) => wordsAt(30_000 + at * 500) === 'Ba')).toBe(true);
  });

  test('a page that goes cuts no other short', () => {
    // "Một" has stood for two seconds when "Hai" is over: it stands its three seconds more.
    const pages = [
      { ...noticeOf('Một'), dwellMs: 5_000 },
      { ...noticeOf('Hai'), dwellMs: 4_000, until: NOON + 11_000 },
      { ...noticeOf('Ba'), dwellMs: 3_000 },
    ];
    const other = makeShow(sceneOf(pages), SIZE, boardAssets());
    expect(pageAt(other, 12_000, NOON + 12_000)).toMatchObject({ page: { words: 'Một' }, sinceMs: 0 });
    expect(pageAt(other, 13_000, NOON + 13_000)).toMatchObject({ page: { words: 'Một' }, nextInMs: 4_000 });
    expect(pageAt(other, 17_000, NOON + 17_000).page?.words).toBe('Ba');
  });

  test('nothing valid leaves the board dark until something is', () => {
    const later = sceneOf([{ ...noticeOf('Mai'), from: NOON + 1_000 }]);
    const shown = makeShow(later, SIZE, boardAssets());
    expect(pageAt(shown, 0, NOON)).toMatchObject({ page: null, nextInMs: 1_000 });
    const brush = brushOf(SIZE);
    drawShow(brush, shown, 0, NOON);
    expect(pixelsOf(brush, SIZE).every((byte, at) => (at % 4 === 3 ? byte === 255 : byte === 0))).toBe(true);
    drawShow(brush, shown, 1_000, NOON + 1_000);
    expect(pixelsOf(brush, SIZE).some((byte, at) => at % 4 !== 3 && byte === 255)).toBe(true);
  });

  test('whatever ends and begins: what stands is valid, and stands until it is said to change', () => {
    const page = fc.record(
      {
        dwellMs: fc.integer({ min: 1_000, max: 9_000 }),
        group: fc.integer({ min: 0, max: 2 }),
        from: fc.integer({ min: NOON - 9_000, max: NOON + 40_000 }),
        until: fc.integer({ min: NOON - 9_000, max: NOON + 60_000 }),
      },
      { requiredKeys: ['dwellMs', 'group'] },
    );
    fc.assert(
      fc.property(
        fc.array(page, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 60_000 }),
        (some, tMs) => {
          const pages: Turning[] = some
            .map(({ from, until, ...rest }) => ({
              ...rest,
              ...(from === undefined ? {} : { from }),
              ...(until === undefined ? {} : { until }),
            }))
            .sort((a, b) => a.group - b.group);
          const now = NOON + tMs;
          const { standing, nextInMs } = standingAt(pages, tMs, now);
          const valid = pages.filter(({ from = 0, until = Infinity }) => from <= now && now < until);
          expect(standing === null).toBe(valid.length === 0);
          if (standing !== null) expect(valid).toContain(pages[standing.index]);
          expect(nextInMs).toBeGreaterThan(0);
          if (!Number.isFinite(nextInMs)) return;
          const last = standingAt(pages, tMs + nextInMs - 1, now + nextInMs - 1).standing;
          expect(last?.index).toBe(standing?.index);
          if (standing !== null && last !== null) expect(last.sinceMs - standing.sinceMs).toBe(nextInMs - 1);
        },
      ),
    );
  });
});

describe('a line that runs', () => {
  const text = 'Phường Phù Vân đề nghị bà con phân loại rác tại nguồn và bỏ rác đúng giờ';
  const ticker = sceneOf([{ zones: [{ item: { type: 'ticker', text, pixelsPerSecond: 30 } }] }]);

  test('moves by whole pixels at even steps, never faster than it was told', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 2_000 }), fc.nat(600), (speed, frame) => {
        const pace = paceOf(speed);
        expect(Number.isInteger(pace.pixels) && Number.isInteger(pace.frames)).toBe(true);
        expect(speedOf(pace)).toBeLessThanOrEqual(speed * 1.02);
        expect(speedOf(pace)).toBeGreaterThan(speed * 0.5);
        const at = (frame * 1_000) / 60;
        const moved = movedBy(pace, at);
        expect(moved % pace.pixels).toBe(0);
        expect(movedBy(pace, at + nextMoveInMs(pace, at) + 0.001) - moved).toBe(pace.pixels);
        expect(movedBy(pace, at + nextMoveInMs(pace, at) - 0.1)).toBe(moved);
      }),
    );
  });

  test('is the same line, further to the left, and begins where the eye finds it', () => {
    const brush = brushOf(SIZE);
    const show = makeShow(ticker, SIZE, boardAssets());
    const columnsAt = (tMs: number): string[] => {
      drawShow(brush, show, tMs, NOON);
      const pixels = pixelsOf(brush, SIZE);
      return Array.from({ length: SIZE.width }, (_, x) =>
        Array.from({ length: SIZE.height }, (_, y) => pixels[(y * SIZE.width + x) * 4]).join(),
      );
    };
    const first = columnsAt(0);
    expect(columnsAt(1_499)).toEqual(first);
    const later = columnsAt(1_500 + 500);
    expect(later).not.toEqual(first);
    // 30 pixels a second: 15 in half a second.
    expect(later.slice(0, SIZE.width - 15)).toEqual(first.slice(15));
  });

  test('says when its pixels change, and does not change before', () => {
    const show = makeShow(ticker, SIZE, boardAssets());
    const brush = brushOf(SIZE);
    let tMs = 2_000;
    for (let step = 0; step < 20; step += 1) {
      const { nextInMs } = drawShow(brush, show, tMs, NOON);
      const standing = Buffer.from(pixelsOf(brush, SIZE)).toString('base64');
      drawShow(brush, show, tMs + nextInMs - 0.5, NOON);
      expect(Buffer.from(pixelsOf(brush, SIZE)).toString('base64')).toBe(standing);
      drawShow(brush, show, tMs + nextInMs + 0.001, NOON);
      expect(Buffer.from(pixelsOf(brush, SIZE)).toString('base64')).not.toBe(standing);
      tMs += nextInMs + 0.001;
    }
  });

  test('of text that fits stands still', () => {
    const short = makeShow(
      sceneOf([{ zones: [{ item: { type: 'ticker', text: 'Họp', linePx: 16 } }] }]),
      SIZE,
      boardAssets(),
    );
    expect(short.pages[0]?.moving).toBe(false);
    expect(drawShow(brushOf(SIZE), short, 5_000, NOON).nextInMs).toBe(Number.POSITIVE_INFINITY);
  });

  test('comes through as a whole before the page turns', () => {
    const show = makeShow(sceneOf([...ticker.pages, noticeOf('Sau')]), SIZE, boardAssets());
    expect((show.pages[0]?.dwellMs ?? 0) / 1_000).toBeGreaterThan(10);
  });

  test('goes on while the text beside it turns its pages', () => {
    const long = 'Nội dung dài cần nhiều trang để đọc hết trên một bảng nhỏ. '.repeat(4);
    const both = sceneOf([
      {
        dwellMs: 2_000,
        zones: [
          { rectangle: { x: 0, y: 0, width: 96, height: 32 }, item: { type: 'notice', text: long } },
          {
            rectangle: { x: 0, y: 32, width: 96, height: 16 },
            item: { type: 'ticker', text, pixelsPerSecond: 30 },
          },
        ],
      },
    ]);
    const show = makeShow(both, SIZE, boardAssets());
    expect(show.pages.length).toBeGreaterThan(2);
    const alone = makeShow(
      sceneOf([
        {
          zones: [
            {
              rectangle: { x: 0, y: 32, width: 96, height: 16 },
              item: { type: 'ticker', text, pixelsPerSecond: 30 },
            },
          ],
        },
      ]),
      SIZE,
      boardAssets(),
    );
    const lower = (of: typeof show, tMs: number): string => {
      const brush = brushOf(SIZE);
      drawShow(brush, of, tMs, NOON);
      return Buffer.from(brush.getImageData(0, 32, 96, 16).data).toString('base64');
    };
    for (const tMs of [0, 1_900, 2_100, 4_500, 30_000]) expect(lower(show, tMs)).toBe(lower(alone, tMs));
  });
});

describe('what changes by itself', () => {
  test('a clock changes with the minute and not before', () => {
    const clock = sceneOf([{ zones: [{ item: { type: 'clock', show: 'time', utcOffsetMinutes: 420 } }] }]);
    const at = NOON + 12_345;
    expect(drawShow(brushOf(SIZE), makeShow(clock, SIZE, boardAssets()), 0, at).nextInMs).toBe(47_655);
    expect(pictureOf(clock, 0, at)).toBe(pictureOf(clock, 0, NOON + 59_999));
    expect(pictureOf(clock, 0, at)).not.toBe(pictureOf(clock, 0, NOON + 60_000));
  });

  test('a figure that is too old gives way to dashes at its moment', () => {
    const tile = sceneOf([
      { zones: [{ item: { type: 'tile', label: 'Nhiệt độ', value: '31', unit: '°C', staleAt: NOON } }] },
    ]);
    const show = makeShow(tile, SIZE, boardAssets());
    expect(drawShow(brushOf(SIZE), show, 0, NOON - 250).nextInMs).toBe(250);
    expect(pictureOf(tile, 0, NOON - 1)).not.toBe(pictureOf(tile, 0, NOON));
    expect(pictureOf(tile, 0, NOON - 1)).toBe(pictureOf(tile, 0, NOON - 9_000));
  });

  test('an emergency changes at most once a second: nothing flashes', () => {
    const scene = sceneOf([
      { zones: [{ item: { type: 'emergency', level: 'red', heading: 'LŨ', text: 'Sơ tán ngay' } }] },
    ]);
    const pictures = Array.from({ length: 60 }, (_, at) => pictureOf(scene, at * 100, NOON));
    const changes = pictures.filter((picture, at) => at > 0 && picture !== pictures[at - 1]).length;
    expect(changes).toBe(5);
  });
});

describe('a page that was prepared', () => {
  test('is the very page that comes unprepared', () => {
    const scene = sceneOf([
      { ...noticeOf('Một'), dwellMs: 3_000 },
      { dwellMs: 4_000, zones: [{ item: { type: 'clock', show: 'time-date', utcOffsetMinutes: 420 } }] },
      { ...noticeOf('Ba'), dwellMs: 2_000, from: NOON + 5_000 },
    ]);
    const brush = brushOf(SIZE);
    const show = makeShow(scene, SIZE, boardAssets());
    for (let tMs = 0; tMs < 70_000; tMs += 500) {
      drawShow(brush, show, tMs, NOON + tMs);
      prepareShow(show, tMs, NOON + tMs);
      expect(Buffer.from(pixelsOf(brush, SIZE)).toString('base64')).toBe(pictureOf(scene, tMs, NOON + tMs));
    }
  });
});

test('a page can be looked at by itself, also one that is not due: it is the page that will stand', () => {
  const scene = sceneOf([
    { ...noticeOf('Một'), dwellMs: 5_000 },
    {
      from: NOON + 60_000,
      dwellMs: 4_000,
      zones: [
        {
          rectangle: { x: 0, y: 0, width: 96, height: 24 },
          item: { type: 'notice', text: 'Hai '.repeat(40) },
        },
        {
          rectangle: { x: 0, y: 24, width: 96, height: 24 },
          item: { type: 'ticker', text: 'Dòng chữ chạy rất dài' },
        },
      ],
    },
  ]);
  const show = makeShow(scene, SIZE, boardAssets());
  expect(show.pages.length).toBeGreaterThan(2);
  const brush = brushOf(SIZE);
  for (const { index } of show.pages.slice(1)) {
    expect(drawPage(brush, show, index, 250, NOON)).toBe(true);
    const alone = Buffer.from(pixelsOf(brush, SIZE)).toString('base64');
    const tMs = 60_000 + 5_000 + (index - 1) * 4_000 + 250;
    expect(pageAt(show, tMs, NOON + tMs).page?.index).toBe(index);
    expect(pictureOf(scene, tMs, NOON + tMs)).toBe(alone);
  }
  expect(drawPage(brush, show, 99, 0, NOON)).toBe(false);
});
