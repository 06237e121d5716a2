import type { ScreenRectangle } from '#devices/board/settings';
import type { Brush, Size } from '#devices/render/brush';
import { sha256Of } from './shelf.ts';

/** What a picture for the controller may weigh. */
const LARGEST_PNG_BYTES = 4_500_000;

/**
 * The canvas at its very pixels of the screen, and the shade over it. The brightness is the shade's: a screen has no
 * brightness of its own to set, and what is hashed is what was rendered, before it was dimmed.
 */
export class Screen {
  readonly #canvas = document.createElement('canvas');
  readonly #shade = document.createElement('div');
  readonly #brush: CanvasRenderingContext2D;
  #place: ScreenRectangle = { x: 0, y: 0, width: 16, height: 16 };

  constructor(root: HTMLElement) {
    this.#canvas.id = 'board';
    this.#shade.id = 'shade';
    // Drawn by the processor: the pixels that are proven must not depend on a graphics driver.
    const brush = this.#canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (brush === null) throw new Error('the browser gives no canvas');
    this.#brush = brush;
    root.append(this.#canvas, this.#shade);
  }

  get size(): Size {
    return { width: this.#place.width, height: this.#place.height };
  }

  get brush(): Brush {
    return this.#brush;
  }

  /** Stands at these real pixels of the screen from now on. @returns whether its size is another one. */
  place(place: ScreenRectangle): boolean {
    const ratio = window.devicePixelRatio;
    const { width, height } = this.#place;
    const other = place.width !== width || place.height !== height;
    if (other) {
      this.#canvas.width = place.width;
      this.#canvas.height = place.height;
    }
    this.#place = place;
    const { style } = this.#canvas;
    style.left = `${place.x / ratio}px`;
    style.top = `${place.y / ratio}px`;
    style.width = `${place.width / ratio}px`;
    style.height = `${place.height / ratio}px`;
    return other;
  }

  /** @param brightness percent. */
  dim(brightness: number): void {
    this.#shade.style.opacity = String(1 - brightness / 100);
  }

  /** SHA-256 over the RGBA rows that are lit now; read at once, hashed beside the page. */
  hash(): Promise<string> {
    const { width, height } = this.#place;
    return sha256Of(this.#brush.getImageData(0, 0, width, height).data);
  }

  /** What is lit now as PNG, and the hash of its pixels; smaller where it would be too large to send. */
  async picture(): Promise<{ png: Blob; pixels: string }> {
    const copy = new OffscreenCanvas(this.#place.width, this.#place.height);
    copy.getContext('2d')?.drawImage(this.#canvas, 0, 0);
    const pixels = await this.hash();
    let png = await copy.convertToBlob({ type: 'image/png' });
    for (let share = 2; png.size > LARGEST_PNG_BYTES && share <= 8; share *= 2) {
      const smaller = new OffscreenCanvas(Math.ceil(copy.width / share), Math.ceil(copy.height / share));
      smaller.getContext('2d')?.drawImage(copy, 0, 0, smaller.width, smaller.height);
      png = await smaller.convertToBlob({ type: 'image/png' });
    }
    return { png, pixels };
  }
}

/** All of the page in real pixels of the screen. */
export const wholeScreen = (): Size => ({
  width: Math.round(window.innerWidth * window.devicePixelRatio),
  height: Math.round(window.innerHeight * window.devicePixelRatio),
});
