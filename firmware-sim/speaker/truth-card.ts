import { appendFileSync } from 'node:fs';
import type { BaseClock } from '../clock.ts';
import type { Card } from './card.ts';
import { RATE } from './sound-card.ts';

/** One line of the truth: a tenth of a second or less of sound. */
export interface Truth {
  /** When its first sample left, epoch ms of the machine that the simulation runs on, not of the device. */
  readonly at: number;
  readonly ms: number;
  readonly dbfs: number;
  /** By its zero crossings, for tones. */
  readonly hz: number;
}

const BLOCK_FRAMES = RATE / 10;
/** Crossings of what is below this are noise. */
const QUIET = 200;

/**
 * For test rigs: a card that writes down what leaves it, line by line, at once, in a file that the device never reads. A
 * device that is killed leaves the truth behind, to compare its own evidence with. Silence is not written.
 */
export class TruthCard implements Card {
  readonly #card: Card;
  readonly #clock: BaseClock;
  readonly #path: string;
  #block = { frame: 0, count: 0, squares: 0, crossings: 0, above: false };

  constructor(card: Card, clock: BaseClock, path: string) {
    this.#card = card;
    this.#clock = clock;
    this.#path = path;
  }

  get tickMs(): number {
    return this.#card.tickMs;
  }
  start(): Promise<void> {
    return this.#card.start();
  }
  async stop(): Promise<void> {
    this.#write();
    await this.#card.stop();
  }
  pointer(): number {
    return this.#card.pointer();
  }
  monotonicAt(frame: number): number {
    return this.#card.monotonicAt(frame);
  }
  frameAt(monotonicMs: number): number {
    return this.#card.frameAt(monotonicMs);
  }
  hasten(on: boolean): void {
    this.#card.hasten?.(on);
  }
  lost(from: number, to: number): number {
    return this.#card.lost?.(from, to) ?? 0;
  }

  put(frame: number, samples: Int16Array): void {
    this.#card.put(frame, samples);
    const end = this.#block.frame + this.#block.count;
    if (frame !== end) this.#begin(frame);
    for (const sample of samples) {
      const block = this.#block;
      block.count += 1;
      block.squares += sample * sample;
      if (block.above ? sample < -QUIET : sample > QUIET) {
        block.above = !block.above;
        block.crossings += 1;
      }
      if (block.count === BLOCK_FRAMES) this.#begin(block.frame + block.count);
    }
    // Nothing is kept back: the program may be killed before the next samples come.
    this.#begin(frame + samples.length);
  }

  #begin(frame: number): void {
    this.#write();
    this.#block = { frame, count: 0, squares: 0, crossings: 0, above: this.#block.above };
  }

  #write(): void {
    const { frame, count, squares, crossings } = this.#block;
    const rms = count === 0 ? 0 : Math.sqrt(squares / count);
    if (rms < QUIET / 2) return;
    const leftMs = this.#clock.monotonicMs() - this.#card.monotonicAt(frame);
    const truth: Truth = {
      at: Date.now() - leftMs,
      ms: (count * 1000) / RATE,
      dbfs: 20 * Math.log10(rms / 32_768),
      hz: (crossings * RATE) / 2 / count,
    };
    appendFileSync(this.#path, `${JSON.stringify(truth)}\n`);
  }
}
