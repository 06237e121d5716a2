import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText } from '#controller/fold-text';
import { shownName, titleOf } from '#controller/library/names';
import { canonical, sceneOf } from '#controller/library/scene-of';
import { breaths } from '#controller/speech/breaths';

describe('names that others gave are shown, and do no more', () => {
  test.each([
    ['../../../etc/passwd', 'passwd', 'passwd'],
    ['C:\\Users\\Lan\\bản_tin sáng.mp3', 'bản_tin sáng.mp3', 'bản tin sáng'],
    ['gpj.\u202Etxt.exe', 'gpj.txt.exe', 'gpj.txt'],
    ['a\u0000b\nc.wav', 'abc.wav', 'abc'],
    ['.mp3', '.mp3', '.mp3'],
    ['', '', '—'],
  ])('%j', (filename, shown, title) => {
    expect([shownName(filename), titleOf(filename)]).toEqual([shown, title]);
  });
  test('who types without accents finds what was written with them', () => {
    expect(foldText('Bản tin ĐƯỜNG làng')).toBe('ban tin duong lang');
  });
});

describe('a scene has one name, whoever wrote it', () => {
  test('keys in order, without white space, text as it is', () => {
    const scene = sceneOf({ heading: 'Họp', text: 'Tối "nay"\n19 giờ' }, 'vi');
    expect(canonical(scene)).toBe(
      '{"language":"vi","pages":[{"zones":[{"item":{"heading":"Họp","text":"Tối \\"nay\\"\\n19 giờ","type":"notice"}}]}],"v":2}',
    );
  });
});

describe('a long text is spoken whole', () => {
  test('cut at sentences', () => {
    const sentence = 'Kính mời bà con đến dự họp tổ dân phố vào tối nay tại nhà văn hóa. ';
    const parts = breaths(sentence.repeat(20), 'vi');
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.every((part) => part.endsWith('.'))).toBe(true);
    expect(parts.join(' ')).toBe(sentence.repeat(20).trim());
  });
  test('no word is lost or doubled, and no stretch is too long, whatever the text', () => {
    const word = fc.stringMatching(/^[a-zA-ZđĐạảấ,.;!?0-9-]{1,30}$/);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 300 }), (words) => {
        const parts = breaths(words.join(' '), 'vi');
        const letters = (text: string) => text.normalize('NFC').replaceAll(/\s/g, '');
        expect(letters(parts.join(' '))).toBe(letters(words.join(' ')));
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(400);
      }),
    );
  });
  test('a text without any space is spoken too', () => {
    expect(breaths('a'.repeat(1_000), 'vi').map(({ length }) => length)).toEqual([400, 400, 200]);
  });
  test('brackets are not taken for orders to the voice', () => {
    expect(breaths('Xem [[mục 3]]\u0007 nhé', 'vi')).toEqual(['Xem [mục 3]] nhé']);
  });
});
