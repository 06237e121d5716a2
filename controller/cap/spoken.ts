import type { CapInfo } from './message.ts';

/** What is said and shown of an alert. */
export interface AlertWords {
  readonly title: string;
  readonly heading: string | null;
  readonly text: string;
}

/** About two minutes of speech: who hears more has stopped listening. An incident's text may have 2,000. */
const LONGEST = 1_500;
const LONGEST_TITLE = 200;

/** Headline, description and instruction, each once; of several infos one after the other. */
export function wordsOf(infos: readonly CapInfo[]): AlertWords {
  const [first] = infos;
  const heading = plain(first?.headline ?? first?.event ?? '');
  const sentences: string[] = [];
  for (const info of infos) {
    for (const part of [info.headline ?? info.event, info.description, info.instruction]) {
      const words = ended(plain(part ?? ''));
      const said = sentences.some((sentence) => sentence.toLowerCase().includes(words.toLowerCase()));
      if (words !== '' && !said) sentences.push(words);
    }
  }
  const title = shortened(heading, LONGEST_TITLE);
  return { title, heading: title, text: shortened(sentences.join(' '), LONGEST) };
}

/** One line, without what a voice cannot say; three dots part clauses in weather services' texts. */
const plain = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu, ' ')
    .replaceAll(/\.{3,}/g, '. ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const ended = (text: string): string => (text === '' || /[.!?…:;]$/.test(text) ? text : `${text}.`);

/** At the end of a sentence if there is one in the second half, else of a word. */
function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const head = text.slice(0, longest - 1);
  const sentence = Math.max(...['. ', '! ', '? '].map((mark) => head.lastIndexOf(mark)));
  if (sentence > longest / 2) return head.slice(0, sentence + 1);
  const word = head.lastIndexOf(' ');
  return `${head.slice(0, word > longest / 2 ? word : head.length)}…`;
}

/** What is said when a cancellation itself says nothing. */
export function cancellationText({
  title,
  language,
}: {
  readonly title: string;
  readonly language: string;
}): string {
  return /^vi\b/i.test(language)
    ? `Cảnh báo “${title}” đã được huỷ bỏ.`
    : `The warning “${title}” has been cancelled.`;
}
