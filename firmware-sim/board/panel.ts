import { createHash } from 'node:crypto';
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Size } from '#devices/render/brush';
import { drawIdle, drawPage, pageAt } from '#devices/render/draw-scene';
import { layOut, type Page } from '#devices/render/layout';
import type { Scene } from '#devices/scene';
import { registerFonts } from './fonts.ts';

/** The matrix: real pixels at the board's own size. */
export class Panel {
  readonly size: Size;
  readonly #canvas: Canvas;
  readonly #brush: SKRSContext2D;

  constructor(size: Size) {
    registerFonts();
    this.size = size;
    this.#canvas = createCanvas(size.width, size.height);
    this.#brush = this.#canvas.getContext('2d');
    this.clear();
  }

  clear(): void {
    drawIdle(this.#brush, this.size);
  }

  layOut(scene: Scene): Page[] {
    return layOut(this.#brush, scene, this.size);
  }

  /** Shows the page that stands `tMs` after the scene began; returns when the next one comes, in ms. */
  show(pages: readonly Page[], tMs: number): number {
    const { page, nextInMs } = pageAt(pages, tMs);
    if (page === undefined) this.clear();
    else drawPage(this.#brush, page, this.size);
    return nextInMs;
  }

  /** SHA-256 over the RGBA rows that are lit. */
  hash(): string {
    const { width, height } = this.size;
    return createHash('sha256')
      .update(this.#brush.getImageData(0, 0, width, height).data)
      .digest('hex');
  }

  png(): Promise<Buffer> {
    return this.#canvas.encode('png');
  }
}
