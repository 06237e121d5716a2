import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { applyFix, canApply } from '#devices/lint/apply-fix';
import { APPLICABLE, FIX_CODES, LINT_CODES } from '#devices/lint/codes';
import { LintFinding } from '#devices/lint/finding';
import { flashesIn } from '#devices/lint/flashes';
import { type LintOptions, lint } from '#devices/lint/lint';
import { contrast } from '#devices/render/contrast';
import { Scene } from '#devices/scene';
import type { SceneItem } from '#devices/scene/item';
import type { ScenePage } from '#devices/scene/page';
import { boardAssets } from '../support/board-assets.ts';

const P5 = { width: 192, height: 96, pitchMm: 5 };
const NEAR: LintOptions = { viewingMetres: 5, night: false };
const NOW = Date.UTC(2026, 10, 24, 5);
const sha = (digit: string): string => digit.repeat(64);
const picture = (digit: string, width = 192, height = 96) =>
  ({ sha256: sha(digit), bytes: 1, type: 'image/png', width, height }) as const;

const of = (item: SceneItem, page: Partial<ScenePage> = {}): Scene => ({
  v: 2,
  language: 'vi',
  pages: [{ ...page, zones: [{ item }] }],
});
const codes = (scene: Scene, options: LintOptions = NEAR): string[] =>
  lint(scene, P5, options).map(({ code }) => code);
const finding = (scene: Scene, code: string, options: LintOptions = NEAR): LintFinding => {
  const found = lint(scene, P5, options).find((one) => one.code === code);
  if (found === undefined) throw new Error(`no ${code} among ${codes(scene, options).join(', ')}`);
  return LintFinding.parse(found);
};
/** Put right, and looked at again. */
const putRight = (scene: Scene, code: string, options: LintOptions = NEAR): Scene => {
  const one = finding(scene, code, options);
  expect(canApply(one)).toBe(true);
  const after = Scene.parse(applyFix(scene, one));
  expect(codes(after, options)).not.toContain(code);
  return after;
};

const GOOD = of({ type: 'notice', heading: 'Họp tổ dân phố 5', text: '19 giờ 30 tối nay' });
const TWO_WORDS = of({ type: 'notice', text: 'Họp tổ' });

test('a notice that everybody can read passes', () => {
  expect(lint(GOOD, P5, NEAR)).toEqual([]);
});

describe('letters', () => {
  test('a letter that no board has is named, and keeps it from being published', () => {
    const scene = of({ type: 'notice', text: 'Họp tổ 😀 lúc 19 giờ 中' });
    expect(
      lint(scene, P5, NEAR)
        .filter(({ code }) => code === 'missing-letter')
        .map(({ params }) => params.letter),
    ).toEqual(['U+1F600 😀', 'U+4E2D 中']);
    expect(finding(scene, 'missing-letter').severity).toBe('error');
    const first = applyFix(scene, finding(scene, 'missing-letter'));
    expect(codes(putRight(first, 'missing-letter'))).toEqual([]);
  });

  test('are looked for wherever something is written', () => {
    const items: SceneItem[] = [
      { type: 'text', paragraphs: [{ runs: [{ text: 'a中' }] }] },
      { type: 'table', heading: 'Giá', rows: [['Rau', '中']] },
      { type: 'ticker', text: 'chạy 中' },
      { type: 'tile', label: 'Nhãn', value: '3', unit: '中' },
      { type: 'emergency', level: 'red', heading: 'LŨ 中', text: '' },
    ];
    for (const item of items) putRight(of(item), 'missing-letter', { ...NEAR, incident: true });
  });

  test('blanks alone are no notice', () => {
    expect(codes(of({ type: 'notice', text: ' \n ' }))).toContain('nothing-written');
  });
});

