/** What letters may be: bright on a dark ground, told apart by the colour-blind too. */
export const LETTERS = [
  'white:#ffffff',
  'amber:#ffc933',
  'green:#3ddc84',
  'sky:#6fd3ff',
  'orange:#ff9f43',
  'rose:#ff8a80',
  'black:#000000',
] as const;
export const GROUNDS = [
  'black:#000000',
  'navy:#0b2a5b',
  'forest:#0b4a2b',
  'wine:#7a1010',
  'grape:#3d1466',
  'amber:#ffc933',
  'white:#ffffff',
] as const;

export type ColourName = (typeof LETTERS | typeof GROUNDS)[number] extends `${infer Name}:${string}`
  ? Name
  : never;
export interface Swatch {
  readonly name: ColourName;
  readonly value: string;
}
const swatch = (written: (typeof LETTERS | typeof GROUNDS)[number]): Swatch => {
  const [name, value = ''] = written.split(':');
  return { name: name as ColourName, value };
};
export const letters: readonly Swatch[] = LETTERS.map(swatch);
export const grounds: readonly Swatch[] = GROUNDS.map(swatch);
export const palette: ReadonlySet<string> = new Set(letters.map(({ value }) => value));

/** What stands where nothing was chosen. */
export const GROUND = '#000000';
export const INK = '#ffffff';

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((first, second) => first - second);
  return (high + 0.05) / (low + 0.05);
}
