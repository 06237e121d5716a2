import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faceFor } from '#devices/face/face';
import { LETTERS, missingLetters, VIETNAMESE_LETTERS } from '#devices/face/letters';
import { putText } from '#devices/face/put-text';
import { Recent } from '#devices/face/recent';
import { expectGolden } from '../support/golden.ts';
import { BITMAP_CELLS, everyFace, specimen, target } from '../support/letter-pixels.ts';
import { FACES, faceFile } from '../support/make-faces.ts';

describe.each(everyFace([13, 16, 20, 24, 28, 32]))(
  '$voice in cells of $linePx',
  ({ voice, linePx, face }) => {
    test('looks as it did when it was looked at', async () => {
      await expectGolden(`letters-${voice}-${linePx}`, specimen(face));
    });
  },
);

test('the stored outlines are those of Be Vietnam Pro, as the generator writes them', () => {
  for (const face of FACES) {
    const stored = readFileSync(new URL(`../../${face.file}`, import.meta.url), 'utf8');
    const bare = (text: string): string => text.replace(/\s|\\|["']/g, '');
    expect(
      bare(stored) === bare(faceFile(face)),
      `${face.file} is not what test/support/make-faces.ts writes`,
    ).toBe(true);
  }
});

test('there are 134 Vietnamese letters beyond the alphabet, each with its marks in one code point', () => {
  expect(new Set(VIETNAMESE_LETTERS).size).toBe(134);
  expect(VIETNAMESE_LETTERS.every((letter) => letter.normalize('NFC') === letter)).toBe(true);
});

describe('what a board cannot show', () => {
  test('is named letter by letter, each once', () => {
    expect(missingLetters('Chợ họp 😀 lúc 漢 và 😀 x\u030c')).toEqual([
      { char: '😀', name: 'U+1F600 😀' },
      { char: '漢', name: 'U+6F22 漢' },
      { char: 'x\u030c', name: 'U+0078 U+030C x\u030c' },
    ]);
  });

  test('is nothing in ordinary text, whichever way the marks were typed and the spaces are', () => {
    const text =
      'Điều 5. “Nghỉ Tết” – 1.500 ₫/kg…\tẴ ẫ ộ\u00a0ự\u200b № 3\n→ 50 °C ±2 ½ × ÷ © ® ™ • · ✓ ↑↓← €£ ²³ ‘’ —';
    expect(missingLetters(text)).toEqual([]);
    expect(missingLetters(text.normalize('NFD'))).toEqual([]);
  });
});

describe('a line of text', () => {
  const face = faceFor('body', 16);

  test('is the same however its marks were typed, and shows nothing of what is not to be seen', () => {
    for (const linePx of [16, 40]) {
      const one = faceFor('heading', linePx);
      const draw = (text: string): Uint8ClampedArray => {
        const drawn = target(400, 60);
        putText(drawn, one, text, 3, 45, '#ffc933');
        return drawn.data;
      };
      expect(draw('Phường Phù Vân'.normalize('NFD'))).toEqual(draw('Phường Phù Vân'));
      expect(draw('Phư\u00adờng\u00a0Phù\u200b Vân')).toEqual(draw('Phường Phù Vân'));
    }
  });

  test('ends where its width says, and what falls outside is left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...LETTERS), { maxLength: 12 }),
        fc.integer({ min: -60, max: 60 }),
        fc.integer({ min: -20, max: 60 }),
        fc.constantFrom(16, 24, 33),
        (letters, x, y, linePx) => {
          const one = faceFor('body', linePx);
          const text = letters.join('');
          const small = target(40, 30);
          const end = putText(small, one, text, x, y, '#ffffff');
          expect(end - x).toBe(one.widthOf(text));
          // The same on a larger ground: clipping changes nothing of what is inside.
          const large = target(40 + 400, 30 + 200);
          putText(large, one, text, x + 200, y + 100, '#ffffff');
          for (let row = 0; row < 30; row += 1)
            for (let column = 0; column < 40; column += 1)
              expect(small.data[(row * 40 + column) * 4]).toBe(
                large.data[((row + 100) * 440 + column + 200) * 4],
              );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is mixed of its ink and its ground alone, and stays opaque', () => {
    const drawn = target(300, 60, '#203040');
    putText(drawn, faceFor('body', 40), 'Ổ dịch ở Ẵ', 2, 40, '#ffc933');
    const between = (value: number, one: number, other: number): boolean =>
      value >= Math.min(one, other) && value <= Math.max(one, other);
    let mixed = 0;
    for (let at = 0; at < drawn.data.length; at += 4) {
      const [red = 0, green = 0, blue = 0, alpha] = drawn.data.subarray(at, at + 4);
      expect(alpha).toBe(255);
      expect(between(red, 0x20, 0xff) && between(green, 0x30, 0xc9) && between(blue, 0x40, 0x33)).toBe(true);
      if (red !== 0x20 && red !== 0xff) mixed += 1;
    }
    expect(mixed).toBeGreaterThan(50);
  });

  test('keeps small figures in their columns, so that a clock does not jump', () => {
    for (const { face: one } of everyFace(BITMAP_CELLS)) {
      const widths = new Set([...'0123456789'].map((digit) => one.widthOf(`${digit}0`)));
      expect([...widths]).toHaveLength(1);
    }
  });

  test('has cells that are never smaller than what can be read', () => {
    expect(faceFor('body', 8).linePx).toBe(13);
    expect(face.linePx).toBe(16);
    // Between two drawn heights the smaller one is drawn, with room above and below.
    expect(faceFor('body', 18).linePx).toBe(18);
    expect(faceFor('body', 18).capitalPx).toBe(face.capitalPx);
  });
});

test('a board that runs for months keeps the letters it needs, and no more', () => {
  const recent = new Recent<number, number>(3);
  for (const key of [1, 2, 3, 1, 4]) recent.get(key, () => key * 10);
  expect(recent.size).toBe(3);
  let made = 0;
  const again = (key: number): number => recent.get(key, () => (made += 1));
  expect(again(1)).toBe(10);
  expect(again(4)).toBe(40);
  expect(again(2)).toBe(1);
});
