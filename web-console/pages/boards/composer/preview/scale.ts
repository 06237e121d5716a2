import type { Size } from '#devices/render/brush';
import type { Format } from '../model/composition.ts';

export const VIEWS = ['fit', 'true', 'far'] as const;
export type View = (typeof VIEWS)[number];

/** From this size of a board's pixel on, in pixels of the screen, its lamps are seen one by one. */
const DOTS_FROM = 4;

/** What the screen is: how far from the eye, in mm, and how many mm a CSS pixel is; 96 to the inch on a desk, some 160 on a phone. */
export const SCREENS = {
  desk: { eyeMm: 550, mmPerPixel: 25.4 / 96 },
  phone: { eyeMm: 350, mmPerPixel: 25.4 / 160 },
} as const;

/**
 * How wide the board is drawn, in CSS pixels.
 * @param room what there is on the screen, CSS pixels.
 * @param ratio device pixels of a CSS pixel.
 */
export function fitted(format: Format, room: Size, ratio: number): { width: number; dots: boolean } {
  const exact = Math.min(room.width / format.width, room.height / format.height) * ratio;
  // Whole lamps where they are large enough to be seen as such; else the largest picture.
  const pixel = exact >= DOTS_FROM ? Math.floor(exact) : exact;
  return { width: (pixel * format.width) / ratio, dots: pixel >= DOTS_FROM && format.pitchMm >= 1 };
}

/**
 * How wide the board looks to who stands so far away: the same angle at the eye as on the screen at arm's length.
 * @param screen distance of the eye and size of a CSS pixel, both in mm.
 */
export const fromAfar = (
  { width, pitchMm }: Format,
  metres: number,
  screen: { readonly eyeMm: number; readonly mmPerPixel: number },
): number => (((width * pitchMm) / (metres * 1_000)) * screen.eyeMm) / screen.mmPerPixel;