describe('height for the distance', () => {
  test('3.3 mm a metre by day and twice that at night, of a capital in real millimetres', () => {
    // Cells of 16 pixels: capitals of 8 or 9, 40 to 45 mm.
    const scene = of({ type: 'notice', text: 'Họp tổ dân phố 5 lúc 19 giờ', linePx: 16 });
    expect(codes(scene, { viewingMetres: 12, night: false })).not.toContain('letters-too-small');
    expect(codes(scene, { viewingMetres: 14, night: false })).toContain('letters-too-small');
    expect(codes(scene, { viewingMetres: 7, night: true })).toContain('letters-too-small');
    expect(codes(scene, { viewingMetres: 6, night: true })).not.toContain('letters-too-small');
    const { params, severity } = finding(scene, 'letters-too-small', { viewingMetres: 14, night: false });
    expect(severity).toBe('warning');
    expect(params).toMatchObject({ metres: 14, neededMm: 46.2 });
    expect(Number(params.readableMetres)).toBeGreaterThan(11);
    expect(finding(scene, 'letters-too-small', { viewingMetres: 60, night: false }).severity).toBe('error');
  });

  test('larger letters put it right, on more pages where there must be', () => {
    const scene = of({
      type: 'notice',
      text: 'Đề nghị nhân dân chủ động sinh hoạt, sản xuất và bảo đảm an toàn.',
    });
    putRight(scene, 'letters-too-small', { viewingMetres: 20, night: false });
    const small = {
      ...scene,
      pages: [
        {
          zones:
            scene.pages[0]?.zones.map((zone) => ({
              ...zone,
              rectangle: { x: 0, y: 0, width: 96, height: 20 },
            })) ?? [],
        },
      ],
    };
    expect(finding(small, 'letters-too-small', { viewingMetres: 30, night: true }).fix?.code).toBe(
      'larger-zone',
    );
  });
});

describe('time to read', () => {
  test('a page needs a second for each word or two for each unit, of a driver; a third of it on foot', () => {
    const text = 'một hai ba bốn năm sáu bảy tám chín mười mười_một mười_hai';
    const scene = of({ type: 'notice', text }, { dwellMs: 3_500 });
    expect(finding(scene, 'too-short').params).toMatchObject({
      dwellMs: 3_500,
      neededMs: 4_000,
      words: 12,
      units: 1,
    });
    expect(finding(scene, 'too-short', { ...NEAR, reader: 'driver' }).params).toMatchObject({
      neededMs: 12_000,
    });
    const units = of({ type: 'notice', text: 'Rau: 8. Cá: 9.' }, { dwellMs: 2_000 });
    expect(finding(units, 'too-short').params).toMatchObject({ units: 4, neededMs: 2_667 });
    expect(putRight(scene, 'too-short').pages[0]?.dwellMs).toBe(4_000);
  });

  test('left to the board, every page stands long enough for whoever is on foot', () => {
    const long =
      'Đề nghị nhân dân chủ động sinh hoạt, sản xuất và bảo đảm an toàn; khi có sự cố báo ngay cho tổ trưởng. '.repeat(
        3,
      );
    expect(codes(of({ type: 'notice', heading: 'Thông báo', text: long }))).not.toContain('too-short');
  });

  test('from far away it is read by who drives', () => {
    const scene = of(
      { type: 'notice', text: 'một hai ba bốn năm sáu bảy tám chín mười', linePx: 16 },
      { dwellMs: 5_000 },
    );
    expect(codes(scene, { viewingMetres: 10, night: false })).not.toContain('too-short');
    expect(codes(scene, { viewingMetres: 40, night: false })).toContain('too-short');
  });

  test('too much at once, and pages that few will see to their end', () => {
    const many = 'Rau muống. '.repeat(14);
    expect(
      codes(of({ type: 'notice', text: many }, { dwellMs: 60_000 }), { ...NEAR, reader: 'driver' }),
    ).toContain('too-much-at-once');
    expect(codes(of({ type: 'notice', text: 'Đề nghị nhân dân chủ động. '.repeat(60) }))).toContain(
      'too-many-pages',
    );
    expect(codes(GOOD)).not.toContain('too-many-pages');
  });
});

describe('lines that run', () => {
  const text = 'Đề nghị bà con phân loại rác tại nguồn, bỏ rác đúng giờ và đúng nơi quy định';

  test('faster than five letters a second are stopped, and slowed down', () => {
    const fast = of({ type: 'ticker', text, linePx: 16, pixelsPerSecond: 240 });
    expect(finding(fast, 'ticker-too-fast').severity).toBe('error');
    expect(Number(finding(fast, 'ticker-too-fast').params.lettersASecond)).toBeGreaterThan(10);
    putRight(fast, 'ticker-too-fast');
    expect(codes(of({ type: 'ticker', text, linePx: 16 }))).not.toContain('ticker-too-fast');
  });

  test('are better told as pages, and why', () => {
    const { params } = finding(of({ type: 'ticker', text }), 'ticker-rather-pages');
    expect(Number(params.pagesMs)).toBeLessThan(Number(params.passMs));
    expect(putRight(of({ type: 'ticker', text }), 'ticker-rather-pages').pages[0]?.zones[0]?.item.type).toBe(
      'notice',
    );
    expect(codes(of({ type: 'ticker', text: 'Họp' }))).not.toContain('ticker-rather-pages');
  });
});

