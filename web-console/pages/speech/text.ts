/** A text that is to be spoken, as a form keeps it. */
export interface SpokenText {
  readonly text: string;
  readonly voice: string | null;
  /** In percent of the voice's own pace. */
  readonly pace: number;
  readonly chime: boolean;
}

export const NO_TEXT: SpokenText = { text: '', voice: null, pace: 100, chime: true };

/** Of a newsreader, at the voice's own pace. */
const WORDS_PER_MINUTE = 150;
/** The one that the controller makes at its first start. */
const CHIME = 'chime-default';

export const wordsOf = (text: string): number => text.trim().split(/\s+/).filter(Boolean).length;

/** How long it will sound, about, ms. */
export const lengthOf = ({ text, pace }: SpokenText): number =>
  Math.max(1, Math.round((wordsOf(text) / (WORDS_PER_MINUTE * pace)) * 6_000)) * 1_000;

export const wishOf = ({ text, voice, pace, chime }: SpokenText) => ({
  text: text.trim(),
  voice,
  speed: pace / 100,
  chimeAssetId: chime ? CHIME : null,
});
