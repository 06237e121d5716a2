import { type BaseClock, systemClock, type TimedClock, type Timers } from './clock.ts';

interface Alarm {
  readonly at: number;
  readonly act: () => void;
}

/** Longer than any timer of the machine holds. */
const STRIDE_MS = 2 ** 30;

/** Lets what the program has begun with disks and streams go on before the next alarm. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * A simulated clock that goes with another one, and can be turned ahead by hand: whoever set an alarm by it is woken up in
 * order, each at the very moment, as if the time had passed. So a device lives through a month in minutes.
 */
export class TurnedClock implements TimedClock {
  readonly #base: BaseClock;
  readonly #alarms = new Set<Alarm>();
  #aheadMs = 0;
  /** While it is turned it stands at moments of its own. */
  #turnedTo: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** @param base that it goes with; one that stands still makes a clock that moves only when it is turned. */
  constructor(base: BaseClock = systemClock) {
    this.#base = base;
  }

  monotonicMs(): number {
    return this.#turnedTo ?? this.#base.monotonicMs() + this.#aheadMs;
  }

  wallMs(): number {
    return this.#base.wallMs() + this.monotonicMs() - this.#base.monotonicMs();
  }

  readonly timers: Timers = {
    after: (ms, act) => {
      const alarm = { at: this.monotonicMs() + Math.max(0, ms), act };
      this.#alarms.add(alarm);
      this.#arm();
      return () => {
        this.#alarms.delete(alarm);
        if (this.#alarms.size === 0) clearTimeout(this.#timer);
      };
    },
  };

  /** So much time passes. @param between is awaited after every alarm. */
  async turn(ms: number, between: () => Promise<void> = breathe): Promise<void> {
    const target = this.monotonicMs() + ms;
    clearTimeout(this.#timer);
    this.#turnedTo = this.monotonicMs();
    for (let next = this.#next(); next !== null && next.at <= target; next = this.#next()) {
      this.#turnedTo = Math.max(this.#turnedTo, next.at);
      this.#alarms.delete(next);
      next.act();
      await between();
    }
    this.#aheadMs = target - this.#base.monotonicMs();
    this.#turnedTo = null;
    this.#arm();
  }

  #next(): Alarm | null {
    let next: Alarm | null = null;
    for (const alarm of this.#alarms) if (next === null || alarm.at < next.at) next = alarm;
    return next;
  }

  /** Between turns it wakes up by the machine's time. */
  #arm(): void {
    if (this.#turnedTo !== null) return;
    clearTimeout(this.#timer);
    const next = this.#next();
    if (next === null || this.#base !== systemClock) return;
    this.#timer = setTimeout(
      () => {
        const due = [...this.#alarms].filter(({ at }) => at <= this.monotonicMs());
        for (const alarm of due.sort((one, other) => one.at - other.at)) {
          if (this.#alarms.delete(alarm)) alarm.act();
        }
        this.#arm();
      },
      Math.min(Math.max(0, next.at - this.monotonicMs()), STRIDE_MS),
    );
  }
}
