import type { Assets } from '../render/assets.ts';
import type { FilmFile } from '../scene/file.ts';

/** What a film is looked at by: light and dark in a few fields, as an eye sees it from the road. */
export const FIELDS = { width: 8, height: 6 } as const;
/** WCAG 2.2, 2.3.1: opposing changes of a tenth of full light and more, the darker below 0.8, over a quarter of what is seen. */
const CHANGE = 0.1;
const DARKER = 0.8;
const PART = 0.25;
/** As much of a film as is looked at through a canvas. */
const MOST_FRAMES = 3_600;

/** Counts flashes while frames come in their order, each as RGBA rows of `FIELDS`. */
export class FlashCount {
  readonly #frameMs: number;
  readonly #turns: number[][] = Array.from({ length: FIELDS.width * FIELDS.height }, () => []);
  readonly #seen = this.#turns.map(() => ({ light: 0, way: 0 }));
  #frame = 0;

  constructor(framesPerSecond: number) {
    this.#frameMs = 1_000 / framesPerSecond;
  }

  look(rows: Uint8Array | Uint8ClampedArray): void {
    for (const [field, state] of this.#seen.entries()) {
      const light = lightOf(rows, field * 4);
      if (this.#frame === 0) state.light = light;
      const change = light - state.light;
      const way = Math.sign(change);
      if (Math.abs(change) >= CHANGE && Math.min(light, state.light) < DARKER) {
        if (state.way !== 0 && way !== state.way) this.#turns[field]?.push(this.#frame * this.#frameMs);
        this.#seen[field] = { light, way };
      } else if (way === state.way) state.light = light;
    }
    this.#frame += 1;
  }

  /** The most in any second. */
  get most(): number {
    const counts = this.#turns.map((times) => mostInASecond(times)).sort((a, b) => b - a);
    // So many fields see at least so many: two turns are one flash.
    return Math.floor((counts[Math.ceil(counts.length * PART) - 1] ?? 0) / 2);
  }
}

/** The most flashes in any second of a film; null where its frames are not at hand. */
export function flashesIn({ sha256, durationMs, framesPerSecond }: FilmFile, assets: Assets): number | null {
  const frameMs = 1_000 / framesPerSecond;
  const frames = Math.min(MOST_FRAMES, Math.floor(durationMs / frameMs));
  const { brush } = assets.layer(FIELDS);
  const count = new FlashCount(framesPerSecond);
  for (let frame = 0; frame < frames; frame += 1) {
    const pixels = assets.film(sha256, frame * frameMs);
    if (pixels === null) return null;
    brush.imageSmoothingEnabled = true;
    brush.drawImage(pixels, 0, 0, FIELDS.width, FIELDS.height);
    count.look(brush.getImageData(0, 0, FIELDS.width, FIELDS.height).data);
  }
  return count.most;
}

function lightOf(data: Uint8Array | Uint8ClampedArray, at: number): number {
  const linear = (byte: number): number => (byte / 255) ** 2.2;
  return (
    0.2126 * linear(data[at] ?? 0) + 0.7152 * linear(data[at + 1] ?? 0) + 0.0722 * linear(data[at + 2] ?? 0)
  );
}

function mostInASecond(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [at, time] of times.entries()) {
    while (time - (times[first] ?? 0) >= 1_000) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}
