import type { Assets } from '#devices/render/assets';
import type { Size } from '#devices/render/brush';
import { type BoardFace, drawDark, drawFallback } from '#devices/render/idle';
import { drawShow, pageAt, prepareShow, type ShownPage } from '#devices/render/show';
import { FrameBuffer } from './frame-buffer.ts';
import { layer, type OpenedScene } from './opened-scene.ts';

/** What is to be seen at a moment. */
export type Sight =
  | { readonly kind: 'scene'; readonly opened: OpenedScene; readonly tMs: number }
  | { readonly kind: 'clock' | 'name'; readonly face: BoardFace }
  | { readonly kind: 'dark' };

/** What was drawn, and until when it stands as it is. */
export interface Drawn {
  readonly scene: OpenedScene | null;
  readonly page: ShownPage | null;
  /** How long the page has stood already, ms. */
  readonly sinceMs: number;
  readonly moving: boolean;
  /** Epoch ms. */
  readonly freshUntil: number;
  /** Whether it was drawn by this call; else it stood already. */
  readonly news: boolean;
}

const NO_ASSETS: Assets = { layer, picture: () => null, film: () => null };

/** Draws what is to be seen into the frame buffer, and leaves alone what stands already. */
export class Screen {
  readonly frame: FrameBuffer;
  #drawn: (Drawn & { readonly what: unknown; readonly at: number }) | null = null;
  /** The page behind which the next one is ready. */
  #prepared: ShownPage | null = null;

  constructor(size: Size) {
    this.frame = new FrameBuffer(size);
  }

  /** @param now epoch ms. @param leastMs frames come no faster than this. */
  show(sight: Sight, now: number, leastMs: number): Drawn {
    const place = sight.kind === 'scene' ? placeOf(sight, now) : null;
    const what = whatOf(sight, place?.page ?? null);
    const before = this.#drawn;
    if (
      before !== null &&
      sameThings(before.what, what) &&
      now >= before.at &&
      now < before.freshUntil - 0.5
    ) {
      return { ...before, news: false };
    }
    const nextInMs = this.#draw(sight, now);
    const page = place?.page ?? null;
    const moving = page?.moving ?? false;
    const drawn = {
      ...{ scene: sight.kind === 'scene' ? sight.opened : null, page, sinceMs: place?.sinceMs ?? 0, moving },
      ...{ freshUntil: now + Math.max(nextInMs, moving ? leastMs : 0), what, at: now },
    };
    this.#drawn = { ...drawn, news: false };
    return { ...drawn, news: true };
  }

  /** Composes the page that comes next, when there is time for it. */
  prepare(sight: Sight, now: number): void {
    if (sight.kind !== 'scene' || sight.opened.show === null || this.#prepared === this.#drawn?.page) return;
    this.#prepared = this.#drawn?.page ?? null;
    prepareShow(sight.opened.show, sight.tMs, now);
  }

  #draw(sight: Sight, now: number): number {
    const { size } = this.frame;
    return this.frame.draw((brush) => {
      if (sight.kind === 'dark') {
        drawDark(brush, size);
        return Number.POSITIVE_INFINITY;
      }
      if (sight.kind !== 'scene') {
        return drawFallback(brush, size, { show: sight.kind }, sight.face, now, NO_ASSETS).nextInMs;
      }
      const { show } = sight.opened;
      if (show !== null) return drawShow(brush, show, sight.tMs, now).nextInMs;
      drawDark(brush, size);
      return Number.POSITIVE_INFINITY;
    });
  }
}

type ScenePlace = { readonly page: ShownPage | null; readonly sinceMs: number };

const placeOf = ({ opened, tMs }: Extract<Sight, { kind: 'scene' }>, now: number): ScenePlace | null =>
  opened.show === null ? null : pageAt(opened.show, tMs, now);

/** Two sights with the same of these are the same picture until its time is over. */
function whatOf(sight: Sight, page: ShownPage | null): readonly unknown[] {
  if (sight.kind === 'dark') return ['dark'];
  if (sight.kind === 'scene') return [sight.opened, sight.opened.show, page?.index];
  const { title, utcOffsetMinutes, clockSet } = sight.face;
  return [sight.kind, title, utcOffsetMinutes, clockSet];
}

const sameThings = (one: unknown, other: readonly unknown[]): boolean =>
  Array.isArray(one) && one.length === other.length && one.every((thing, index) => thing === other[index]);
