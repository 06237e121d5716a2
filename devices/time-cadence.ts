import type { ClockEstimate } from './clock-filter.ts';

/** What the device expects to do. */
export interface Outlook {
  /** When the next thing begins that is known of, epoch ms; infinity when nothing is. */
  readonly nextAt: number;
  readonly playing: boolean;
}

export const NOTHING_AHEAD: Outlook = { nextAt: Number.POSITIVE_INFINITY, playing: false };

export interface Situation {
  readonly estimate: ClockEstimate | null;
  /** Bound of the clock's error now, ms. */
  readonly errorMs: number;
  /** Bursts since the link stands. */
  readonly bursts: number;
  /** Since the last of them, ms. */
  readonly sinceMs: number;
  readonly now: number;
  readonly outlook: Outlook;
}

export interface NextBurst {
  readonly inMs: number;
  readonly exchanges: number;
}

/** After the first burst of a connection: the longer the base, the better the drift is known. */
const SETTLING_MS = [2_000, 6_000, 20_000, 60_000, 180_000, 600_000];
const DRIFT_KNOWN = 4e-6;
/** Idle. Three exchanges an hour are 0.9 MB a month with TCP and TLS around them. */
export const IDLE = { inMs: 60 * 60_000, exchanges: 3 };
/** So long before something begins the clock is looked after again. */
const BEFORE_MS = 75_000;
const LAST_MS = 4_000;
/** While something plays: a clock that is still rough, or whose drift is not known yet; and one that is neither. */
const PLAYING_ROUGH = { inMs: 15_000, exchanges: 6 };
const PLAYING_FINE = { inMs: 30_000, exchanges: 4 };
const ROUGH_MS = 2;
const UNANSWERED_MS = 5_000;
export const FULL_BURST = 8;

/**
 * When the clock is to be compared next, and how thoroughly: often while it is being learnt, in the minute before
 * something begins and while something plays; else hardly ever, because a village pays for its bytes by the month.
 * @param random in [0, 1): so that a village does not ask in one instant.
 */
export function nextBurst(situation: Situation, random: number): NextBurst {
  const { estimate, errorMs, bursts, sinceMs, now, outlook } = situation;
  const jitter = 0.85 + random * 0.3;
  const after = (gapMs: number): number => Math.max(0, gapMs * jitter - sinceMs);
  if (estimate === null) return { inMs: after(UNANSWERED_MS), exchanges: FULL_BURST };
  let next: NextBurst = { ...IDLE, inMs: after(IDLE.inMs) };
  const settling = SETTLING_MS[bursts - 1];
  if (estimate.driftError > DRIFT_KNOWN && settling !== undefined) {
    next = { inMs: after(settling), exchanges: bursts < 4 ? FULL_BURST : 4 };
  }
  const rough = errorMs > ROUGH_MS || estimate.driftError > DRIFT_KNOWN;
  const playing = rough ? PLAYING_ROUGH : PLAYING_FINE;
  if (outlook.playing) next = sooner(next, { ...playing, inMs: after(playing.inMs) });
  const untilMs = outlook.nextAt - now;
  if (untilMs > BEFORE_MS)
    return sooner(next, { inMs: untilMs - BEFORE_MS * (0.8 + random * 0.2), exchanges: FULL_BURST });
  // On a good network two more are enough; on a bad one each burst narrows the bound a little.
  const [share, exchanges] = errorMs > ROUGH_MS ? [0.35, FULL_BURST] : [0.6, 5];
  if (untilMs > LAST_MS) return sooner(next, { inMs: untilMs * share * jitter, exchanges });
  return next;
}

const sooner = (one: NextBurst, other: NextBurst): NextBurst => (other.inMs < one.inMs ? other : one);
