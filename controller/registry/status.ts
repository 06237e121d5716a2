import type { DeviceStatus } from '../http/contract/devices.ts';

/**
 * What a device's status follows from. Pure: whoever keeps the signs and the clock is elsewhere.
 *
 * - `unseen`: never heard.
 * - `offline`: without a connection for more than 5 s, so that a device that changes its network does not flap; or
 *   silent for so long (60 s, and at least five heartbeats) that its connection must be a dead one.
 * - `stale`: connected, but without a heartbeat for two and a half intervals: what is known of it is old.
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
}

export const GONE_AFTER_MS = 5_000;
export const STALE_INTERVALS = 2.5;
export const SILENT_INTERVALS = 5;
export const SILENT_AT_LEAST_MS = 60_000;
const CONFIRMED_BEATS = 2;

export function statusOf(current: DeviceStatus, signs: Signs, now: number, intervalMs: number): Judgement {
  if (!signs.heard) return { status: 'unseen', reason: null, checkAt: null };
  if (!signs.connected) {
    const goneAt = signs.linkSince + GONE_AFTER_MS;
    if (now >= goneAt) return { status: 'offline', reason: 'disconnected', checkAt: null };
    // Until then it stays what it was: whether it comes back is not known yet.
    const was = current === 'unseen' ? 'online' : current;
    return { status: was, reason: null, checkAt: goneAt };
  }
  const silentAt = signs.lastHeardAt + Math.max(SILENT_AT_LEAST_MS, SILENT_INTERVALS * intervalMs);
  if (now >= silentAt) return { status: 'offline', reason: 'silent', checkAt: null };
  const staleAt = Math.max(signs.lastBeatAt, signs.linkSince) + STALE_INTERVALS * intervalMs;
  if (now >= staleAt) return { status: 'stale', reason: 'no-heartbeat', checkAt: silentAt };
  const checkAt = Math.min(staleAt, silentAt);
  const faulty =
    current === 'fault' ? signs.cleanBeats < CONFIRMED_BEATS : signs.faultyBeats >= CONFIRMED_BEATS;
  return faulty
    ? { status: 'fault', reason: signs.fault, checkAt }
    : { status: 'online', reason: null, checkAt };
}
