import { UNIT_PATTERN, UNITS } from './abbreviations.ts';
import { readDecimal, readDigits, readInteger, romanValue } from './numbers.ts';
import type { Rule } from './rule.ts';

/** A number as people write it: dots between thousands, a comma before the fraction. */
const NUMBER = String.raw`\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d+`;
const START = String.raw`(?<![\p{L}\p{N}]|\d[.,])`;
const END = String.raw`(?![\p{L}\p{N}]|[.,]\d)`;

const unitOf = (unit: string): string => (unit === '' ? '' : ` ${UNITS[unit] ?? unit}`);

export function readFigure(written: string): string {
  const [whole = '', fraction] = written.replaceAll('.', '').split(',');
  return fraction === undefined ? readInteger(whole) : readDecimal(whole, fraction);
}

/** `0912 345 678`, `0229.3856.789`, `1900 1234`: said digit by digit, in the groups that they are written in. */
const telephone: Rule = {
  pattern: /(?<![\p{L}\p{N}.,/])(?:\+84|0\d|1[89]00)(?:[\s.-]?\d{1,4}){2,5}(?![\p{L}\p{N}])/gu,
  say: ([written = '']) => {
    const digits = written.replaceAll(/\D/g, '');
    if (digits.length < 8 || digits.length > 12) return null;
    const groups = written.split(/[\s.-]/).map((group) => readDigits(group.replaceAll(/\D/g, '')));
    return `${written.startsWith('+') ? 'cộng ' : ''}${groups.join(', ')}`;
  },
};

/** Emergency numbers are said digit by digit where the text calls them. */
const shortNumber: Rule = {
  pattern:
    /(?<=(?:gọi|số|tổng đài|đường dây nóng|hotline|điện thoại)\s*:?\s*(?:số\s+)?)(11[1-5])(?![\p{L}\p{N}/.,-])/giu,
  say: ([digits = '']) => readDigits(digits),
};

/** `20-25 °C`, `2025–2030`, `8 - 9`: from one to the other. */
const range: Rule = {
  pattern: new RegExp(
    `${START}(${NUMBER})\\s?[-–—]\\s?(${NUMBER})\\s?(${UNIT_PATTERN})?${END}(?![-–/]\\d)`,
    'gu',
  ),
  say: ([, from = '', to = '', unit = '']) => `${readFigure(from)} đến ${readFigure(to)}${unitOf(unit)}`,
};

/** `1.500.000 đ`, `3,5%`, `-2 °C`, `120mm`. */
const measure: Rule = {
  pattern: new RegExp(`${START}([-−](?=\\d))?(${NUMBER})\\s?(${UNIT_PATTERN})(?![\\p{L}\\p{N}])`, 'gu'),
  say: ([, minus = '', number = '', unit = '']) =>
    `${minus === '' ? '' : 'âm '}${readFigure(number)}${unitOf(unit)}`,
};

/** `3/4`: three of four. */
const fraction: Rule = {
  pattern: new RegExp(`${START}(\\d{1,3})/(\\d{1,3})${END}(?!/)`, 'gu'),
  say: ([, upper = '', lower = '']) =>
    Number(upper) < Number(lower) && Number(lower) <= 10
      ? `${readInteger(upper)} phần ${Number(lower) === 4 ? 'tư' : readInteger(lower)}`
      : `${readInteger(upper)} trên ${readInteger(lower)}`,
};

/** Roman numerals behind the words that they stand behind; `I` by itself is a letter. */
const roman: Rule = {
  pattern:
    /(?<=(?:khóa|khoá|kỳ|quý|thế kỷ|lần thứ|thứ|đại hội|chương|phần|mục|hạng|loại|cấp|nhiệm kỳ|Đảng)\s)([IVXLC]{1,7})(?![\p{L}\p{N}])/giu,
  say: ([text = ''], before) => {
    const value = text === text.toUpperCase() ? romanValue(text) : null;
    if (value === null) return null;
    const ordinal = /thứ\s$/iu.test(before);
    if (value === 1 && ordinal) return 'nhất';
    return value === 4 && (ordinal || /quý\s$/iu.test(before)) ? 'tư' : readInteger(String(value));
  },
};

/** What is left: `1.500`, `12`, `0,75`; numbers with a leading nought digit by digit. */
const plain: Rule = {
  pattern: new RegExp(`${START}([-−](?=\\d))?(${NUMBER})(?![\\p{N}]|[.,]\\d)`, 'gu'),
  say: ([, minus = '', number = ''], before) => {
    // A dash behind a word joins; it is no sign.
    const sign = minus !== '' && (before === '' || /\s$/.test(before)) ? 'âm ' : minus === '' ? '' : ' ';
    const digits = /^0\d+$/.test(number) ? readDigits(number) : readFigure(number);
    return `${sign}${digits}`;
  },
};

export const figures: readonly Rule[] = [telephone, shortNumber, range, measure, fraction, roman, plain];
