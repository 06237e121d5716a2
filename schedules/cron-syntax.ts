/**
 * The syntax of node-cron 4, token by token as that library reads it (its `pattern/conversion` and
 * `pattern/validation`), so that an expression means the same here and there. It is written anew because this code
 * runs in the browser too, where node-cron does not, and because a range such as `1-99999999999` must not hang it.
 */
export const CRON_FIELDS = ['second', 'minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek'] as const;
export type CronField = (typeof CRON_FIELDS)[number];

/** A number, or in the two day fields a word that only a calendar can answer: `L`, `L-3`, `15W`, `LW`, `2#3`, `5L`. */
export type CronToken = number | string;

const BOUNDS: Record<CronField, readonly [min: number, max: number]> = {
  second: [0, 59],
  minute: [0, 59],
  hour: [0, 23],
  dayOfMonth: [1, 31],
  month: [1, 12],
  dayOfWeek: [0, 6],
};

const NICKNAMES: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

/** Splits an expression into its six fields, or says why it cannot. Seconds are `0` where there are five. */
export function splitCron(expression: string): string[] | { message: string } {
  const resolved = NICKNAMES[expression.trim().toLowerCase()] ?? expression;
  if (!/^[a-zA-Z0-9\-*/,#? ]+$/.test(resolved)) return { message: 'illegal characters' };
  const fields = resolved.replace(/ {2,}/g, ' ').trim().split(' ');
  if (fields.length === 5) return ['0', ...fields];
  return fields.length === 6 ? fields : { message: `5 or 6 fields expected, ${fields.length} found` };
}

/** The values of one field, or null where node-cron refuses it. */
export function readField(field: CronField, text: string): CronToken[] | null {
  const tokens: CronToken[] = [];
  for (const token of spellOut(field, text).split(',')) {
    const values = readToken(field, token);
    if (values === null) return null;
    tokens.push(...values);
  }
  return [...new Set(tokens)];
}

/** Names become numbers and `*` the whole range. Like node-cron it replaces inside words: `monday#1` is `1#1`. */
function spellOut(field: CronField, text: string): string {
  let spelt = text;
  if (field === 'month') spelt = replaceNames(spelt, MONTHS, 1);
  if (field === 'dayOfWeek') spelt = replaceNames(spelt, WEEKDAYS, 0);
  if (spelt === '?' && (field === 'dayOfMonth' || field === 'dayOfWeek')) spelt = '*';
  const [min, max] = BOUNDS[field];
  return spelt
    .split(',')
    .map((token) => token.replace('*', `${min}-${max}`))
    .join(',');
}

function replaceNames(text: string, names: readonly string[], first: number): string {
  let replaced = text;
  for (const shorten of [false, true]) {
    names.forEach((name, index) => {
      replaced = replaced.replace(new RegExp(shorten ? name.slice(0, 3) : name, 'gi'), String(index + first));
    });
  }
  return replaced;
}

function readToken(field: CronField, token: string): CronToken[] | null {
  const range = /^(\d+)-(\d+)(?:\/(\d+))?$/.exec(token);
  if (range) return readRange(field, Number(range[1]), Number(range[2]), Number(range[3] ?? 1));
  if (/^\d+$/.test(token)) return readNumber(field, Number(token));
  const word = token.toUpperCase();
  if (field === 'dayOfMonth') return readDayWord(word);
  if (field === 'dayOfWeek' && /^[0-7](L|#[1-5])$/.test(word)) return [word.replace(/^7/, '0')];
  return null;
}

function readNumber(field: CronField, value: number): CronToken[] | null {
  if (field === 'dayOfWeek' && value === 7) return [0];
  const [min, max] = BOUNDS[field];
  return value >= min && value <= max ? [value] : null;
}

/** `first-last/step`. One that runs backwards wraps around the end of its field: `22-2` is 22, 23, 0, 1, 2. */
function readRange(field: CronField, first: number, last: number, step: number): CronToken[] | null {
  if (!(step >= 1)) return null;
  const [min, max] = BOUNDS[field];
  const size = max - min + 1;
  const span = first <= last ? last - first : (((last - first) % size) + size) % size;
  const values: CronToken[] = [];
  for (let offset = 0; offset <= span; offset += step) {
    const value = first + offset;
    const read = readNumber(field, first > last && value > max ? value - size : value);
    if (read === null) return null;
    values.push(...read);
  }
  return values;
}

function readDayWord(word: string): CronToken[] | null {
  if (word === 'L' || word === 'LW') return [word];
  const nearest = /^(\d{1,2})W$/.exec(word);
  if (nearest) return Number(nearest[1]) >= 1 && Number(nearest[1]) <= 31 ? [word] : null;
  const fromEnd = /^L-(\d{1,2})$/.exec(word);
  if (fromEnd) return Number(fromEnd[1]) >= 1 && Number(fromEnd[1]) <= 30 ? [word] : null;
  return null;
}
