import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { filesOf, Scene } from '#devices/scene';
import type { BlobStore } from '../blobs/store.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { Painter } from '../visuals/painter.ts';
import type { PastItem, StandingItem } from './standing-item.ts';

export interface BoardPicturesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly blobs: Pick<BlobStore, 'path'>;
  readonly painter: Pick<Painter, 'paint'>;
  /** A directory of its own; what lies there is thrown away at the start. */
  readonly directory: string;
}

export interface BoardPicture {
  readonly file: string;
  /** How many pages there are. */
  readonly pages: number;
  /** Another one for other pixels. */
  readonly etag: string;
}

const MOST_KEPT = 300;
/** A board's item has no more pages than anybody would look at. */
export const MOST_PAGES = 24;
/** What shows a clock or a figure, or has pages that come and go, is drawn anew so often. */
const MOVING_MS = 600_000;

/** What boards show, drawn for the web by their own renderer from the very scene; each page once for all who look. */
export class BoardPictures implements Component {
  readonly #deps: BoardPicturesDeps;
  /** In the order of their use. Null: there is no such page, or it cannot be drawn. */
  readonly #kept = new Map<string, Promise<BoardPicture | null>>();
  #count = 0;

  constructor(deps: BoardPicturesDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await rm(this.#deps.directory, { recursive: true, force: true });
    await mkdir(this.#deps.directory, { recursive: true });
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#kept.values());
  }

  /** @param page from 1. @returns null when there is no such page, or its scene was cleared away. */
  async page(item: StandingItem | PastItem, page: number): Promise<BoardPicture | null> {
    if (page < 1 || page > MOST_PAGES) return null;
    const scene = await this.#scene(item);
    if (scene === null) return null;
    const now = this.#deps.clock.now();
    const moment = moves(scene) ? Math.floor(now / MOVING_MS) : 0;
    const key = `${item.sceneSha256} ${item.size.width}×${item.size.height} ${page} ${moment}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const drawn = this.#draw(item, scene, page, now);
    this.#kept.set(key, drawn);
    // One that failed is tried again by the next who asks.
    drawn.catch(() => this.#kept.delete(key));
    await this.#forgetOldest();
    return drawn;
  }

  async #draw(
    { sceneSha256, size }: StandingItem | PastItem,
    scene: Scene,
    page: number,
    now: number,
  ): Promise<BoardPicture | null> {
    const { blobs, painter, directory } = this.#deps;
    this.#count += 1;
    const target = path.join(directory, `${this.#count}.png`);
    const named = filesOf(scene);
    const files = Object.fromEntries(named.map(({ sha256 }) => [sha256, blobs.path(sha256)]));
    const films = named.filter(({ type }) => type.startsWith('video/')).map(({ sha256 }) => sha256);
    const { pages = 0 } = await painter.paint({
      ...{ type: 'scene', scene: blobs.path(sceneSha256), size, page, now, target },
      ...{ files, stills: this.#stills(films) },
    });
    if (page > pages) {
      await rm(target, { force: true });
      return null;
    }
    return {
      file: path.resolve(target),
      pages: Math.min(pages, MOST_PAGES),
      etag: `"${sceneSha256.slice(0, 20)}-${page}-${this.#count}"`,
    };
  }

  /** The small pictures of films, by the SHA-256 of what was made of them for boards. */
  #stills(films: readonly string[]): Record<string, string> {
    const rows = this.#deps.store.sqlite
      .prepare<[string], { film: string; still: string }>(
        `SELECT f.file_sha256 AS film, v.thumbnail_sha256 AS still FROM visual_fit f JOIN visual v ON v.id = f.visual_id
          WHERE v.thumbnail_sha256 IS NOT NULL AND f.file_sha256 IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(films));
    return Object.fromEntries(rows.map(({ film, still }) => [film, this.#deps.blobs.path(still)]));
  }

  async #scene(item: StandingItem | PastItem): Promise<Scene | null> {
    if ('scene' in item) return item.scene;
    try {
      return Scene.parse(JSON.parse(await readFile(this.#deps.blobs.path(item.sceneSha256), 'utf8')));
    } catch {
      // It was cleared away since; its words are kept.
      return null;
    }
  }

  async #forgetOldest(): Promise<void> {
    for (const [key, drawn] of this.#kept) {
      if (this.#kept.size <= MOST_KEPT) return;
      this.#kept.delete(key);
      const picture = await drawn.catch(() => null);
      if (picture !== null) await rm(picture.file, { force: true });
    }
  }
}

const moves = ({ pages }: Scene): boolean =>
  pages.some(
    ({ from, until, zones }) =>
      from !== undefined ||
      until !== undefined ||
      zones.some(({ item }) => item.type === 'clock' || (item.type === 'tile' && item.staleAt !== undefined)),
  );
