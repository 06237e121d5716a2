import type { Exchange } from '#devices/clock-filter';
import type { DeviceClock } from '#devices/device-clock';
import type { Tell } from '#devices/messages/tell';
import { FULL_BURST, NOTHING_AHEAD, nextBurst, type Outlook } from '#devices/time-cadence';
import type { UpMessage } from '#devices/topics';

type TimeTell = Extract<Tell, { type: 'time' }>;

interface Burst {
  readonly answers: Exchange[];
  readonly firstId: number;
  /** Questions that are still to be asked. */
  left: number;
}

/** An answer that takes longer may still come, and counts; but the next question is not kept waiting for it. */
const PATIENCE_MS = 2_000;
/** A burst that was just made answers a wish for one. */
const FRESH_MS = 3_000;
const BETWEEN_MS = 30;
const LONGEST_TIMER_MS = 2_000_000_000;

/** Asks for the time in bursts: at once when a link stands, and then as `nextBurst` says. */
export class TimeExchange {
  readonly #clock: DeviceClock;
  readonly #ask: (message: UpMessage<'ask'>) => void;
  readonly #learned: (burst: readonly Exchange[]) => void;
  #outlook: Outlook = NOTHING_AHEAD;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  /** Of the burst that is under way; null between bursts. */
  #burst: Burst | null = null;
  #id = 0;
  #bursts = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param learned takes in what a burst brought: one exchange at least. */
  constructor(
    clock: DeviceClock,
    ask: (message: UpMessage<'ask'>) => void,
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
    this.#burst = null;
    clearTimeout(this.#timer);
  }

  /** Something is wanted at a moment that no plan knew of: a burst now, unless there was one just now. */
  soon(): void {
    const fresh = this.#clock.base.monotonicMs() - this.#lastAt < FRESH_MS;
    if (this.#running && this.#burst === null && !fresh) this.#begin(FULL_BURST);
  }

  /** What is ahead has changed, perhaps. */
  expect(outlook: Outlook): void {
    const { nextAt, playing } = this.#outlook;
    if (nextAt === outlook.nextAt && playing === outlook.playing) return;
    this.#outlook = outlook;
    if (this.#running && this.#burst === null) this.#schedule();
  }

  /** `t4` is stamped by the caller, as the answer's bytes arrive. */
  answered({ id, t1, t2, t3 }: TimeTell, t4: number): void {
    const burst = this.#burst;
    if (burst === null || id < burst.firstId || id > this.#id) return;
    burst.answers.push({ t1, t2, t3, t4 });
    if (id !== this.#id) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#next(burst), BETWEEN_MS * (0.7 + Math.random() * 0.6));
  }

  #begin(exchanges: number): void {
    clearTimeout(this.#timer);
    const burst: Burst = { answers: [], firstId: this.#id + 1, left: exchanges };
    this.#burst = burst;
    this.#next(burst);
  }

  #next(burst: Burst): void {
    if (this.#burst !== burst) return;
    if (burst.left === 0) {
      this.#burst = null;
      this.#bursts += 1;
      this.#lastAt = this.#clock.base.monotonicMs();
      if (burst.answers.length > 0) this.#learned(burst.answers);
      if (this.#running && this.#burst === null) this.#schedule();
      return;
    }
    burst.left -= 1;
    this.#id += 1;
    this.#timer = setTimeout(() => this.#next(burst), PATIENCE_MS);
    this.#ask({ v: 1, type: 'time', id: this.#id, t1: micro(this.#clock.base.monotonicMs()) });
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const { estimate, errorMs } = this.#clock;
    const sinceMs = this.#clock.base.monotonicMs() - this.#lastAt;
    const situation = { estimate, errorMs, bursts: this.#bursts, sinceMs };
    const { inMs, exchanges } = nextBurst(
      { ...situation, now: this.#clock.now(), outlook: this.#outlook },
      Math.random(),
    );
    this.#timer = setTimeout(() => this.#begin(exchanges), Math.min(inMs, LONGEST_TIMER_MS));
  }
}

/** To the microsecond: what is finer costs bytes. */
const micro = (ms: number): number => Math.round(ms * 1_000) / 1_000;
