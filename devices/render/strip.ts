import type { Face } from '../face/face.ts';
import { lettersOf } from '../face/letters.ts';
import { putText } from '../face/put-text.ts';
import type { Assets, Pixels } from './assets.ts';
import { fillAll } from './raster.ts';

/** As much of the text as one layer holds. */
const TILE = 1_024;
/** What is seen and what comes next; the rest is written when it is near. */
const SPARE = 2;

/** A long line of text on layers of a limited width, written piece by piece as it comes by. */
export class Strip {
  readonly width: number;
  readonly height: number;
  readonly #face: Face;
  readonly #letters: readonly string[];
  /** Where each letter stands. */
  readonly #places: readonly number[];
  readonly #baseline: number;
  readonly #ink: string;
  readonly #ground: string;
  readonly #tiles = new Map<number, Pixels>();

  constructor(text: string, face: Face, height: number, baseline: number, ink: string, ground: string) {
    this.#face = face;
    this.#letters = lettersOf(text);
    const places: number[] = [];
    let x = 0;
    for (const [at, letter] of this.#letters.entries()) {
      places.push(x);
      x += face.advance(letter, this.#letters[at + 1]);
    }
    this.#places = places;
    this.width = x;
    this.height = height;
    this.#baseline = baseline;
    this.#ink = ink;
    this.#ground = ground;
  }

  /** The layers that cover a stretch, each with where it begins and how much of it is text's own. */
  tiles(
    from: number,
    to: number,
    assets: Assets,
  ): { readonly pixels: Pixels; readonly x: number; readonly width: number }[] {
    const found: { pixels: Pixels; x: number; width: number }[] = [];
    const last = Math.min(to, this.width);
    const most = Math.ceil((to - from) / TILE) + 1 + SPARE;
    for (let at = Math.floor(Math.max(0, from) / TILE); at * TILE < last; at += 1) {
      const width = Math.min(TILE, this.width - at * TILE);
      found.push({ pixels: this.#tile(at, width, most, assets), x: at * TILE, width });
    }
    return found;
  }

  #tile(at: number, width: number, most: number, assets: Assets): Pixels {
    const kept = this.#tiles.get(at);
    if (kept !== undefined) {
      this.#tiles.delete(at);
      this.#tiles.set(at, kept);
      return kept;
    }
    const { brush, pixels } = assets.layer({ width, height: this.height });
    const raster = brush.createImageData(width, this.height);
    fillAll(raster, this.#ground);
    // A letter's marks may hang over its neighbours.
    const reach = 2 * this.#face.linePx;
    const first = this.#places.findIndex((x) => x >= at * TILE - reach);
    const beyond = this.#places.findIndex((x) => x > at * TILE + width + reach);
    if (first >= 0) {
      const letters = this.#letters.slice(first, beyond < 0 ? undefined : beyond);
      const x = (this.#places[first] ?? 0) - at * TILE;
      putText(raster, this.#face, letters.join(''), x, this.#baseline, this.#ink);
    }
    brush.putImageData(raster, 0, 0);
    this.#tiles.set(at, pixels);
    const oldest = this.#tiles.keys().next();
    if (this.#tiles.size > most && oldest.done !== true) this.#tiles.delete(oldest.value);
    return pixels;
  }
}
