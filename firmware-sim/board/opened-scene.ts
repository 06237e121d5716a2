import { createHash } from 'node:crypto';
import { type Canvas, createCanvas, loadImage } from '@napi-rs/canvas';
import type { Assets } from '#devices/render/assets';
import type { Size } from '#devices/render/brush';
import { makeShow, type Show } from '#devices/render/show';
import { filesOf, type Scene } from '#devices/scene';
import { FilmType } from '#devices/scene/file';
import { FilmReel } from './film-reel.ts';

type NamedFile = ReturnType<typeof filesOf>[number];

export interface OpenedSceneDesk {
  readonly size: Size;
  /** The bytes of a file, compared with its name; null when it is not here, or not what it says it is. */
  readonly read: (sha256: string) => Promise<Buffer | null>;
  readonly path: (sha256: string) => string;
  /** Where films are decoded; null where they are not: their words stand there instead. */
  readonly ffmpeg: (() => Promise<string>) | null;
  /** The show can be drawn, or is another one now. */
  readonly onReady: () => void;
  readonly onMissing: (sha256: string) => void;
  readonly onTrouble: (what: string, detail: string) => void;
}

export const layer: Assets['layer'] = ({ width, height }) => {
  const pixels = createCanvas(width, height);
  return { brush: pixels.getContext('2d'), pixels };
};

/** Of a scene whose pictures do not come it shows the words after so long. */
export const PICTURES_PATIENCE_MS = 2_000;

/** A scene that was found to be the one that is named, with its pictures as they were decoded, laid out for this board. */
export class OpenedScene {
  readonly sha256: string;
  readonly #scene: Scene;
  readonly #desk: OpenedSceneDesk;
  readonly #pictures = new Map<string, Canvas>();
  readonly #reels = new Map<string, FilmReel>();
  readonly #missing = new Set<string>();
  readonly #assets: Assets;
  #show: Show | null = null;
  #closed = false;
  #settled = false;

  constructor(sha256: string, scene: Scene, desk: OpenedSceneDesk) {
    this.sha256 = sha256;
    this.#scene = scene;
    this.#desk = desk;
    this.#assets = {
      layer,
      picture: (name) => this.#pictures.get(name) ?? this.#without(name),
      film: (name, tMs) => this.#reels.get(name)?.at(tMs) ?? this.#without(name),
    };
    if (filesOf(scene).length === 0) this.#layOut();
    else void this.#load().catch((error: unknown) => this.#troubled(error));
  }

  /** Null while its pictures are being decoded. */
  get show(): Show | null {
    return this.#show;
  }

  /** About the bytes that its pictures take. */
  get bytes(): number {
    return [...this.#pictures.values()].reduce((sum, { width, height }) => sum + width * height * 4, 0);
  }

  /** All that it names, so that nothing of it is let go while it stands. */
  files(): string[] {
    return filesOf(this.#scene).map(({ sha256 }) => sha256);
  }

  /** It is due, and its pictures are not here: with their words then. */
  force(): void {
    if (this.#show === null) this.#layOut();
  }

  /** A file that was missing may have come. */
  async again(): Promise<void> {
    if (this.#missing.size === 0 || this.#closed || !this.#settled) return;
    const before = this.#missing.size;
    await this.#load().catch((error: unknown) => this.#troubled(error));
    if (this.#missing.size < before) this.#desk.onReady();
  }

  /** It stands no more, for now. */
  rest(): void {
    for (const reel of this.#reels.values()) reel.rest();
  }

  close(): void {
    this.#closed = true;
    for (const reel of this.#reels.values()) reel.close();
  }

  /** What the renderer asked for and did not get is wanted, though not all that a scene names is for this size of board. */
  #without(sha256: string): null {
    if (this.#settled && !this.#missing.has(sha256)) {
      this.#missing.add(sha256);
      this.#desk.onMissing(sha256);
    }
    return null;
  }

  async #load(): Promise<void> {
    this.#settled = false;
    await Promise.all(
      filesOf(this.#scene).map((file) =>
        this.#loadOne(file).catch((error: unknown) =>
          this.#desk.onTrouble('picture-unreadable', `${file.sha256}: ${String(error)}`),
        ),
      ),
    );
    this.#settled = true;
    if (this.#closed) return;
    this.#layOut();
    this.#desk.onReady();
  }

  async #loadOne(file: NamedFile): Promise<void> {
    const { sha256, width, height } = file;
    if (this.#pictures.has(sha256) || this.#reels.has(sha256)) return;
    const { read, path, ffmpeg } = this.#desk;
    const bytes = await read(sha256);
    if (bytes === null || this.#closed) return;
    if ('framesPerSecond' in file && FilmType.safeParse(file.type).success) {
      if (ffmpeg === null) return;
      const reel = new FilmReel(await ffmpeg(), path(sha256), file);
      this.#reels.set(sha256, reel);
      await reel.begin();
      if (reel.failure !== null) {
        this.#reels.delete(sha256);
        reel.close();
        throw new Error(reel.failure);
      }
      if (this.#closed) reel.close();
    } else {
      const image = await loadImage(bytes);
      const picture = createCanvas(width, height);
      picture.getContext('2d').drawImage(image, 0, 0, width, height);
      this.#pictures.set(sha256, picture);
    }
    this.#missing.delete(sha256);
  }

  #troubled(error: unknown): void {
    this.#desk.onTrouble('scene-unreadable', `${this.sha256}: ${String(error)}`);
  }

  #layOut(): void {
    this.#show = makeShow(this.#scene, this.#desk.size, this.#assets);
  }
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
