/**
 * As much of a canvas as a board needs. `CanvasRenderingContext2D` of a browser is one, and so is that of a
 * canvas without a browser: the preview in the console is drawn by the very function that lights the board.
 */
export interface Brush {
  fillStyle: unknown;
  imageSmoothingEnabled: boolean;
  fillRect(x: number, y: number, width: number, height: number): void;
  /** `pixels` is whatever the canvas at hand draws: see `Pixels`. */
  drawImage(pixels: unknown, x: number, y: number): void;
  drawImage(pixels: unknown, x: number, y: number, width: number, height: number): void;
  drawImage(
    pixels: unknown,
    fromX: number,
    fromY: number,
    fromWidth: number,
    fromHeight: number,
    x: number,
    y: number,
    width: number,
    height: number,
  ): void;
  createImageData(width: number, height: number): PixelData;
  putImageData(pixels: unknown, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): PixelData;
}

/** Rows of RGBA. */
export interface PixelData {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
