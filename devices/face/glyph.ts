/** Coverage is counted in fifteenths: 0 is the ground, `FULL` the ink. */
export const FULL = 15;

/** The pixels of a letter. */
export interface Glyph {
  /** From where the letter stands to its left edge, whole pixels; may be negative. */
  readonly left: number;
  /** From the baseline up to its upper edge, whole pixels. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Row by row from above, 0 … `FULL`. */
  readonly coverage: Uint8Array;
}

export const NOTHING: Glyph = { left: 0, top: 0, width: 0, height: 0, coverage: new Uint8Array(0) };
