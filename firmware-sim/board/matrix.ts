import type { Size } from '#devices/render/brush';
import type { PanelCondition } from './panel-condition.ts';

/** How a matrix of LEDs is made. */
export interface MatrixKind {
  readonly size: Size;
  /** From one LED to the next, mm. */
  readonly pitchMm: number;
  /** One of so many rows is lit at a time, in turn: 16 for a 1/16 scan. */
  readonly scan: number;
  /** Steps of brightness, dark included. */
  readonly levels: number;
}

const MODULE = { width: 64, height: 32 };

/**
 * The LEDs behind a frame buffer. What is read back is what its drivers hold, before the brightness: on a panel in good
 * order the very frame. Frames are taken over whole, between two scans, so that no picture shows halves of two.
 */
export class Matrix {
  readonly kind: MatrixKind;
  readonly #frame: () => Uint8ClampedArray;
  readonly #condition: PanelCondition;
  /** Rows of the module that is stuck, as they stood when it broke. */
  #held: { readonly x: number; readonly y: number; readonly rows: readonly Uint8ClampedArray[] } | null =
    null;

  /** @param frame the RGBA rows that the frame buffer holds now. */
  constructor(kind: MatrixKind, frame: () => Uint8ClampedArray, condition: PanelCondition) {
    this.kind = kind;
    this.#frame = frame;
    this.#condition = condition;
    this.#hold();
    condition.onStick(() => this.#hold());
  }

  /** RGBA rows as the drivers hold them. A panel without power holds nothing. */
  read(): Uint8ClampedArray {
    const { width, height } = this.kind.size;
    const { unpowered, dead } = this.#condition;
    const read = unpowered ? black(width * height) : this.#frame().slice();
    if (unpowered) return read;
    if (this.#held !== null) {
      const { x, y, rows } = this.#held;
      for (const [index, row] of rows.entries()) read.set(row, ((y + index) * width + x) * 4);
    }
    for (const place of dead) if (place < width * height) read.fill(0, place * 4, place * 4 + 3);
    return read;
  }

  /** The step of brightness, of `kind.levels`, that a percentage is; what is not 0 % is not dark. */
  level(percent: number): number {
    const highest = this.kind.levels - 1;
    return percent <= 0 ? 0 : Math.max(1, Math.round((percent / 100) * highest));
  }

  /** The rows that are lit in one step of the scan. */
  rowsLit(step: number): number[] {
    const { size, scan } = this.kind;
    return Array.from({ length: size.height }, (_, y) => y).filter((y) => y % scan === step % scan);
  }

  /**
   * What an eye sees: rendered × brightness, RGBA rows. @param steps of the scan that it looks: less than a whole one,
   * as a camera with a short exposure does, shows only some rows.
   */
  seen(percent: number, steps = this.kind.scan): Uint8ClampedArray {
    const { width, height } = this.kind.size;
    const share = this.level(percent) / (this.kind.levels - 1);
    const held = this.read();
    const seen = black(width * height);
    for (let step = 0; step < Math.min(steps, this.kind.scan); step += 1) {
      for (const y of this.rowsLit(step)) {
        for (let at = y * width * 4; at < (y + 1) * width * 4; at += 1) {
          if (at % 4 !== 3) seen[at] = Math.round((held[at] ?? 0) * share);
        }
      }
    }
    return seen;
  }

  #hold(): void {
    const { stuck } = this.#condition;
    const { width, height } = this.kind.size;
    if (stuck === null) {
      this.#held = null;
      return;
    }
    const x = Math.min(stuck.column * MODULE.width, width - 1);
    const y = Math.min(stuck.row * MODULE.height, height - 1);
    const frame = this.#frame();
    const rows = Array.from({ length: Math.min(MODULE.height, height - y) }, (_, index) =>
      frame.slice(
        ((y + index) * width + x) * 4,
        ((y + index) * width + Math.min(x + MODULE.width, width)) * 4,
      ),
    );
    this.#held = { x, y, rows };
  }
}

function black(pixels: number): Uint8ClampedArray {
  const rows = new Uint8ClampedArray(pixels * 4);
  for (let at = 3; at < rows.length; at += 4) rows[at] = 255;
  return rows;
}