describe('what is seen', () => {
  test('ink that is not told from its ground: 4.5 to 1, below 3 an error', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 1);
    const grey = of({ type: 'notice', text: 'Họp tổ', colour: '#6b6b6b' });
    expect(finding(grey, 'low-contrast')).toMatchObject({ severity: 'warning', params: { least: 4.5 } });
    putRight(grey, 'low-contrast');
    const ground = {
      ...TWO_WORDS,
      pages: [
        { ground: '#2050ff', zones: [{ item: { type: 'notice', text: 'Họp', colour: '#ff3030' } as const }] },
      ],
    };
    expect(finding(ground, 'low-contrast').severity).toBe('error');
    expect(putRight(ground, 'low-contrast').pages[0]?.zones[0]?.ground).toBe('#000000');
    const runs = of({
      type: 'text',
      paragraphs: [{ runs: [{ text: 'rõ' }, { text: 'mờ', colour: '#202020' }] }],
    });
    putRight(runs, 'low-contrast');
  });

  test('the inks that a board chooses by itself are always told from their ground', () => {
    for (const ground of ['#000000', '#002b55', '#7a0000', '#0a5c2b', '#ffffff', '#ffd500', '#9fd4ff']) {
      const scene = { ...GOOD, pages: GOOD.pages.map((page) => ({ ...page, ground })) };
      expect(codes(scene), ground).not.toContain('low-contrast');
    }
  });

  test('a film that flashes more than three times a second', () => {
    const plain = (light: boolean) => {
      const canvas = createCanvas(16, 16);
      const brush = canvas.getContext('2d');
      brush.fillStyle = light ? '#ffffff' : '#000000';
      brush.fillRect(0, 0, 16, 16);
      return canvas;
    };
    const [white, black] = [plain(true), plain(false)];
    const assets = boardAssets();
    const file = {
      ...picture('f', 192, 96),
      type: 'video/mp4',
      framesPerSecond: 25,
      durationMs: 4_000,
    } as const;
    const scene = of({ type: 'video', files: [file], durationMs: 4_000, alt: 'Phim phòng cháy' });
    const blinking = (hertz: number) =>
      assets.films.set(sha('f'), (tMs) => (Math.floor((tMs * hertz * 2) / 1_000) % 2 === 0 ? white : black));
    blinking(2);
    expect(flashesIn(file, assets)).toBeLessThanOrEqual(2);
    expect(lint(scene, P5, NEAR, assets)).toEqual([]);
    blinking(6);
    expect(flashesIn(file, assets)).toBeGreaterThanOrEqual(5);
    expect(lint(scene, P5, NEAR, assets)[0]).toMatchObject({ code: 'flashing', severity: 'error' });
    const counted = (flashes: number) =>
      of({ type: 'video', files: [{ ...file, flashes }], durationMs: 4_000, alt: 'Phim phòng cháy' });
    expect(lint(counted(5), P5, NEAR)[0]).toMatchObject({ code: 'flashing', params: { flashes: 5 } });
    expect(lint(counted(3), P5, NEAR)).toEqual([]);
    // Without its frames nobody has looked.
    expect(lint(scene, P5, NEAR)[0]).toMatchObject({ code: 'film-unchecked', severity: 'warning' });
  });

  test('an emergency that no incident has made', () => {
    const scene = of({ type: 'emergency', level: 'red', heading: 'LŨ', text: 'Sơ tán' });
    expect(putRight(scene, 'emergency-alone').pages[0]?.zones[0]?.item).toMatchObject({
      type: 'notice',
      heading: 'LŨ',
    });
    expect(codes(scene, { ...NEAR, incident: true })).toEqual([]);
  });
});

