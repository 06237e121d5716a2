import type { Assets, Pixels } from '#devices/render/assets';
import type { Size } from '#devices/render/brush';
import { addressOf } from '../../../api/client.ts';
import { Watched } from '../../../live/store.ts';

/** Decoded as the board decodes: without the screen's colour profile, so that the pixels are the file's own. */
const AS_THEY_ARE = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as const;
/** A page of a browser that looks at film after film must not keep them all: the oldest go. */
const MOST = { pictures: 120, films: 12 } as const;

const fileAddress = (sha256: string) => addressOf('GET /scene-files/{id}', { params: { id: sha256 } });

/** The files of scenes, fetched when the renderer asks for them; whoever draws is told when one is there. */
export class BrowserAssets implements Assets {
  readonly #pictures = new Map<string, ImageBitmap | null>();
  readonly #films = new Map<string, HTMLVideoElement>();
  readonly #watchers = new Set<() => void>();

  /** How many files have come: what was laid out without one is laid out again. */
  readonly arrived = new Watched(0);

  /** Told whenever something would be drawn differently: a file has come, a film stands at another frame. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  picture(sha256: string): Pixels | null {
    const known = this.#pictures.get(sha256);
    if (known !== undefined) return known;
    this.#pictures.set(sha256, null);
    void this.#fetch(sha256);
    return null;
  }

  film(sha256: string, tMs: number): Pixels | null {
    let film = this.#films.get(sha256);
    if (film === undefined) {
      this.#makeRoom();
      film = document.createElement('video');
      film.muted = true;
      film.preload = 'auto';
      film.playsInline = true;
      film.src = fileAddress(sha256);
      film.addEventListener('seeked', this.#tell);
      film.addEventListener('loadeddata', this.#arrive);
      this.#films.set(sha256, film);
    }
    if (film.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    const wanted = Number.isFinite(film.duration) ? (tMs / 1000) % film.duration : 0;
    // Sought frame by frame: an approximation of what the board's decoder shows, and never ahead of the page.
    if (Math.abs(film.currentTime - wanted) > 0.03 && !film.seeking) film.currentTime = wanted;
    return Object.assign(film, { width: film.videoWidth, height: film.videoHeight });
  }

  layer({ width, height }: Size): ReturnType<Assets['layer']> {
    const pixels = document.createElement('canvas');
    pixels.width = width;
    pixels.height = height;
    const brush = pixels.getContext('2d');
    if (brush === null) throw new Error('The browser gives no canvas to draw the board on');
    return { brush, pixels };
  }

  #makeRoom(): void {
    const [oldest] = this.#films;
    if (this.#films.size < MOST.films || oldest === undefined) return;
    const [sha256, film] = oldest;
    this.#films.delete(sha256);
    film.removeAttribute('src');
    film.load();
  }

  async #fetch(sha256: string): Promise<void> {
    try {
      const answer = await fetch(fileAddress(sha256), { credentials: 'same-origin' });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const picture = await createImageBitmap(await answer.blob(), AS_THEY_ARE);
      const [oldest] = this.#pictures.keys();
      if (this.#pictures.size > MOST.pictures && oldest !== undefined) this.#pictures.delete(oldest);
      this.#pictures.set(sha256, picture);
      this.#arrive();
    } catch {
      // Its words stand in its place; asked for again when the link is back and something is drawn anew.
      window.setTimeout(() => this.#pictures.delete(sha256), 5_000);
    }
  }

  readonly #arrive = () => {
    this.arrived.set(this.arrived.value + 1);
    this.#tell();
  };

  readonly #tell = () => {
    for (const watcher of this.#watchers) watcher();
  };
}

/** One for the whole console: the same file is fetched once. */
export const browserAssets = new BrowserAssets();
