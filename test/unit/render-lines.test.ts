import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lint } from '#devices/lint/lint';
import { shareOut } from '#devices/render/columns';
import { facesFor } from '#devices/render/fit';
import { Compositor, type Line } from '#devices/render/lines';
import { makeShow } from '#devices/render/show';
import { textOf, wordsOfRuns } from '#devices/render/words-of-runs';
import type { Scene } from '#devices/scene';
import type { SceneItem } from '#devices/scene/item';
import { boardAssets } from '../support/board-assets.ts';

const compositor = new Compositor(facesFor(16));
const wordsOf = (text: string) => wordsOfRuns([{ text, voice: 'body', ink: '#ffffff' }]);
const read = (lines: readonly Line[]): string[] => lines.map(({ pieces }) => textOf(pieces));

/** Broken at every width from a word's to the whole text's. */
function everyBreak(text: string): string[][] {
  const words = wordsOf(text);
  const widest = compositor.widthOf(words);
  const found: string[][] = [];
  for (let width = Math.max(...compositor.leastWidths(words)); width <= widest; width += 3) {
    found.push(read(compositor.lines(words, width).lines));
  }
  return found;
}

describe('lines', () => {
  test('a number is not parted from what it counts, nor from what it numbers', () => {
    for (const lines of everyBreak('cắt điện 8 giờ đến 16 giờ ngày 26/11/2026 tại tổ 5, giá 1.500 đồng')) {
      for (const line of lines) {
        expect(line).not.toMatch(/(^| )(8|16|1\.500)$/);
        expect(line).not.toMatch(/(^| )(ngày|tổ)$/);
      }
    }
  });

  test('keep every letter, and are no wider than they may be', () => {
    const words = fc.array(
      fc.constantFrom('Phường', 'Phù', 'Vân', 'ngày', '26/11', '8', 'giờ', 'nghiêng', 'ỷ'),
      {
        minLength: 1,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 300 }), (some, width) => {
        const set = wordsOf(some.join(' '));
        for (const { lines, broken } of [compositor.lines(set, width), compositor.evenLines(set, width)]) {
          expect(read(lines).join(' ').replaceAll(' ', '')).toBe(some.join(''));
          if (broken.length === 0) expect(read(lines).join(' ')).toBe(some.join(' '));
          for (const line of lines) expect(line.width).toBeLessThanOrEqual(Math.max(width, 16));
        }
      }),
    );
  });

  test('in the middle are as even as they can be, and not more', () => {
    const set = wordsOf('Uỷ ban nhân dân phường Phù Vân');
    const width = Math.ceil(compositor.widthOf(set) * 0.8);
    const plain = compositor.lines(set, width).lines;
    const even = compositor.evenLines(set, width).lines;
    const gap = (lines: readonly Line[]): number => Math.abs((lines[0]?.width ?? 0) - (lines[1]?.width ?? 0));
    expect([plain.length, even.length]).toEqual([2, 2]);
    expect(gap(even)).toBeLessThan(gap(plain));
  });

  test('of several looks stand as one line, letters where they belong', () => {
    const words = wordsOfRuns([
      { text: 'trẻ dưới ', voice: 'body', ink: '#ffffff' },
      { text: '24 tháng', voice: 'heading', ink: '#ffc933' },
      { text: ' tuổi', voice: 'body', ink: '#ffffff' },
    ]);
    const [line] = compositor.lines(words, 400).lines;
    expect(line?.pieces.map(({ text }) => text)).toEqual(['trẻ dưới', '24 tháng', 'tuổi']);
    const places = line?.pieces.map(({ x }) => x) ?? [];
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(new Set(places).size).toBe(3);
  });
});

