import type { z } from 'zod';
import type { Exchange } from '#devices/clock-filter';
import type { Ask } from '#devices/messages/ask';
import type { Tell } from '#devices/messages/tell';
import { FULL_BURST, NOTHING_AHEAD, nextBurst, type Outlook } from '#devices/time-cadence';
import type { DeviceClock } from './clock.ts';

type TimeTell = Extract<z.infer<typeof Tell>, { type: 'time' }>;

/** An answer that takes longer may still come, and counts; but the next question is not kept waiting for it. */
const PATIENCE_MS = 2_000;
/** A burst that was just made answers a wish for one. */
const FRESH_MS = 3_000;
const LONGEST_TIMER_MS = 2_000_000_000;

/** Asks for the time in bursts: at once when a link stands, and then as `nextBurst` says. */
export class TimeExchange {
  readonly #clock: DeviceClock;
  readonly #ask: (message: z.infer<typeof Ask>) => void;
  readonly #learned: (burst: readonly Exchange[]) => void;
  #outlook: Outlook = NOTHING_AHEAD;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #answers: Exchange[] = [];
  /** Questions of this burst that are still to be asked; null between bursts. */
  #left: number | null = null;
  #firstId = 1;
  #id = 0;
  #bursts = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param learned takes in what a burst brought: one exchange at least. */
  constructor(
    clock: DeviceClock,
    ask: (message: z.infer<typeof Ask>) => void,
    learned: (burst: readonly Exchange[]) => void,
  ) {
    this.#clock = clock;
    this.#ask = ask;
    this.#learned = learned;
  }

  /** The link stands. */
  start(): void {
    this.stop();
    this.#running = true;
    this.#bursts = 0;
    this.#begin(FULL_BURST);
  }

  stop(): void {
    this.#running = false;
    this.#left = null;
    clearTimeout(this.#timer);
  }

  /** Something is wanted at a moment that no plan knew of: a burst now, unless there was one just now. */
  soon(): void {
    const fresh = this.#clock.base.monotonicMs() - this.#lastAt < FRESH_MS;
    if (this.#running && this.#left === null && !fresh) this.#begin(FULL_BURST);
  }

  /** What is ahead has changed, perhaps. */
  expect(outlook: Outlook): void {
    const { nextAt, playing } = this.#outlook;
    if (nextAt === outlook.nextAt && playing === outlook.playing) return;
    this.#outlook = outlook;
    if (this.#running && this.#left === null) this.#schedule();
  }

  /** `t4` is stamped by the caller, as the answer's bytes arrive. */
  answered({ id, t1, t2, t3 }: TimeTell, t4: number): void {
    if (this.#left === null || id < this.#firstId || id > this.#id) return;
    this.#answers.push({ t1, t2, t3, t4 });
    if (id !== this.#id) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#next(), 20 + Math.random() * 30);
  }

  #begin(exchanges: number): void {
    clearTimeout(this.#timer);
    this.#answers = [];
    this.#left = exchanges;
    this.#firstId = this.#id + 1;
    this.#next();
  }

  #next(): void {
    if (this.#left === null) return;
    if (this.#left === 0) {
      this.#left = null;
      this.#bursts += 1;
      this.#lastAt = this.#clock.base.monotonicMs();
      if (this.#answers.length > 0) this.#learned(this.#answers);
      if (this.#running && this.#left === null) this.#schedule();
      return;
    }
    this.#left -= 1;
    this.#id += 1;
    this.#timer = setTimeout(() => this.#next(), PATIENCE_MS);
    this.#ask({ v: 1, type: 'time', id: this.#id, t1: micro(this.#clock.base.monotonicMs()) });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const { estimate, errorMs } = this.#clock;
    const sinceMs = this.#clock.base.monotonicMs() - this.#lastAt;
    const now = this.#clock.now();
    const situation = { estimate, errorMs, bursts: this.#bursts, sinceMs, now, outlook: this.#outlook };
    const { inMs, exchanges } = nextBurst(situation, Math.random());
    this.#timer = setTimeout(() => this.#begin(exchanges), Math.min(inMs, LONGEST_TIMER_MS));
  }
}

/** To the microsecond: what is finer costs bytes. */
const micro = (ms: number): number => Math.round(ms * 1_000) / 1_000;
