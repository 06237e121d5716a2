import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Assets, Pixels } from '#devices/render/assets';
import type { Size } from '#devices/render/brush';

export interface TestAssets extends Assets {
  readonly pictures: Map<string, Pixels>;
  readonly films: Map<string, (tMs: number) => Pixels>;
  /** Bytes of all layers that were asked for. */
  bytes: number;
}

/** A board's surroundings without a board: layers of napi canvas, pictures and films that a test puts there. */
export function boardAssets(): TestAssets {
  const pictures = new Map<string, Pixels>();
  const films = new Map<string, (tMs: number) => Pixels>();
  const assets: TestAssets = {
    pictures,
    films,
    bytes: 0,
    picture: (sha256) => pictures.get(sha256) ?? null,
    film: (sha256, tMs) => films.get(sha256)?.(tMs) ?? null,
    layer: ({ width, height }) => {
      assets.bytes += width * height * 4;
      const pixels = createCanvas(width, height);
      return { brush: pixels.getContext('2d'), pixels };
    },
  };
  return assets;
}

export const brushOf = ({ width, height }: Size): SKRSContext2D =>
  createCanvas(width, height).getContext('2d');
export const pixelsOf = (brush: SKRSContext2D, { width, height }: Size): Uint8ClampedArray =>
  brush.getImageData(0, 0, width, height).data;
