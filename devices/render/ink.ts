import { luminance, mix } from './contrast.ts';

/** Black is an LED that is off: the highest contrast there is, the least power, and no glow at night. */
export const GROUND = '#000000';

/** What stands on a ground, each well to be told from it. */
export interface Inks {
  readonly heading: string;
  readonly body: string;
  /** What is said beside: names of columns, a clock's date. */
  readonly quiet: string;
  /** Lines and marks that are not read. */
  readonly faint: string;
}

const ON_BLACK: Inks = { heading: '#ffc933', body: '#ffffff', quiet: '#9fd4ff', faint: '#4a4a4a' };

/** @param colour of the item, for its body. */
export function inksOn(ground: string, colour?: string): Inks {
  const inks = luminance(ground) > 0.18 ? onBright(ground) : onDark(ground);
  return colour === undefined ? inks : { ...inks, body: colour };
}

const onDark = (ground: string): Inks => ({
  ...ON_BLACK,
  ...(ground === GROUND ? {} : { quiet: '#e6f3ff', faint: mix(ground, '#ffffff', 0.35) }),
});
const onBright = (ground: string): Inks => ({
  heading: '#000000',
  body: '#000000',
  quiet: mix('#000000', ground, 0.15),
  faint: mix('#000000', ground, 0.6),
});
