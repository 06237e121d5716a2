import type { Assets, Pixels } from '#devices/render/assets';
import type { Size } from '#devices/render/brush';
import { filesOf, type Scene } from '#devices/scene';
import { FilmType } from '#devices/scene/file';
import type { Shelf } from './shelf.ts';

/** A film that nobody asks for is stopped after this long. */
const UNWATCHED_MS = 1_000;
/** Further off than this it is moved to its place; less is left to the film's own clock. */
const OFF_MS = 150;

/** A film on the board: without sound, and at the place that the scene asks for. */
class Film {
  readonly video = document.createElement('video');
  readonly #url: string;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(bytes: Uint8Array<ArrayBuffer>, type: string) {
    this.#url = URL.createObjectURL(new Blob([bytes], { type }));
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.preload = 'auto';
    this.video.src = this.#url;
  }

  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) resolve();
      this.video.addEventListener('loadeddata', () => resolve(), { once: true });
      this.video.addEventListener('error', () => reject(new Error('the film cannot be decoded')), {
        once: true,
      });
    });
  }

  /** The frame at `tMs`, going round; null while there is none. */
  at(tMs: number): HTMLVideoElement | null {
    const { video } = this;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => video.pause(), UNWATCHED_MS);
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    const lengthMs = video.duration * 1_000;
    const wanted = Number.isFinite(lengthMs) && lengthMs > 0 ? tMs % lengthMs : tMs;
    const off = Math.abs(video.currentTime * 1_000 - wanted);
    if (off > OFF_MS && !video.seeking) video.currentTime = wanted / 1_000;
    if (video.paused) void video.play().catch(() => undefined);
    video.width = video.videoWidth;
    video.height = video.videoHeight;
    return video;
  }

  release(): void {
    clearTimeout(this.#idle);
    this.video.pause();
    this.video.removeAttribute('src');
    this.video.load();
    URL.revokeObjectURL(this.#url);
  }
}

/** Pictures and films of one scene, hashed again and decoded; and canvases to draw beside the screen. */
export class Media implements Assets {
  readonly #pictures = new Map<string, ImageBitmap>();
  readonly #films = new Map<string, Film>();

  /** Takes what the scene names off the shelf; what is not there or cannot be decoded is left out, and its words stand there. */
  async load(scene: Scene, shelf: Shelf, onTrouble: (what: string, detail: string) => void): Promise<void> {
    for (const { sha256, type } of filesOf(scene)) {
      if (!shelf.has(sha256)) continue;
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
    for (const { video } of this.#films.values()) pixels += video.videoWidth * video.videoHeight * 4;
    return pixels;
  }

  release(): void {
    for (const bitmap of this.#pictures.values()) bitmap.close();
    for (const film of this.#films.values()) film.release();
    this.#pictures.clear();
    this.#films.clear();
  }
}
