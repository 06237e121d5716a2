/** What moves does so by whole pixels, at even steps of a screen's sixty frames a second. */
export const FRAMES_A_SECOND = 60;

/** So many pixels, every so many frames. */
export interface Pace {
  readonly pixels: number;
  readonly frames: number;
}

export const speedOf = ({ pixels, frames }: Pace): number => (pixels * FRAMES_A_SECOND) / frames;

/**
 * The fastest even pace that is not above a speed: a whole number of pixels every frame or every other one, or one pixel
 * every few frames. Anything between would stutter.
 * @param pixelsPerSecond above 0.
 */
export function paceOf(pixelsPerSecond: number): Pace {
  // What was rounded to whole pixels is not to fall to half the speed for it.
  const perFrame = (pixelsPerSecond * 1.02) / FRAMES_A_SECOND;
  if (perFrame >= 1) {
    const halves = Math.floor(perFrame * 2);
    return halves % 2 === 0 ? { pixels: halves / 2, frames: 1 } : { pixels: halves, frames: 2 };
  }
  return { pixels: 1, frames: Math.max(1, Math.ceil(1 / perFrame)) };
}

/** How far it has come, in whole pixels. */
export const movedBy = ({ pixels, frames }: Pace, ms: number): number =>
  ms <= 0 ? 0 : Math.floor(frameAt(ms) / frames) * pixels;

/** Until it moves on. */
export function nextMoveInMs({ frames }: Pace, ms: number): number {
  const next = (Math.floor(frameAt(Math.max(0, ms)) / frames) + 1) * frames;
  return (next * 1_000) / FRAMES_A_SECOND - ms;
}

/** A whisker is added, so that a moment computed as the frame's own is not taken for the frame before it. */
const frameAt = (ms: number): number => Math.floor((ms * FRAMES_A_SECOND) / 1_000 + 1e-6);
