/** ASCII from the space to the tilde. */
const ASCII = Array.from({ length: 95 }, (_, at) => String.fromCodePoint(32 + at)).join('');
/** Letters and signs of Latin-1: names of other countries, and prices. */
const LATIN = Array.from({ length: 95 }, (_, at) => String.fromCodePoint(0xa1 + at))
  .filter((sign) => sign !== '\u00ad')
  .join('');
/** What Vietnamese has beyond Latin-1: every vowel with every tone. */
const VIETNAMESE =
  'ĂăĐđĨĩŨũƠơƯưẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ';
const SIGNS = '–—…“”„‘’‚‹›•№→←↑↓✓−€₫™';

/** Every letter and sign that a board can show; each face has them all, at every height. */
export const LETTERS: readonly string[] = [...new Set(ASCII + LATIN + VIETNAMESE + SIGNS)];
const known = new Set(LETTERS);

/** All 134 letters that Vietnamese writes with beyond a–z: what a face is judged by. */
export const VIETNAMESE_LETTERS: readonly string[] = [...`ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý${VIETNAMESE}`];

/** What is drawn as something else: spaces of every kind, and hyphens and primes that office programs write. */
const DRAWN_AS: ReadonlyMap<string, string> = new Map([
  ...[
    ...'\t\n\r\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000',
  ].map((space) => [space, ' '] as const),
  ...[...'\u2010\u2011\u2012'].map((hyphen) => [hyphen, '-'] as const),
  ['\u2015', '—'],
  ['\u2032', "'"],
  ['\u2033', '"'],
]);
/** Of meaning to a line breaker, and never seen. */
const UNSEEN = /^(?:[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|\p{Variation_Selector})$/u;

/** The letters of a text as they are drawn: in NFC, so that a letter is one with all its marks. */
export function lettersOf(text: string): string[] {
  const letters: string[] = [];
  for (const char of text.normalize('NFC')) if (!UNSEEN.test(char)) letters.push(DRAWN_AS.get(char) ?? char);
  return letters;
}

/** Whether every face can show it. */
export const isKnown = (letter: string): boolean => known.has(letter);

/** A letter that no face has. */
export interface MissingLetter {
  readonly char: string;
  /** Such as `U+1F600 😀`: what tells it from others that look alike. */
  readonly name: string;
}

/**
 * The letters of a text that a board cannot show, each once, in the order of the text. A text that has any is not
 * published: a board must show what was approved, not boxes.
 */
export function missingLetters(text: string): MissingLetter[] {
  const missing = new Set<string>();
  let before = '';
  for (const letter of lettersOf(text)) {
    // A mark that makes no letter of its own is named with what it was put on.
    if (!isKnown(letter)) missing.add(isMark(letter) ? before + letter : letter);
    before = letter;
  }
  return [...missing].map((char) => ({ char, name: nameOf(char) }));
}

const isMark = (letter: string): boolean => /\p{M}/u.test(letter);

function nameOf(char: string): string {
  const codes = Array.from(
    char,
    (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  ).join(' ');
  // What cannot be seen has its number alone.
  return /^[\p{C}\p{Z}]/u.test(char) ? codes : `${codes} ${char}`;
}
