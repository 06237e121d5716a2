/** Vietnamese numerals, as a newsreader of the North says them. */
const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'] as const;
const digit = (value: number): string => DIGITS[value] ?? '';

/** Above that a number is read digit by digit: nobody hears a row of billions. */
const MOST_DIGITS = 15;

/** Every digit by itself: telephone numbers, codes. */
export const readDigits = (digits: string): string => [...digits].map((one) => digit(Number(one))).join(' ');

/** @param digits only digits, without separators; leading noughts are passed over. */
export function readInteger(digits: string): string {
  const whole = digits.replace(/^0+(?=\d)/, '');
  if (whole.length > MOST_DIGITS) return readDigits(digits);
  return readNumber(Number(whole));
}

/** A whole number from 0 to 10¹⁵. */
function readNumber(value: number): string {
  if (value === 0) return digit(0);
  const billions = Math.floor(value / 1e9);
  const below = groups(value % 1e9, billions > 0);
  if (billions === 0) return below;
  return below === '' ? `${readNumber(billions)} tỷ` : `${readNumber(billions)} tỷ ${below}`;
}

/** @param inside a number: a group of its beginning says its noughts ("không trăm linh năm"). */
function groups(value: number, inside: boolean): string {
  const words: string[] = [];
  let begun = inside;
  for (const [size, name] of [
    [1e6, 'triệu'],
    [1e3, 'nghìn'],
    [1, ''],
  ] as const) {
    const group = Math.floor(value / size) % 1_000;
    if (group === 0) continue;
    words.push(hundreds(group, begun), name);
    begun = true;
  }
  return words.filter((word) => word !== '').join(' ');
}

function hundreds(value: number, inside: boolean): string {
  const hundred = Math.floor(value / 100);
  const rest = value % 100;
  if (hundred === 0 && !inside) return tens(rest, false);
  const head = `${digit(hundred)} trăm`;
  return rest === 0 ? head : `${head} ${tens(rest, true)}`;
}

/** @param behind hundreds: a missing ten is said ("linh"). */
function tens(value: number, behind: boolean): string {
  const ten = Math.floor(value / 10);
  const one = value % 10;
  if (ten === 0) return behind ? `linh ${digit(one)}` : digit(one);
  const head = ten === 1 ? 'mười' : `${digit(ten)} mươi`;
  if (one === 0) return head;
  if (one === 5) return `${head} lăm`;
  if (one === 1 && ten > 1) return `${head} mốt`;
  return `${head} ${digit(one)}`;
}

/** A decimal fraction; more than two digits, or one that begins with nought, digit by digit. */
export const readDecimal = (whole: string, fraction: string): string =>
  `${readInteger(whole)} phẩy ${fraction.length > 2 || fraction.startsWith('0') ? readDigits(fraction) : readInteger(fraction)}`;

const ROMAN: Record<string, number> = { I: 1, V: 5, X: 10, L: 50, C: 100 };

/** The value of a Roman numeral up to 399, or null when it is written otherwise than one. */
export function romanValue(text: string): number | null {
  if (!/^C{0,3}(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$/.test(text) || text === '') return null;
  const values = [...text].map((letter) => ROMAN[letter] ?? 0);
  return values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0);
}

/** A month's name: the first is "một" or, in the old way, "giêng"; the fourth is "tư". */
export const readMonth = (month: number): string => (month === 4 ? 'tư' : readNumber(month));
export const readDay = (day: number): string => (day <= 10 ? `mùng ${readNumber(day)}` : readNumber(day));
