import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import en from '../../web-console/words/en.json' with { type: 'json' };
import vi from '../../web-console/words/vi.json' with { type: 'json' };

const room = new URL('../../web-console/', import.meta.url).pathname;
type Tree = { readonly [name: string]: string | Tree };

function leaves(tree: Tree, above = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(above + name, value);
    else for (const [key, text] of leaves(value, `${above}${name}.`)) all.set(key, text);
  }
  return all;
}
/** `span.minute_other` and `span.minute_one` are forms of one text. */
const plain = (key: string): string => key.replace(/_(zero|one|two|few|many|other)$/, '');
const blanks = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name ?? '').sort();

const texts = { vi: leaves(vi), en: leaves(en) };
const keys = { vi: new Set([...texts.vi.keys()].map(plain)), en: new Set([...texts.en.keys()].map(plain)) };
const sources = readdirSync(room, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(path.join(room, name), 'utf8') }));

describe('the words of the console', () => {
  test('English and Vietnamese say the same things', () => {
    expect([...keys.en].filter((key) => !keys.vi.has(key))).toEqual([]);
    expect([...keys.vi].filter((key) => !keys.en.has(key))).toEqual([]);
  });

  test('every form of every text has the forms that its language counts in', () => {
    for (const language of ['vi', 'en'] as const) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const key of texts[language].keys()) {
        if (plain(key) === key) continue;
        for (const form of forms) expect([...texts[language].keys()]).toContain(`${plain(key)}_${form}`);
      }
    }
  });

  test('no text is empty, and translations leave the same blanks to fill', () => {
    for (const [key, text] of texts.vi) {
      expect(text.trim(), key).not.toBe('');
      const other = texts.en.get(key);
      if (other !== undefined) expect(blanks(other), key).toEqual(blanks(text));
    }
  });

  test('every text that a component asks for exists', () => {
    let asked = 0;
    for (const { name, text } of sources) {
      for (const [, key = ''] of text.matchAll(/\bt\(\s*'([\w.-]+)'/g)) {
        asked += 1;
        expect(keys.vi, `${name} asks for ${key}`).toContain(key);
      }
      // `verdict.${verdict}`: at least one text must begin and end so.
      for (const [, pattern = ''] of text.matchAll(/\bt\(\s*`([^`]+)`/g)) {
        asked += 1;
        const like = new RegExp(`^${pattern.replaceAll('.', '\\.').replace(/\$\{[^}]+\}/g, '[\\w-]+')}$`);
        expect(
          [...keys.vi].some((key) => like.test(key)),
          `${name} asks for ${pattern}`,
        ).toBe(true);
      }
    }
    expect(asked).toBeGreaterThan(300);
  });

  test('no component has words of its own: what is shown comes from the texts', () => {
    // A Vietnamese letter outside a comment; the names of the two languages are their own.
    const vietnamese = /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i;
    for (const { name, text } of sources) {
      const code = text
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\/\/.*$/gm, '')
        .replaceAll('Tiếng Việt', '')
        .replace(/replace\(\/[^/]*\/g?, '[dD]'\)/g, '');
      const line = code.split('\n').find((candidate) => vietnamese.test(candidate));
      expect(line, name).toBeUndefined();
    }
  });
});
