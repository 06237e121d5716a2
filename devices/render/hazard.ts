import { bytesOf } from '../face/put-text.ts';
import type { Raster } from './raster.ts';

/** Slanting stripes from edge to edge. @param turned the colours change places. */
export function paintHazard(
  { data, width, height }: Raster,
  y: number,
  down: number,
  colour: string,
  ground: string,
  turned: boolean,
): void {
  const stripe = Math.max(3, down);
  const inks = [bytesOf(colour), bytesOf(ground)];
  const first = Math.max(0, y);
  const last = Math.min(height, y + down);
  // Every row is a piece of one long row, each begun a pixel further on.
  const long = new Uint8ClampedArray((width + down) * 4).fill(255);
  for (let x = 0; x < width + down; x += 1) {
    const [red = 0, green = 0, blue = 0] = inks[(Math.floor(x / stripe) + (turned ? 1 : 0)) % 2] ?? [];
    long[x * 4] = red;
    long[x * 4 + 1] = green;
    long[x * 4 + 2] = blue;
  }
  for (let row = first; row < last; row += 1) {
    data.set(long.subarray((row - y) * 4, (row - y + width) * 4), row * width * 4);
  }
}
