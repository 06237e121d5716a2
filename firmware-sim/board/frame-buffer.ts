import { createHash } from 'node:crypto';
import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { Size } from '#devices/render/brush';
import { drawDark } from '#devices/render/idle';

/** What the renderer draws into: real pixels at the board's own size. */
export class FrameBuffer {
  readonly size: Size;
  readonly #canvas: Canvas;
  readonly #brush: SKRSContext2D;
  #pixels: Uint8ClampedArray | null = null;
  #hash: string | null = null;

  constructor(size: Size) {
    this.size = size;
    this.#canvas = createCanvas(size.width, size.height);
    this.#brush = this.#canvas.getContext('2d');
    this.draw((brush) => drawDark(brush, size));
  }

  draw<T>(act: (brush: SKRSContext2D) => T): T {
    this.#pixels = null;
    this.#hash = null;
    return act(this.#brush);
  }

  /** RGBA rows as they were drawn last. */
  get pixels(): Uint8ClampedArray {
    const { width, height } = this.size;
    this.#pixels ??= this.#brush.getImageData(0, 0, width, height).data;
    return this.#pixels;
  }

  get hash(): string {
    this.#hash ??= hashOfPixels(this.pixels);
    return this.#hash;
  }
}

/** SHA-256 over RGBA rows. */
export const hashOfPixels = (pixels: Uint8ClampedArray): string =>
  createHash('sha256').update(pixels).digest('hex');

/** RGBA rows as a PNG, encoded beside the program. */
export function pngOf(pixels: Uint8ClampedArray, { width, height }: Size): Promise<Buffer> {
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas.encode('png');
}
