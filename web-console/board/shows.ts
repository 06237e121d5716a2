import type { Size } from '#devices/render/brush';
import { makeShow, type Show } from '#devices/render/show';
import { Media } from './media.ts';
import { sceneIn } from './scene-file.ts';
import type { Shelf } from './shelf.ts';

export interface ShowsDesk {
  readonly shelf: Shelf;
  readonly size: () => Size;
  readonly fault: (what: string, detail: string) => void;
  /** A file is damaged or gone: it is to be fetched again. */
  readonly mend: () => void;
  /** One is ready, or will not be. */
  readonly wake: () => void;
  /** One that stands looks other than before. */
  readonly renewed: () => void;
}

export type Prepared =
  | { readonly state: 'ready'; readonly show: Show; readonly media: Media }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'coming' };

/** Scenes that are kept laid out, and the pixels of pictures that are kept decoded for them (4 bytes each). */
const MOST = 24;
const MOST_PIXELS = 64_000_000;
const TRY_AGAIN_MS = 3_000;

/**
 * Scenes made ready to be drawn: taken off the shelf, hashed again against the hash that was signed, laid out for this board,
 * their pictures decoded. A scene whose bytes are others is never drawn.
 */
export class Shows {
  readonly #desk: ShowsDesk;
  readonly #prepared = new Map<string, Prepared>();
  readonly #renewing = new WeakSet<Media>();

  constructor(desk: ShowsDesk) {
    this.#desk = desk;
  }

  /** Whatever there is of it; what there is not is begun. */
  get(sha256: string): Prepared {
    const known = this.#prepared.get(sha256);
    if (known !== undefined) {
      // What was asked for last is let go of last.
      this.#prepared.delete(sha256);
      this.#prepared.set(sha256, known);
      if (known.state === 'ready') this.#complete(sha256, known);
      return known;
    }
    const coming: Prepared = { state: 'coming' };
    this.#prepared.set(sha256, coming);
    void this.#prepare(sha256).then((prepared) => {
      if (this.#prepared.get(sha256) !== coming) {
        if (prepared.state === 'ready') prepared.media.release();
        return;
      }
      this.#prepared.set(sha256, prepared);
      if (prepared.state === 'failed') setTimeout(() => this.#prepared.delete(sha256), TRY_AGAIN_MS);
      this.#makeRoom();
      this.#desk.wake();
    });
    return coming;
  }

  /** The board has another size: everything is laid out anew. */
  clear(): void {
    for (const prepared of this.#prepared.values()) if (prepared.state === 'ready') prepared.media.release();
    this.#prepared.clear();
  }

  /** Pictures that came later than their scene take their place; until then it stands as it is. */
  #complete(sha256: string, known: Extract<Prepared, { state: 'ready' }>): void {
    const { media } = known;
    if (this.#renewing.has(media) || !media.missing.some((file) => this.#desk.shelf.has(file))) return;
    this.#renewing.add(media);
    void this.#prepare(sha256).then((prepared) => {
      if (prepared.state !== 'ready') return;
      if (this.#prepared.get(sha256) !== known) {
        prepared.media.release();
        return;
      }
      this.#prepared.set(sha256, prepared);
      media.release();
      this.#desk.renewed();
    });
  }

  async #prepare(sha256: string): Promise<Prepared> {
    const { shelf, fault, mend, size } = this.#desk;
    const held = shelf.has(sha256);
    const bytes = await shelf.take(sha256);
    if (bytes === null) {
      const reason = held ? 'hash-mismatch' : 'blob-missing';
      fault(reason, sha256);
      mend();
      return { state: 'failed', reason };
    }
    const media = new Media();
    try {
      const scene = sceneIn(bytes);
      if (scene === null) throw new Error('it is no scene that this board knows');
      await media.load(scene, shelf, fault);
      return { state: 'ready', show: makeShow(scene, size(), media), media };
    } catch (error) {
      media.release();
      fault('scene-unreadable', `${sha256}: ${error instanceof Error ? error.message : String(error)}`);
      return { state: 'failed', reason: 'scene-unreadable' };
    }
  }

  #makeRoom(): void {
    let pixels = 0;
    let count = 0;
    for (const [sha256, prepared] of [...this.#prepared].reverse()) {
      if (prepared.state !== 'ready') continue;
      count += 1;
      pixels += prepared.media.weight;
      // The newest two stay: the one that stands and the one that comes.
      if (count <= 2 || (count <= MOST && pixels <= MOST_PIXELS)) continue;
      prepared.media.release();
      this.#prepared.delete(sha256);
    }
  }
}
