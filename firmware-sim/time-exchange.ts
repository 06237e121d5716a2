import type { z } from 'zod';
import { type ClockEstimate, type Exchange, reckon } from '#devices/clock-filter';
import type { Ask } from '#devices/messages/ask';
import type { Tell } from '#devices/messages/tell';
import type { DeviceClock } from './clock.ts';

type TimeTell = Extract<z.infer<typeof Tell>, { type: 'time' }>;

const BURST = 8;
const PATIENCE_MS = 1_000;

/** Asks for the time in bursts of eight: at once when a link stands, then about every minute. */
export class TimeExchange {
  readonly #clock: DeviceClock;
  readonly #ask: (message: z.infer<typeof Ask>) => void;
  readonly #onEstimate: (estimate: ClockEstimate) => void;
  readonly #periodMs: number;
  #timer: NodeJS.Timeout | undefined;
  #burst: Exchange[] = [];
  #asked = 0;
  #id = 0;

  constructor(
    clock: DeviceClock,
    ask: (message: z.infer<typeof Ask>) => void,
    onEstimate: (estimate: ClockEstimate) => void,
    periodMs = 60_000,
  ) {
    this.#clock = clock;
    this.#ask = ask;
    this.#onEstimate = onEstimate;
    this.#periodMs = periodMs;
  }

  start(): void {
    this.stop();
    this.#burst = [];
    this.#asked = 0;
    this.#next();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** `t4` is stamped by the caller, on arrival, before anything else is done with the message. */
  answered(tell: TimeTell, t4: number): void {
    if (tell.id !== this.#id) return;
    this.#burst.push({ t1: tell.t1, t2: tell.t2, t3: tell.t3, t4 });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#next(), 20 + Math.random() * 30);
  }

  #next(): void {
    if (this.#asked === BURST) {
      const estimate = reckon(this.#clock.estimate, this.#burst);
      if (estimate !== null && this.#burst.length > 0) this.#onEstimate(estimate);
      this.#timer = setTimeout(() => this.start(), this.#periodMs * (0.9 + Math.random() * 0.2));
      return;
    }
    this.#asked += 1;
    this.#id += 1;
    this.#timer = setTimeout(() => this.#next(), PATIENCE_MS);
    this.#ask({ v: 1, type: 'time', id: this.#id, t1: this.#clock.base.monotonicMs() });
  }
}
