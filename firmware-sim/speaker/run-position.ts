import type { CardLine } from './card-line.ts';
import { framesOf } from './sound-card.ts';

/** Positions that are off for so long on end are no readings gone wrong, ms. */
const JUDGED_OVER_MS = 500;
const NOTHING = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };

/**
 * Where a run of an output, from its start to its end or underrun, lies on the card's line: the first run begins the
 * line, and later ones are put where the line says that they are, so that frames keep their times.
 */
export class RunPosition {
  readonly #line: CardLine;
  readonly #jumpFrames: number;
  #base = 0;
  #settled = false;
  #furthest: { ms: number; left: number } | null = null;
  #off = NOTHING;
  #judgeAt = 0;

  /** @param jumpMs what a position may be off by before it has jumped. */
  constructor(line: CardLine, jumpMs: number) {
    this.#line = line;
    this.#jumpFrames = framesOf(jumpMs);
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** The card's frame for a frame of this run; only once it is settled. */
  frameOf(runFrame: number): number {
    return this.#base + runFrame;
  }

  begin(): void {
    this.#settled = false;
    this.#furthest = null;
  }

  /** A reading: at `ms`, `left` frames of the run had left; null when the output cannot tell. */
  read(ms: number, left: number | null): void {
    const expected = this.#furthest === null ? 0 : this.#furthest.left + framesOf(ms - this.#furthest.ms);
    if (!this.#settled) {
      const known = left ?? expected;
      if (this.#furthest === null || known >= expected) this.#furthest = { ms, left: known };
      return;
    }
    if (left === null) return;
    const frame = this.#base + left;
    const off = frame - this.#line.frameAt(ms);
    this.#off = { least: Math.min(this.#off.least, off), most: Math.max(this.#off.most, off) };
    // The furthest reading counts, so one that is further than any crystal can get is not to be believed at once.
    if (off < this.#jumpFrames) this.#line.observe(ms, frame);
  }

  /** Gives the run its place on the line. */
  settle(nowMs: number): void {
    if (this.#furthest === null) return;
    const { ms, left } = this.#furthest;
    this.#base = this.#line.anchored ? Math.round(this.#line.frameAt(ms)) - left : 0;
    this.#line.restart();
    this.#line.observe(ms, this.#base + left);
    this.#settled = true;
    this.#judge(nowMs);
  }

  /**
   * Has the output lost or swallowed a piece without a word? Then the run has another place from now on.
   * @returns by how many frames it had gone ahead (below 0: fallen behind), or 0.
   */
  jumped(nowMs: number): number {
    if (nowMs < this.#judgeAt) return 0;
    const { least, most } = this.#off;
    this.#judge(nowMs);
    const frames = least > this.#jumpFrames ? least : most < -this.#jumpFrames ? most : 0;
    if (!Number.isFinite(frames) || frames === 0) return 0;
    this.#base -= Math.round(frames);
    this.#line.restart();
    return Math.round(frames);
  }

  #judge(nowMs: number): void {
    this.#off = NOTHING;
    this.#judgeAt = nowMs + JUDGED_OVER_MS;
  }
}
