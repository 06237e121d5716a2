import { framesOf } from './sound-card.ts';

interface Feed {
  next: number;
  readonly until: number;
}

/**
 * An amplifier that sleeps swallows the beginning of what it is fed: so it is fed silence before. Silence that goes under
 * something that plays does no harm.
 */
export class WakeUp {
  readonly #leave: (frame: number, samples: Int16Array) => void;
  #feeds: Feed[] = [];

  constructor(leave: (frame: number, samples: Int16Array) => void) {
    this.#leave = leave;
  }

  get idle(): boolean {
    return this.#feeds.length === 0;
  }

  /** Something is to be heard from this card frame on. @param pointer what lies before it has left. */
  before(frame: number, wakeMs: number, pointer: number): void {
    const known = this.#feeds.some(({ until }) => Math.abs(until - frame) < framesOf(10));
    if (wakeMs <= 0 || frame <= pointer || known) return;
    this.#feeds.push({ next: Math.max(pointer, frame - framesOf(wakeMs)), until: frame });
  }

  /** Feeds what the card has come past. */
  pump(pointer: number): void {
    for (const feed of this.#feeds) {
      const to = Math.min(pointer, feed.until);
      if (to <= feed.next) continue;
      this.#leave(feed.next, new Int16Array(to - feed.next));
      feed.next = to;
    }
    this.#feeds = this.#feeds.filter(({ next, until }) => next < until);
  }
}
