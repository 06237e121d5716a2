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

  // Until the letters are pixels of our own (devices/face).
  font: string;
  textAlign: 'center' | 'end' | 'left' | 'right' | 'start';
  textBaseline: 'alphabetic' | 'bottom' | 'hanging' | 'ideographic' | 'middle' | 'top';
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): {
    readonly width: number;
    readonly actualBoundingBoxAscent: number;
    readonly actualBoundingBoxDescent: number;
  };
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

/**
 * The family is shipped in subsets. A browser joins them under the first name by `unicode-range`; where fonts
 * are registered file by file, the Vietnamese subset has the second name and is the fallback for its letters.
 */
export const FONT_FAMILIES = ['Be Vietnam Pro', 'Be Vietnam Pro Vietnamese'] as const;
export const FONT_WEIGHTS = { heading: 700, body: 500 } as const;
export type Voice = keyof typeof FONT_WEIGHTS;

export const fontOf = (voice: Voice, sizePx: number): string =>
  `${FONT_WEIGHTS[voice]} ${sizePx}px ${FONT_FAMILIES.map((family) => `"${family}"`).join(', ')}, sans-serif`;
