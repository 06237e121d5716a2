import type { Brush, Size } from './brush.ts';

/** Whatever the brush at hand draws: an image, a canvas, a frame of a film. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
}

/** What a renderer asks its surroundings for. */
export interface Assets {
  /** Decoded; null where it is missing, and its words stand there instead. */
  picture(sha256: string): Pixels | null;
  /** The frame that stands at `tMs` of the film. */
  film(sha256: string, tMs: number): Pixels | null;
  /** A canvas off the screen. */
  layer(size: Size): { readonly brush: Brush; readonly pixels: Pixels };
}
