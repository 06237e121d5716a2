/** As much as is spoken in one go: the engine keeps the sound of it in memory, some 35 s of it. */
const MOST_CHARACTERS = 400;

/**
 * Cuts a text into stretches that are spoken in one go: whole sentences where they fit, else at commas, else between
 * words. Nothing is lost but white space and what the engine would take for commands.
 */
export function breaths(text: string, language: string): string[] {
  const stretches: string[] = [];
  let open = '';
  for (const piece of pieces(clean(text), language)) {
    if (open !== '' && open.length + piece.length + 1 > MOST_CHARACTERS) {
      stretches.push(open);
      open = '';
    }
    open = open === '' ? piece : `${open} ${piece}`;
  }
  if (open !== '') stretches.push(open);
  return stretches;
}

/** `[[` begins phonemes in eSpeak's own spelling; a person who writes it means brackets. */
const clean = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/\p{Cc}(?<![\n\t])/gu, ' ')
    .replaceAll(/\[{2,}/g, '[');

function* pieces(text: string, language: string): Generator<string> {
  const sentences = new Intl.Segmenter(language, { granularity: 'sentence' });
  for (const { segment } of sentences.segment(text)) {
    const sentence = segment.replaceAll(/\s+/g, ' ').trim();
    if (sentence === '') continue;
    if (sentence.length <= MOST_CHARACTERS) yield sentence;
    else yield* wrapped(sentence);
  }
}

/** A sentence without end: cut behind the last comma or space that fits, or in the middle of a word a screen long. */
function* wrapped(sentence: string): Generator<string> {
  let rest = sentence;
  while (rest.length > MOST_CHARACTERS) {
    const window = rest.slice(0, MOST_CHARACTERS);
    const comma = Math.max(window.lastIndexOf(', '), window.lastIndexOf('; '), window.lastIndexOf(': '));
    const space = window.lastIndexOf(' ');
    const cut = comma > MOST_CHARACTERS / 2 ? comma + 1 : space > 0 ? space : MOST_CHARACTERS;
    yield rest.slice(0, cut).trim();
    rest = rest.slice(cut).trim();
  }
  if (rest !== '') yield rest;
}
