import { createHash } from 'node:crypto';
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Assets } from '#devices/render/assets';
import type { Size } from '#devices/render/brush';
import { drawDark } from '#devices/render/idle';
import { drawShow, makeShow, type Show } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import { registerFonts } from './fonts.ts';

const ASSETS: Assets = {
  picture: () => null,
  film: () => null,
  layer: ({ width, height }) => {
    const pixels = createCanvas(width, height);
    return { brush: pixels.getContext('2d'), pixels };
  },
};

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
    drawDark(this.#brush, this.size);
  }

  layOut(scene: Scene): Show {
    return makeShow(scene, this.size, ASSETS);
  }

  /** Shows what stands `tMs` after the scene began, at `now`; returns when its pixels change, in ms. */
  show(show: Show, tMs: number, now: number): number {
    return drawShow(this.#brush, show, tMs, now).nextInMs;
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
