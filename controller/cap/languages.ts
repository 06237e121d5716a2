import type { CapInfo } from './message.ts';

/** What the standard takes for granted where an `info` names no language (section 3.2.2). */
const UNNAMED = 'en-US';
/** Letters that of the languages a ward hears only Vietnamese has. */
const VIETNAMESE = /[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]/i;

/** A sender who forgot to name the language writes Vietnamese all the same. */
export function languageOf(info: CapInfo): string {
  if (info.language !== null) return info.language;
  const text = [info.headline, info.event, info.description].join(' ');
  return VIETNAMESE.test(text.normalize('NFC')) ? 'vi' : UNNAMED;
}

const base = (language: string): string => language.toLowerCase().split('-', 1)[0] ?? '';

/**
 * Of what a message says in several languages, that in the one which is wished for most; in the language of the first
 * when none of them is wished for.
 */
export function inOneLanguage(infos: readonly CapInfo[], wished: readonly string[]): CapInfo[] {
  const spoken = infos.map((info) => languageOf(info));
  const rank = (language: string): number => {
    const exact = wished.findIndex((wish) => wish.toLowerCase() === language.toLowerCase());
    const near = wished.findIndex((wish) => base(wish) === base(language));
    return exact >= 0 ? exact : near >= 0 ? near + 0.5 : wished.length;
  };
  const best = Math.min(...spoken.map(rank));
  const first = spoken.find((language) => rank(language) === best);
  return infos.filter((_info, index) => spoken[index] === first);
}