describe('pages', () => {
  const pagesOf = (item: SceneItem, size = { width: 192, height: 96 }): string[] =>
    makeShow({ v: 2, language: 'vi', pages: [{ zones: [{ item }] }] }, size, boardAssets()).pages.map(
      ({ words }) => words,
    );

  test('are filled evenly: the last is not one lost word', () => {
    const sentence = 'Đề nghị nhân dân chủ động sinh hoạt, sản xuất và bảo đảm an toàn. ';
    for (let repeats = 2; repeats < 12; repeats += 1) {
      const pages = pagesOf({ type: 'notice', text: sentence.repeat(repeats) });
      const lengths = pages.map((words) => words.split(' ').length);
      if (pages.length < 2) continue;
      expect(Math.min(...lengths), `${lengths}`).toBeGreaterThan(Math.max(...lengths) / 3);
    }
  });

  test('of a table each name its columns, and no row is lost', () => {
    const rows = Array.from({ length: 17 }, (_, at) => [`Mặt hàng ${at + 1}`, 'kg', `${at + 1}.000`]);
    const pages = pagesOf({
      type: 'table',
      heading: 'Giá chợ',
      head: true,
      rows: [['Tên', 'Đơn vị', 'Giá'], ...rows],
    });
    expect(pages.length).toBeGreaterThan(3);
    for (const words of pages) expect(words).toMatch(/^Giá chợ\n/);
    const shown = pages.flatMap((words) => words.split('\n').slice(1));
    expect(shown).toEqual(rows.map((row) => row.join(', ')));
  });

  test('a table in a zone that is too narrow for its columns is told row by row, no word cut', () => {
    const item: SceneItem = {
      type: 'table',
      rows: [
        ['Nguyễn Văn Hưởng', 'Mùng 1', '0912 345 678'],
        ['Trần Thị Bích Ngọc', 'Mùng 2', '0987 654 321'],
      ],
    };
    const words = pagesOf(item, { width: 96, height: 96 }).join(' ');
    for (const word of ['Nguyễn', 'Hưởng', 'Ngọc', 'Mùng']) expect(words.split(/\s/)).toContain(word);
    expect(words).toContain('0987 654 321');
  });

  test('a table on a board that is too low for its columns and a row still shows every row', () => {
    const item: SceneItem = {
      type: 'table',
      heading: 'Lịch trực tuần này',
      head: true,
      rows: [
        ['Ngày', 'Người trực', 'Điện thoại'],
        ['Thứ hai', 'Nguyễn Văn An', '0229 3853 115'],
        ['Thứ ba', 'Trần Thị Bình', '0229 3853 116'],
      ],
    };
    for (const size of [
      { width: 128, height: 32 },
      { width: 128, height: 64 },
    ]) {
      const scene: Scene = { v: 2, language: 'vi', pages: [{ zones: [{ item }] }] };
      const words = pagesOf(item, size).join(' ');
      for (const cell of ['Nguyễn Văn An', '0229 3853 115', 'Trần Thị Bình']) expect(words).toContain(cell);
      const found = lint(scene, { ...size, pitchMm: 10 }, { viewingMetres: 8, night: false });
      expect(found.map(({ code }) => code)).not.toContain('zone-too-small');
    }
  });

  test('a telephone number that is wider than the board is parted at its blanks, not inside its figures', () => {
    const item: SceneItem = { type: 'table', rows: [['Trạm Y tế', '0229 3853 115']] };
    const words = pagesOf(item, { width: 48, height: 192 }).join(' ').split(/\s/);
    for (const part of ['0229', '3853', '115']) expect(words).toContain(part);
  });

  test('columns fill their width, and give way by what they can spare', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(100)), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 60, max: 600 }),
        (wanted, width) => {
          const wishes = wanted.map(([least, more]) => ({ least, natural: least + more }));
          const { widths, whole } = shareOut(wishes, width, 4);
          expect(widths.every((one) => one >= 1)).toBe(true);
          const room = width - 4 * (wishes.length - 1);
          const least = wishes.reduce((sum, wish) => sum + wish.least, 0);
          if (least <= room) {
            expect(widths.reduce((sum, one) => sum + one, 0)).toBe(room);
            expect(widths.every((one, at) => one >= (wishes[at]?.least ?? 0))).toBe(true);
          }
          if (whole) expect(widths.every((one, at) => one >= (wishes[at]?.natural ?? 0))).toBe(true);
        },
      ),
    );
  });
});
