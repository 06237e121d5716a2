import type { BaseClock } from '#devices/device-clock';

/** Drawn anew at least so often, so that a renderer that stopped is told from a picture that stands still. */
const DRAWN_EVERY_MS = 10_000;

/** What was drawn last, until when that is right, and when a frame of it came to the screen. Times of the monotonic clock, ms. */
export class Frames {
  readonly #base: BaseClock;
  #last: { readonly what: string; readonly at: number; readonly rightUntil: number } | null = null;
  #framedAt: number;

  constructor(base: BaseClock) {
    this.#base = base;
    this.#framedAt = base.monotonicMs();
  }

  /** How long ago a frame came to the screen. A page that nobody sees gets none. */
  get agoMs(): number {
    return Math.max(0, Math.round(this.#base.monotonicMs() - this.#framedAt));
  }

  /** In how many ms what stands is right no more. */
  get rightForMs(): number {
    return (this.#last?.rightUntil ?? 0) - this.#base.monotonicMs();
  }

  /** What was drawn is gone. */
  forget(): void {
    this.#last = null;
  }

  /**
   * Draws, unless what was drawn last is right still; and stamps the frame once the browser has taken it.
   * @param what names it: another name is drawn at once. @returns null where nothing was to be drawn.
   */
  draw<D extends { readonly nextInMs: number }>(what: string, draw: () => D): D | null {
    const at = this.#base.monotonicMs();
    const last = this.#last;
    if (last?.what === what && at < last.rightUntil && at - last.at < DRAWN_EVERY_MS) return null;
    const drawing = draw();
    this.#last = { what, at, rightUntil: at + drawing.nextInMs };
    requestAnimationFrame(() => {
      this.#framedAt = this.#base.monotonicMs();
    });
    return drawing;
  }
}
