import { readDay, readInteger, readMonth } from './numbers.ts';
import type { Rule } from './rule.ts';

/** Words before `2/9` that make a date of it and not a fraction. */
const DAY_WORDS =
  /(?:ngày|mùng|sáng|trưa|chiều|tối|đêm|hôm|từ|đến|tới|hết|trước|sau|hai|ba|tư|năm|sáu|bảy|nhật|lễ|dịp|và|,|-|–|\()\s*$/iu;
const SAYS_DAY = /(?:ngày|mùng|rằm)\s*$/iu;
const SAYS_MONTH = /tháng\s*$/iu;

const isDate = (day: number, month: number, year = 2000): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

function readDate(day: number, month: number, year: string | null, before: string): string {
  const head = SAYS_DAY.test(before) ? '' : 'ngày ';
  // "ngày mùng hai", but "mùng" is not said twice.
  const spoken = /mùng\s*$/iu.test(before) ? readInteger(String(day)) : readDay(day);
  return `${head}${spoken} tháng ${readMonth(month)}${year === null ? '' : ` năm ${readInteger(year)}`}`;
}

/** `24/11/2026`, `24-11-2026`, `24.11.2026`. */
const whole: Rule = {
  pattern: /(?<![\p{L}\p{N}/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?![\p{L}\p{N}]|[/-]\d)/gu,
  say: ([, day = '', , month = '', year = ''], before) =>
    isDate(Number(day), Number(month), Number(year))
      ? readDate(Number(day), Number(month), year, before)
      : null,
};

/** `11/2026`, a month of a year. */
const monthOfYear: Rule = {
  pattern: /(?<![\p{L}\p{N}/.-])(\d{1,2})[/-](\d{4})(?![\p{L}\p{N}]|[/-]\d)/gu,
  say: ([, month = '', year = ''], before) => {
    if (Number(month) < 1 || Number(month) > 12) return null;
    const head = SAYS_MONTH.test(before) ? '' : 'tháng ';
    return `${head}${readMonth(Number(month))} năm ${readInteger(year)}`;
  },
};

/** `24/11` where the text before or a nought tells that it is a day. */
const dayOfMonth: Rule = {
  pattern: /(?<![\p{L}\p{N}/.,-])(\d{1,2})\/(\d{1,2})(?![\p{L}\p{N}]|[/,.]\d|-\p{L})/gu,
  say: ([, day = '', month = ''], before) => {
    if (!isDate(Number(day), Number(month))) return null;
    const told = DAY_WORDS.test(before) || /^0|\/0/.test(`${day}/${month}`);
    return told ? readDate(Number(day), Number(month), null, before) : null;
  },
};

const clock = (hour: string, minute: string): string | null => {
  if (Number(hour) > 24 || Number(minute) > 59) return null;
  return Number(minute) === 0
    ? `${readInteger(hour)} giờ`
    : `${readInteger(hour)} giờ ${readInteger(minute)} phút`;
};

/** `19h30`, `19g30`, `19h30'`, `7 h`, `19h`. */
const hours: Rule = {
  pattern: /(?<![\p{L}\p{N}.,])(\d{1,2})\s?[hg](?:(\d{1,2})(?:'|’|ph|p)?)?(?![\p{L}\p{N}])/gu,
  say: ([written = '', hour = '', minute = '']) =>
    // `5 g` is a weight; a clock's `g` has its minutes behind it or nothing between.
    /\s/.test(written) && written.includes('g') ? null : clock(hour, minute === '' ? '0' : minute),
};
/** `06:00`, `19:30`. */
const colon: Rule = {
  pattern: /(?<![\p{L}\p{N}:])(\d{1,2}):(\d{2})(?![\p{L}\p{N}:])/gu,
  say: ([, hour = '', minute = '']) => clock(hour, minute),
};

export const dates: readonly Rule[] = [whole, monthOfYear, dayOfMonth, hours, colon];
