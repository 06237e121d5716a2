import type { Clock } from '../clock.ts';

/** Consoles are told of progress no more often. */
const TELL_EVERY_MS = 1_000;

/** How far each picture or film on its way in has come. Kept in memory: a restart begins it anew. */
export class VisualProgress {
  readonly #clock: Clock;
  readonly #announce: (id: string) => void;
  readonly #ratios = new Map<string, { ratio: number; toldAt: number }>();

  constructor(clock: Clock, announce: (id: string) => void) {
    this.#clock = clock;
    this.#announce = announce;
  }

  of(id: string): number | undefined {
    return this.#ratios.get(id)?.ratio;
  }

  tell(id: string, ratio: number): void {
    const now = this.#clock.now();
    const before = this.#ratios.get(id);
    if (before !== undefined && now - before.toldAt < TELL_EVERY_MS) {
      before.ratio = ratio;
      return;
    }
    this.#ratios.set(id, { ratio, toldAt: now });
    this.#announce(id);
  }

  end(id: string): void {
    this.#ratios.delete(id);
  }
}
