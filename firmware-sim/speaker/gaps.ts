/** So many are remembered; older ones belong to plays that were told long ago. */
const KEPT = 64;

/** Pieces of a card's time in which nothing came out of it. */
export class Gaps {
  readonly #gaps: { from: number; to: number }[] = [];

  /** In order; what follows on the last one is one with it. */
  add(from: number, to: number): void {
    const last = this.#gaps.at(-1);
    if (last !== undefined && last.to >= from) last.to = Math.max(last.to, to);
    else this.#gaps.push({ from, to });
    if (this.#gaps.length > KEPT) this.#gaps.shift();
  }

  /** How many frames of this piece were in gaps. */
  within(from: number, to: number): number {
    let frames = 0;
    for (const gap of this.#gaps) frames += Math.max(0, Math.min(to, gap.to) - Math.max(from, gap.from));
    return frames;
  }
}
