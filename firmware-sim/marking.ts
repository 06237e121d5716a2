import { after } from './clock.ts';
import type { ConductorDesk } from './conductor-desk.ts';
import type { CueSheet } from './cue-sheet.ts';
import type { FullOptions } from './options.ts';

/**
 * How often, ms. A picture stands for hours, and flash wears out; a fleet in one process spares the disk that its devices
 * share.
 */
export const markMsOf = ({ kind, decoder }: Pick<FullOptions, 'kind' | 'decoder'>): number =>
  kind === 'board' ? 15_000 : decoder === 'silent' ? 5_000 : 1_000;

/** Notes again and again what is heard or seen, for after a power cut. */
export class Marking {
  readonly #desk: Pick<ConductorDesk, 'clock' | 'book' | 'markMs'>;
  readonly #cues: CueSheet;
  #callOff: () => void = () => undefined;

  constructor(desk: Pick<ConductorDesk, 'clock' | 'book' | 'markMs'>, cues: CueSheet) {
    this.#desk = desk;
    this.#cues = cues;
  }

  start(): void {
    const { clock, markMs = 1_000 } = this.#desk;
    this.#callOff = after(clock, markMs, () => {
      this.#mark();
      this.start();
    });
  }

  stop(): void {
    this.#callOff();
  }

  #mark(): void {
    for (const { current, occurrence } of this.#cues.values()) {
      const now = current?.now() ?? null;
      for (const stretch of current?.open?.() ?? (now === null ? [] : [now])) {
        this.#desk.book.mark(occurrence, stretch);
      }
    }
  }
}
