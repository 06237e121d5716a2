import { Recent } from '../face/recent.ts';
import type { Brush, Size } from './brush.ts';
import type { Raster } from './raster.ts';

/** Zones of a few sizes, which come back with every page. */
const KEPT = 4;

/** Rasters that zones are written in and copied from at once: the same ones over and over, since fresh memory is slow. */
export class Scratch {
  readonly #rasters = new Recent<string, Raster>(KEPT);

  /** What it holds is of whoever had it before. */
  raster(brush: Brush, { width, height }: Size): Raster {
    return this.#rasters.get(`${width} ${height}`, () => brush.createImageData(width, height));
  }
}
