/** Scenes that take turns are not pictured at each turn. */
const AT_MOST_MS = 60_000;

/** When a picture is to be sent unasked: of every scene that begins to stand, and then at its interval. Never of what was there before. */
export class PictureRule {
  #scene = '';
  #at = Number.NEGATIVE_INFINITY;

  /**
   * @param scene that stands. @param at of the monotonic clock, ms. @param everyMs 0 for never.
   * @returns whether one is to be taken now; it counts as taken.
   */
  due(scene: string, at: number, everyMs: number): boolean {
    if (everyMs === 0) return false;
    const sinceMs = at - this.#at;
    if (sinceMs < (scene === this.#scene ? everyMs : Math.min(everyMs, AT_MOST_MS))) return false;
    this.#scene = scene;
    this.#at = at;
    return true;
  }
}
