/** VNI for Windows: a base letter, then a character that stands for its marks. Fonts are called `VNI-Times` and so on. */
const TONES: Readonly<Record<string, string>> = {
  ù: '\u0301',
  ø: '\u0300',
  û: '\u0309',
  õ: '\u0303',
  ï: '\u0323',
};
const BREVE = '\u0306';
const CIRCUMFLEX = '\u0302';
const HORN = '\u031b';

const ON_A: Readonly<Record<string, string>> = {
  ê: BREVE,
  é: `${BREVE}\u0301`,
  è: `${BREVE}\u0300`,
  ú: `${BREVE}\u0309`,
  ü: `${BREVE}\u0303`,
  ë: `${BREVE}\u0323`,
};
const ON_AEO: Readonly<Record<string, string>> = {
  â: CIRCUMFLEX,
  á: `${CIRCUMFLEX}\u0301`,
  à: `${CIRCUMFLEX}\u0300`,
  å: `${CIRCUMFLEX}\u0309`,
  ã: `${CIRCUMFLEX}\u0303`,
  ä: `${CIRCUMFLEX}\u0323`,
};
/** One character is the whole letter. */
const WHOLE: Readonly<Record<string, string>> = {
  ñ: 'đ',
  ô: `o${HORN}`,
  ö: `u${HORN}`,
  í: 'í',
  ì: 'ì',
  æ: 'ỉ',
  ó: 'ĩ',
  ò: 'ị',
  î: 'ỵ',
};

export const isVniFont = (font: string): boolean => /^VNI[- ]/i.test(font);

/** Marks may be capitals behind capitals (`AÙ`), or not: both are written. */
export function fromVni(text: string): string {
  let result = '';
  /** The letter that marks may still follow, in small; empty when none may. */
  let base = '';
  for (const character of text) {
    const small = character.toLowerCase();
    const isCapital = character !== small;
    const mark = markOn(base, small);
    if (mark !== undefined) {
      result += mark;
      base = '';
      continue;
    }
    const letter = WHOLE[small] ?? small;
    result += isCapital ? letter.toUpperCase() : letter;
    base = /^[aeouy]$/.test(letter) || letter.endsWith(HORN) ? letter : '';
  }
  return result.normalize('NFC');
}

function markOn(base: string, mark: string): string | undefined {
  if (base === '') return undefined;
  if (base === 'a' && mark in ON_A) return ON_A[mark];
  if (/^[aeo]$/.test(base) && mark in ON_AEO) return ON_AEO[mark];
  return TONES[mark];
}
