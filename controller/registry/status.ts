import type { DeviceStatus } from '../http/contract/devices.ts';

/**
 * What a device's status follows from. Pure: whoever keeps the signs and the clock is elsewhere.
 *
 * - `unseen`: never heard.
 * - `offline`: without a connection for more than 5 s, so that a device that changes its network does not flap; or
 *   silent for so long (60 s, and at least three heartbeats) that its connection must be a dead one.
 * - `stale`: connected, but without a heartbeat for one and three quarter intervals, and without an answer for half an
 *   interval after it was asked how it does: what is known of it is old. At 30 s ± 10 % that is 52.5 s after the last
 *   word, so that a dead device is shown within a minute; one heartbeat that got lost is asked for, and is no alarm.
 * - `fault`: two heartbeats in a row told of faults; over only after two without any.
 * - `online`: otherwise.
 *
 * The first in this order that holds, counts: a fault of a device that is gone is no news.
 */
export interface Signs {
  readonly heard: boolean;
  readonly connected: boolean;
  /** When the connection came or went, whichever was last. */
  readonly linkSince: number;
  readonly lastHeardAt: number;
  readonly lastBeatAt: number;
  /** Consecutive heartbeats with, and without, faults. One of them is 0. */
  readonly faultyBeats: number;
  readonly cleanBeats: number;
  /** Of the last heartbeat that told any. */
  readonly fault: string | null;
}

export interface Judgement {
  readonly status: DeviceStatus;
  /** Why, when it is not simply well. */
  readonly reason: string | null;
  /** When time alone may change the status; null when only a message can. */
  readonly checkAt: number | null;
  /** A heartbeat is overdue: the device is to be asked for one, if it was not yet. */
  readonly overdue: boolean;
}

export const GONE_AFTER_MS = 5_000;
/** Jitter is a tenth; what is later than this is missing. */
export const OVERDUE_INTERVALS = 1.25;
export const STALE_INTERVALS = 1.75;
/** Also with short intervals a device has so long to answer: a packet that is lost twice on a mobile link takes 3 s. */
export const ANSWER_AT_LEAST_MS = 5_000;
export const SILENT_INTERVALS = 3;
export const SILENT_AT_LEAST_MS = 60_000;
const CONFIRMED_BEATS = 2;

export function statusOf(current: DeviceStatus, signs: Signs, now: number, intervalMs: number): Judgement {
  if (!signs.heard) return { status: 'unseen', reason: null, checkAt: null, overdue: false };
  if (!signs.connected) {
    const goneAt = signs.linkSince + GONE_AFTER_MS;
    if (now >= goneAt) return { status: 'offline', reason: 'disconnected', checkAt: null, overdue: false };
    // Until then it stays what it was: whether it comes back is not known yet.
    const was = current === 'unseen' ? 'online' : current;
    return { status: was, reason: null, checkAt: goneAt, overdue: false };
  }
  const silentAt = signs.lastHeardAt + Math.max(SILENT_AT_LEAST_MS, SILENT_INTERVALS * intervalMs);
  if (now >= silentAt) return { status: 'offline', reason: 'silent', checkAt: null, overdue: true };
  const since = Math.max(signs.lastBeatAt, signs.linkSince);
  const overdueAt = since + OVERDUE_INTERVALS * intervalMs;
  const staleAt = Math.max(since + STALE_INTERVALS * intervalMs, overdueAt + ANSWER_AT_LEAST_MS);
  const overdue = now >= overdueAt;
  if (now >= staleAt) return { status: 'stale', reason: 'no-heartbeat', checkAt: silentAt, overdue };
  const checkAt = Math.min(overdue ? staleAt : overdueAt, silentAt);
  const faulty =
    current === 'fault' ? signs.cleanBeats < CONFIRMED_BEATS : signs.faultyBeats >= CONFIRMED_BEATS;
  return faulty
    ? { status: 'fault', reason: signs.fault, checkAt, overdue }
    : { status: 'online', reason: null, checkAt, overdue };
}
