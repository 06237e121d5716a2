/** Who reads: someone who drives by, or someone who stands or walks there. */
export type Reader = 'driver' | 'pedestrian';

/** Whoever stands there reads three words a second, aloud in thought; a driver has the road to look at. */
const SHARE: Record<Reader, number> = { driver: 1, pedestrian: 1 / 3 };

/** Syllables, as Vietnamese is written. */
export const countWords = (text: string): number =>
  text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** Answers to who, what, where or when: what stands between two stops. */
export const countUnits = (text: string): number =>
  text.split(/[.,;:!?…•\n]+(?=\s|$)|\n+/u).filter((phrase) => /[\p{L}\p{N}]/u.test(phrase)).length;

/** How long a text must stand: the longer of 2 s for each unit of information and 1 s for each word, for a driver. */
export const neededMs = (text: string, reader: Reader): number =>
  Math.ceil(Math.max(2_000 * countUnits(text), 1_000 * countWords(text)) * SHARE[reader]);

/** The eye needs a moment to find the page, and slow readers manage some 14 letters a second. */
export const readingMs = (text: string): number =>
  Math.max(4_000, 1_500 + Math.ceil((text.length / 14) * 1_000), neededMs(text, 'pedestrian'));
