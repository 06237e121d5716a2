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
  for (let row = Math.max(0, y); row < Math.min(height, y + down); row += 1) {
    for (let x = 0; x < width; x += 1) {
      const ink = inks[(Math.floor((x + row - y) / stripe) + (turned ? 1 : 0)) % 2] ?? [0, 0, 0];
      data.set([...ink, 255], (row * width + x) * 4);
    }
  }
}
