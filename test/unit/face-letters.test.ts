import { describe, expect, test } from 'vitest';
import { LETTERS, VIETNAMESE_LETTERS } from '#devices/face/letters';
import { apart, BITMAP_CELLS, everyFace, islands, OUTLINE_CELLS } from '../support/letter-pixels.ts';

const faces = everyFace([...BITMAP_CELLS, ...OUTLINE_CELLS]);
const bitmaps = everyFace(BITMAP_CELLS);
const marksOf = (letter: string): string[] => [...letter.normalize('NFD')].slice(1);
const HORN = '\u031b';
const DOT = '\u0323';

describe.each(faces)('letters of $voice in cells of $linePx', ({ face, linePx }) => {
  test('are all there: a board never shows a box for what publishing let through', () => {
    const box = face.glyph('\u{1F600}');
    const same = (letter: string): boolean => {
      const glyph = face.glyph(letter);
      return glyph.width === box.width && Buffer.compare(glyph.coverage, box.coverage) === 0;
    };
    expect(LETTERS.filter((letter) => !face.has(letter) || same(letter))).toEqual([]);
    expect(
      LETTERS.filter((letter) => letter !== ' ' && face.glyph(letter).coverage.every((part) => part === 0)),
    ).toEqual([]);
    expect(face.advance(' ')).toBeGreaterThan(0);
  });

  test('keep to their cell: no mark is cut off or runs into the line above', () => {
    expect(face.linePx).toBe(linePx);
    expect(face.ascent + face.descent).toBe(linePx);
    const strays = LETTERS.filter((letter) => {
      const { top, height } = face.glyph(letter);
      return top > face.ascent || height - top > face.descent;
    });
    expect(strays).toEqual([]);
  });

  test('are all different: no two Vietnamese letters look alike', () => {
    const looks = new Map<string, string>();
    const alike: string[] = [];
    for (const letter of [...VIETNAMESE_LETTERS, ...'AEIOUYDaeiouyd']) {
      const { left, top, width, coverage } = face.glyph(letter);
      const look = [left, top, width, ...coverage].join();
      if (looks.has(look)) alike.push(`${looks.get(look)} ${letter}`);
      looks.set(look, letter);
    }
    expect(alike).toEqual([]);
  });

  test('have tones that differ by three pixels at least, so that mã is not read as má or mà', () => {
    const tones = ['', '\u0300', '\u0301', '\u0309', '\u0303', DOT];
    const near: string[] = [];
    for (const vowel of 'aăâeêioôơuưyAĂÂEÊIOÔƠUƯY') {
      const letters = tones.map((tone) => (vowel + tone).normalize('NFC'));
      letters.forEach((one, at) => {
        for (const other of letters.slice(at + 1))
          if (apart(face, one, other) < (linePx < 16 ? 2 : 3)) near.push(one + other);
      });
    }
    expect(near).toEqual([]);
  });
});

describe.each(bitmaps)('small letters of $voice in cells of $linePx', ({ face }) => {
  test('have marks that touch neither the letter nor one another, as many as are written', () => {
    const wrong = VIETNAMESE_LETTERS.filter((letter) => {
      const [base = ''] = letter.normalize('NFD');
      const marks = marksOf(letter).filter((mark) => mark !== HORN);
      // The dot of an i goes when a mark comes over it, and stays when one comes under it.
      const dotted = base === 'i' && marks.every((mark) => mark === DOT) ? 2 : 1;
      return islands(face, letter) !== dotted + marks.length;
    });
    expect(wrong).toEqual([]);
  });

  test('have a dark row between the letter and each mark', () => {
    const wrong = VIETNAMESE_LETTERS.filter((letter) => {
      const marks = marksOf(letter);
      // A horn reaches up beside the mark, and the tail of a y down beside the dot.
      if (marks.length === 0 || marks.includes(HORN) || /[ỵi]/i.test(letter) || letter === 'ị') return false;
      const { width, height, coverage } = face.glyph(letter);
      const rows = Array.from({ length: height }, (_, row) =>
        coverage.subarray(row * width, (row + 1) * width).some((part) => part > 0),
      );
      const bands = rows.filter((inked, row) => inked && rows[row - 1] !== true).length;
      return bands !== 1 + marks.length;
    });
    expect(wrong).toEqual([]);
  });

  test('stand apart from their neighbours by a dark column, whatever follows whatever', () => {
    const letters = [...VIETNAMESE_LETTERS, ...'AEIOUYaeiouybdđghklmnpqrstvxBDĐGHKLMNPQRSTVX'];
    const edges = letters.map((letter) => {
      const { left, top, width, height, coverage } = face.glyph(letter);
      return {
        letter,
        rows: Array.from({ length: height }, (_, row) => {
          const ink = [...coverage.subarray(row * width, (row + 1) * width)].map((part) => part > 0);
          return {
            y: top - row,
            from: left + ink.indexOf(true),
            to: left + ink.lastIndexOf(true),
            is: ink.includes(true),
          };
        }).filter(({ is }) => is),
      };
    });
    const touching: string[] = [];
    for (const one of edges) {
      for (const other of edges) {
        const advance = face.advance(one.letter, other.letter);
        const meets = one.rows.some((row) =>
          other.rows.some(({ y, from }) => Math.abs(y - row.y) < 2 && advance + from - row.to < 2),
        );
        if (meets) touching.push(one.letter + other.letter);
      }
    }
    expect(touching).toEqual([]);
  });

  test('are of two tones only: a lamp is lit or dark', () => {
    const grey = LETTERS.filter((letter) =>
      face.glyph(letter).coverage.some((part) => part !== 0 && part !== 15),
    );
    expect(grey).toEqual([]);
  });
});