describe('room', () => {
  const zoned = (
    rectangle: NonNullable<ScenePage['zones'][number]['rectangle']>,
    item: SceneItem,
  ): Scene => ({
    v: 2,
    language: 'vi',
    grid: { width: 192, height: 96 },
    pages: [{ zones: [{ rectangle, item }] }],
  });
  const notice: SceneItem = { type: 'notice', text: 'Họp' };

  test('a zone beyond the edge comes back', () => {
    const scene = zoned({ x: 150, y: 10, width: 80, height: 40 }, notice);
    expect(putRight(scene, 'zone-outside').pages[0]?.zones[0]?.rectangle).toEqual({
      x: 112,
      y: 10,
      width: 80,
      height: 40,
    });
    expect(codes(zoned({ x: 0, y: 0, width: 192, height: 96 }, notice))).not.toContain('zone-outside');
  });

  test('zones that lie over each other', () => {
    const scene = zoned({ x: 0, y: 0, width: 100, height: 40 }, notice);
    const both = (x: number): Scene => ({
      ...scene,
      pages: scene.pages.map(({ zones }) => ({
        zones: [...zones, { rectangle: { x, y: 0, width: 92, height: 40 }, item: notice }],
      })),
    });
    expect(finding(both(99), 'zones-overlap')).toMatchObject({ zone: 1, params: { other: 0 } });
    expect(codes(both(100))).not.toContain('zones-overlap');
  });

  test('a word that is wider than its zone, and a zone lower than a line', () => {
    const wide = of({ type: 'notice', text: 'Nghiêng', linePx: 90 });
    expect(finding(wide, 'word-too-wide').params.word).toBe('Nghiêng');
    let scene = wide;
    for (let tries = 0; tries < 4 && codes(scene).includes('word-too-wide'); tries += 1) {
      scene = applyFix(scene, finding(scene, 'word-too-wide'));
    }
    expect(codes(scene)).not.toContain('word-too-wide');
    const low = zoned({ x: 0, y: 0, width: 192, height: 6 }, notice);
    expect(finding(low, 'zone-too-small')).toMatchObject({ severity: 'error', fix: { code: 'larger-zone' } });
  });
});

describe('pictures', () => {
  const image = (files: ReturnType<typeof picture>[], alt = 'Nhà văn hoá', visual?: string): Scene =>
    of({ type: 'image', files, alt, fit: 'cover', ...(visual === undefined ? {} : { visual }) });

  test('without words, without a file, with a file of another size, or one that is gone', () => {
    expect(codes(image([picture('a')]))).toEqual([]);
    expect(codes(image([picture('a')], 'IMG_2024.jpg'))).toEqual(['no-words-for-picture']);
    expect(codes(image([]))).toEqual(['no-file']);
    // While it is composed its files are still to be made.
    expect(codes(image([], 'Nhà văn hoá', 'v1'))).toEqual([]);
    expect(finding(image([picture('a', 320, 200)]), 'file-of-other-size').params).toEqual({
      width: 192,
      height: 96,
    });
    expect(lint(image([picture('a')]), P5, NEAR, boardAssets()).map(({ code }) => code)).toEqual([
      'file-missing',
    ]);
  });
});

describe('time that is over', () => {
  const page = (until: number, from?: number): ScenePage => ({
    zones: [{ item: { type: 'notice', text: 'Họp' } }],
    until,
    ...(from === undefined ? {} : { from }),
  });

  test('pages that are over or never come, and a scene of nothing else', () => {
    const scene: Scene = { v: 2, language: 'vi', pages: [page(NOW), ...GOOD.pages] };
    expect(codes(scene)).toEqual([]);
    expect(putRight(scene, 'page-over', { ...NEAR, now: NOW }).pages).toHaveLength(1);
    expect(codes({ ...scene, pages: [page(NOW, NOW + 1), ...GOOD.pages] })).toEqual(['page-never']);
    expect(codes({ ...scene, pages: [page(NOW)] }, { ...NEAR, now: NOW })).toEqual(['all-over', 'page-over']);
    expect(codes({ ...scene, pages: [page(NOW + 1)] }, { ...NEAR, now: NOW })).toEqual([]);
  });

  test('a figure that is older than it may be', () => {
    const tile = of({ type: 'tile', label: 'Nhiệt độ', value: '31', unit: '°C', icon: 'sun', staleAt: NOW });
    expect(codes(tile, { ...NEAR, now: NOW })).toEqual(['tile-stale']);
    expect(codes(tile, { ...NEAR, now: NOW - 1 })).toEqual([]);
  });
});

test('every code is said once, and every finding names what would help', () => {
  expect(new Set(LINT_CODES).size).toBe(LINT_CODES.length);
  for (const code of APPLICABLE) expect(FIX_CODES).toContain(code);
  const scene: Scene = {
    v: 2,
    language: 'vi',
    pages: [
      {
        dwellMs: 1_000,
        zones: [
          {
            item: {
              type: 'ticker',
              text: 'Một 中 dòng chữ rất dài chạy quá nhanh',
              pixelsPerSecond: 900,
              colour: '#111111',
            },
          },
        ],
      },
    ],
  };
  const found = lint(scene, P5, { viewingMetres: 90, night: true, now: NOW });
  expect(found.length).toBeGreaterThan(3);
  for (const { code, fix } of found) {
    expect(LINT_CODES).toContain(code);
    expect(FIX_CODES).toContain(fix?.code);
  }
});
