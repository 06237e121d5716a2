/**
 * What an exchange proves, and nothing more: an answer that left at `t3` was not received before `t3`, and a question
 * that was received at `t2` was not asked after `t2`. So each gives a limit from above and one from below to the
 * distance between the controller's time and the device's counter, whatever the network did (Marzullo 1984). Queueing
 * can only make a limit looser; the way there and the way back have their quick moments independently, so the two
 * tightest limits of a burst need not be of one exchange.
 */

/** `t1` sent and `t4` received, on the device's monotonic clock; `t2` and `t3` on the controller's, epoch ms. */
export interface Exchange {
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  readonly t4: number;
}

/** At the moment `at` of the monotonic clock, UTC was ahead of it by at most, or by at least, `offsetMs`. */
export interface Limit {
  readonly at: number;
  readonly offsetMs: number;
}

/** What one burst has proven. */
export interface Bracket {
  readonly upper: readonly Limit[];
  readonly lower: readonly Limit[];
}

/** A controller that stamps whole milliseconds cuts off up to one; others are right to some microseconds. */
const WHOLE_MS_ERROR = 1;
const STAMP_ERROR_MS = 0.005;

/** So many of the tightest limits of a burst are kept, from each side. */
const KEPT = 2;

export const stampErrorOf = ({ t2, t3 }: Exchange): number =>
  Number.isInteger(t2) && Number.isInteger(t3) ? WHOLE_MS_ERROR : STAMP_ERROR_MS;

/** False when the timestamps contradict each other, such as an answer from before the question. */
export function isSane(exchange: Exchange): boolean {
  const { t1, t2, t3, t4 } = exchange;
  const finite = [t1, t2, t3, t4].every(Number.isFinite);
  return finite && t4 >= t1 && t3 >= t2 && t4 - t1 - (t3 - t2) >= -stampErrorOf(exchange);
}

/** The tightest limits of a burst, or null when it holds no usable exchange. */
export function bracketOf(burst: readonly Exchange[]): Bracket | null {
  const sane = burst.filter(isSane);
  if (sane.length === 0) return null;
  const upper = sane.map((one) => ({ at: one.t1, offsetMs: one.t2 - one.t1 + stampErrorOf(one) }));
  const lower = sane.map((one) => ({ at: one.t4, offsetMs: one.t3 - one.t4 - stampErrorOf(one) }));
  return {
    upper: upper.sort((one, other) => one.offsetMs - other.offsetMs).slice(0, KEPT),
    lower: lower.sort((one, other) => other.offsetMs - one.offsetMs).slice(0, KEPT),
  };
}
