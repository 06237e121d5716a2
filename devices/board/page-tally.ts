import type { z } from 'zod';
import type { PageShown } from '../as-run.ts';

type Shown = z.infer<typeof PageShown>;

/** As much of a page as is told of it. */
export interface TalliedPage {
  readonly index: number;
  readonly of: number;
  readonly moving: boolean;
}

interface Count {
  readonly page: TalliedPage;
  readonly firstAt: number;
  lastAt: number;
  times: number;
  shownMs: number;
  pixelsSha256: string | null;
}

/** More are not told of one by one. */
const MOST = 200;

/**
 * Which pages of a scene stood over one stretch of a part, how often and how long: what a record says instead of one
 * record for every page turn. Times are epoch ms.
 */
export class PageTally {
  readonly #counts = new Map<number, Count>();
  #standing: { readonly count: Count; since: number } | null = null;
  #shownMs = 0;

  /**
   * From now on this page stands; the one before stands no more. The same again changes nothing.
   * @returns whether it is the first time, so that its pixels are to be proven.
   */
  stands(page: TalliedPage, at: number): boolean {
    if (this.#standing?.count.page.index === page.index) return false;
    this.ends(at);
    const known = this.#counts.get(page.index);
    if (known !== undefined) {
      known.times += 1;
      known.lastAt = at;
      this.#standing = { count: known, since: at };
      return false;
    }
    const count: Count = { page, firstAt: at, lastAt: at, times: 1, shownMs: 0, pixelsSha256: null };
    if (this.#counts.size < MOST) this.#counts.set(page.index, count);
    this.#standing = { count, since: at };
    return true;
  }

  /** Nothing of it stands any more. */
  ends(at: number): void {
    const standing = this.#standing;
    if (standing === null) return;
    const ms = Math.max(0, at - standing.since);
    standing.count.shownMs += ms;
    this.#shownMs += ms;
    this.#standing = null;
  }

  /** The page that is said to stand. */
  get standing(): TalliedPage | null {
    return this.#standing?.count.page ?? null;
  }

  /** What was lit when a page stood first: SHA-256 of its RGBA rows. */
  proven(index: number, pixelsSha256: string): void {
    const count = this.#counts.get(index);
    if (count !== undefined) count.pixelsSha256 ??= pixelsSha256;
  }

  /** How long pages stood in all until `at`. */
  shownMs(at: number): number {
    return this.#shownMs + (this.#standing === null ? 0 : Math.max(0, at - this.#standing.since));
  }

  /** Every page whose pixels were proven, in the order in which it stood first, as if it ended at `at`. */
  pages(at: number): Shown[] {
    const standing = this.#standing;
    return [...this.#counts.values()].flatMap((count) => {
      const { page, pixelsSha256, firstAt, lastAt, times } = count;
      if (pixelsSha256 === null) return [];
      const more = standing?.count === count ? Math.max(0, at - standing.since) : 0;
      const moving = page.moving ? { moving: true as const } : {};
      return [
        {
          index: page.index,
          of: page.of,
          firstAt,
          lastAt,
          times,
          shownMs: count.shownMs + more,
          pixelsSha256,
          ...moving,
        },
      ];
    });
  }
}
