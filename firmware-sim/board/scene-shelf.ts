import { readFile } from 'node:fs/promises';
import type { Size } from '#devices/render/brush';
import { Scene } from '#devices/scene';
import type { Cache } from '../cache.ts';
import { OpenedScene, sha256Of } from './opened-scene.ts';

export interface SceneShelfDesk {
  readonly size: Size;
  readonly cache: Pick<Cache, 'has' | 'path' | 'readNow' | 'discard'>;
  readonly ffmpeg: (() => Promise<string>) | null;
  readonly fault: (what: string, detail: string) => void;
  /** A file is not here, or was not what its name says and is thrown out: to be fetched again. */
  readonly refetch: (sha256: string) => void;
  /** Something can be shown now that could not before. */
  readonly onReady: () => void;
}

/** Scenes that stay open, and the bytes that their pictures may take; a board repeats a few all day. */
const MOST_SCENES = 32;
const MOST_BYTES = 96_000_000;
/** A scene whose file is not here is looked for again after so long. */
const AGAIN_MS = 1_000;

export type SceneReading = { readonly opened: OpenedScene } | { readonly reason: string };

/**
 * The scenes of a board. Each is hashed when it is read, and what was read and found right is what is drawn: a file that
 * somebody changed in the cache is never shown.
 */
export class SceneShelf {
  readonly #desk: SceneShelfDesk;
  readonly #open = new Map<string, OpenedScene>();
  readonly #refused = new Map<string, { readonly reason: string; readonly at: number }>();

  constructor(desk: SceneShelfDesk) {
    this.#desk = desk;
  }

  /** @param now of any steady clock, ms. */
  open(sha256: string, now: number): SceneReading {
    const known = this.#open.get(sha256);
    if (known !== undefined) {
      // The one that was asked for last is let go last.
      this.#open.delete(sha256);
      this.#open.set(sha256, known);
      return { opened: known };
    }
    const refused = this.#refused.get(sha256);
    if (refused !== undefined && now - refused.at < AGAIN_MS) return { reason: refused.reason };
    const reading = this.#read(sha256);
    if ('reason' in reading) this.#refused.set(sha256, { reason: reading.reason, at: now });
    else this.#refused.delete(sha256);
    this.#letGo();
    return reading;
  }

  /** Files may have come. */
  async again(): Promise<void> {
    this.#refused.clear();
    await Promise.all([...this.#open.values()].map((opened) => opened.again()));
  }

  *files(): Iterable<string> {
    for (const opened of this.#open.values()) yield* opened.files();
  }

  close(): void {
    for (const opened of this.#open.values()) opened.close();
    this.#open.clear();
  }

  #read(sha256: string): SceneReading {
    const { cache, fault, refetch } = this.#desk;
    if (!cache.has(sha256)) return { reason: 'blob-missing' };
    try {
      const bytes = cache.readNow(sha256);
      if (sha256Of(bytes) !== sha256) {
        this.#mismatch(sha256);
        return { reason: 'hash-mismatch' };
      }
      const scene = Scene.parse(JSON.parse(bytes.toString('utf8')));
      const opened = new OpenedScene(sha256, scene, {
        ...this.#desk,
        read: (name) => this.#readFile(name),
        path: (name) => cache.path(name),
        onMissing: (name) => {
          fault('blob-missing', name);
          refetch(name);
        },
        onTrouble: fault,
      });
      this.#open.set(sha256, opened);
      return { opened };
    } catch (error) {
      fault('scene-unreadable', error instanceof Error ? error.message : String(error));
      return { reason: 'scene-unreadable' };
    }
  }

  async #readFile(sha256: string): Promise<Buffer | null> {
    const { cache } = this.#desk;
    if (!cache.has(sha256)) return null;
    const bytes = await readFile(cache.path(sha256));
    if (sha256Of(bytes) === sha256) return bytes;
    this.#mismatch(sha256);
    return null;
  }

  #mismatch(sha256: string): void {
    const { cache, fault, refetch } = this.#desk;
    fault('hash-mismatch', `${sha256} in the cache holds other bytes; thrown out, to be fetched again`);
    cache.discard(sha256).then(
      () => refetch(sha256),
      (error: unknown) => fault('storage-failed', String(error)),
    );
  }

  #letGo(): void {
    let bytes = [...this.#open.values()].reduce((sum, opened) => sum + opened.bytes, 0);
    for (const [sha256, opened] of this.#open) {
      if (this.#open.size <= 2 || (this.#open.size <= MOST_SCENES && bytes <= MOST_BYTES)) break;
      bytes -= opened.bytes;
      opened.close();
      this.#open.delete(sha256);
    }
    if (this.#refused.size > MOST_SCENES) {
      const [oldest] = this.#refused.keys();
      if (oldest !== undefined) this.#refused.delete(oldest);
    }
  }
}
