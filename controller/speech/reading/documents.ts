import { DOCUMENTS, OFFICES } from './abbreviations.ts';
import { readInteger } from './numbers.ts';
import type { Rule } from './rule.ts';

const kinds = Object.keys(DOCUMENTS)
  .sort((one, other) => other.length - one.length)
  .join('|');
const offices = Object.keys(OFFICES)
  .sort((one, other) => other.length - one.length)
  .join('|');

/** Whether the text says already what kind of document it is, with or without "số" behind. */
const says = (before: string, kind: string): boolean =>
  new RegExp(`${kind}(\\s+số)?\\s*$`, 'iu').test(before);
const saysNumber = (before: string): boolean => /số\s*$/iu.test(before);

/**
 * `49/2024/NĐ-CP` → "Nghị định số bốn mươi chín năm hai nghìn không trăm hai mươi bốn của Chính phủ"; what the text
 * before has said already is not said twice.
 */
const regulation: Rule = {
  pattern: new RegExp(
    `(?<![\\p{L}\\p{N}/])(?:(?:${kinds})\\s+(?:số\\s+)?)?(\\d{1,5})(?:/(\\d{4}))?/(${kinds})-((?:${offices})(?:\\d{1,2})?(?:-(?:${offices}))*)(?![\\p{L}\\p{N}])`,
    'gu',
  ),
  say: ([, number = '', year = '', short = '', office = ''], before) => {
    const kind = DOCUMENTS[short] ?? short;
    const head = says(before, kind) ? '' : `${kind} `;
    const so = saysNumber(before) ? '' : 'số ';
    const when = year === '' ? '' : ` năm ${readInteger(year)}`;
    return `${saysNumber(before) ? '' : head}${so}${readInteger(number)}${when} của ${officeOf(office)}`;
  },
};

/** `NĐ-CP`, `QĐ-UBND` without a number. */
const bare: Rule = {
  pattern: new RegExp(`(?<![\\p{L}\\p{N}/])(${kinds})-(${offices})(?![\\p{L}\\p{N}])`, 'gu'),
  say: ([, short = '', office = ''], before) => {
    const kind = DOCUMENTS[short] ?? short;
    return `${says(before, kind) ? '' : `${kind} `}của ${officeOf(office)}`.trim();
  },
};

/** `QĐ số 12`, `NĐ 49`: a kind of document before its number. */
const named: Rule = {
  pattern: /(?<![\p{L}\p{N}/])(NĐ|QĐ|NQ|CT|KH|TT)(?=\s+(?:số\s+)?\d)/gu,
  say: ([, short = '']) => DOCUMENTS[short] ?? null,
};

/** `QH15`: the fifteenth National Assembly. */
function officeOf(text: string): string {
  return text
    .split('-')
    .map((part) => {
      const match = /^(\D+?)(\d+)$/.exec(part);
      if (match === null) return OFFICES[part] ?? part;
      const [, office = '', term = ''] = match;
      return `${OFFICES[office] ?? office} khóa ${readInteger(term)}`;
    })
    .join(', ');
}

export const documents: readonly Rule[] = [regulation, bare, named];
