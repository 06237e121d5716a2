import type { Assets, Pixels } from '#devices/render/assets';
import type { Size } from '#devices/render/brush';
import { filesOf, type Scene } from '#devices/scene';
import { FilmType } from '#devices/scene/file';
import { Film } from './film.ts';
import type { Shelf } from './shelf.ts';

/** Pictures and films of one scene, hashed again and decoded; and canvases to draw beside the screen. */
export class Media implements Assets {
  readonly #pictures = new Map<string, ImageBitmap>();
  readonly #films = new Map<string, Film>();
  /** Files that were not here when it was loaded. */
  readonly missing: string[] = [];

  /** Takes what the scene names off the shelf; what is not there or cannot be decoded is left out, and its words stand there. */
  async load(scene: Scene, shelf: Shelf, onTrouble: (what: string, detail: string) => void): Promise<void> {
    for (const { sha256, type } of filesOf(scene)) {
      if (!shelf.has(sha256)) {
        this.missing.push(sha256);
        continue;
      }
      const bytes = await shelf.take(sha256);
      try {
        if (bytes === null) throw new Error('its bytes are not what they were');
        if (FilmType.safeParse(type).success) {
          const film = new Film(bytes, type);
          await film.ready();
          this.#films.set(sha256, film);
        } else {
          const options = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as const;
          this.#pictures.set(sha256, await createImageBitmap(new Blob([bytes], { type }), options));
        }
      } catch (error) {
        onTrouble(
          'picture-unreadable',
          `${sha256}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }

  picture(sha256: string): Pixels | null {
    return this.#pictures.get(sha256) ?? null;
  }

  film(sha256: string, tMs: number): Pixels | null {
    return this.#films.get(sha256)?.at(tMs) ?? null;
  }

  layer({ width, height }: Size): ReturnType<Assets['layer']> {
    const pixels = new OffscreenCanvas(width, height);
    const brush = pixels.getContext('2d', { willReadFrequently: true });
    if (brush === null) throw new Error('the browser gives no canvas beside the screen');
    return { brush, pixels };
  }

  /** Decoded pixels that are held, for whoever counts memory. */
  get weight(): number {
    let pixels = 0;
    for (const { width, height } of this.#pictures.values()) pixels += width * height;
    for (const { weight } of this.#films.values()) pixels += weight;
    return pixels;
  }

  release(): void {
    for (const bitmap of this.#pictures.values()) bitmap.close();
    for (const film of this.#films.values()) film.release();
    this.#pictures.clear();
    this.#films.clear();
  }
}
