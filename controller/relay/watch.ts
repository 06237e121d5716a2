import type { RelayHears as Hears } from '../http/contract/relays.ts';
import type { StreamTrouble } from './trouble.ts';

/** What came of the stream in one frame's time. */
export interface Sign {
  readonly frameMs: number;
  /** Null when nothing came. */
  readonly levelDbfs: number | null;
  /** Why nothing comes, as far as that is known. */
  readonly trouble: StreamTrouble | null;
  /** `none`: nobody chose one; `missing`: it cannot be played. */
  readonly fallback: 'none' | 'usable' | 'missing';
}

export interface Switch {
  readonly to: Hears;
  readonly reason: 'silent' | 'lost' | 'refused' | 'back' | 'started' | 'no-fallback';
  readonly detail: string | null;
}

/** Below this there is nothing to hear, only a transmitter's hum. */
export const SILENCE_DBFS = -50;
/** At the beginning a stream may take so long to come. */
const PATIENCE_MS = 3_000;
/** Nothing came for so long, after what was buffered was used up. */
const LOSS_MS = 300;
/** The stream must have been good for so long before it is gone back to; where there is only silence instead, less. */
const GOOD_MS = 5_000;
const GOOD_AFTER_SILENCE_MS = 200;
/** A pause of a speaker; a longer one makes a returning stream doubtful. */
const PAUSE_MS = 2_000;

/**
 * Decides, frame by frame, what devices hear of a relay: the stream while it is good; the fallback, or silence where there
 * is none, while it is silent or gone; the stream again when it has been good for a while. No clock: time is what it is
 * told.
 */
export class Watch {
  readonly #silenceMs: number;
  #hears: Hears = 'connecting';
  #dryMs = 0;
  #silentMs = 0;
  #goodMs = 0;
  #why: Switch['reason'] = 'lost';

  /** @param silenceMs silence of so long counts as lost. */
  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  get hears(): Hears {
    return this.#hears;
  }

  /** @returns the switch that is to be made now, if any. */
  step(sign: Sign): Switch | null {
    const { frameMs, levelDbfs } = sign;
    if (levelDbfs === null) {
      this.#dryMs += frameMs;
      this.#goodMs = 0;
    } else {
      this.#dryMs = 0;
      this.#silentMs = levelDbfs < SILENCE_DBFS ? this.#silentMs + frameMs : 0;
      this.#goodMs = this.#silentMs < PAUSE_MS ? this.#goodMs + frameMs : 0;
    }
    const change = this.#judge(sign);
    if (change === null) return null;
    this.#hears = change.to;
    this.#goodMs = 0;
    return change;
  }

  #judge(sign: Sign): Switch | null {
    const { levelDbfs, trouble, fallback } = sign;
    switch (this.#hears) {
      case 'connecting':
        if (levelDbfs !== null) return { to: 'stream', reason: 'started', detail: null };
        if (trouble?.kind !== 'refused' && this.#dryMs < PATIENCE_MS) return null;
        return this.#away(reasonOf(trouble), trouble?.message ?? null, sign);
      case 'stream':
        if (this.#dryMs >= LOSS_MS) return this.#away(reasonOf(trouble), trouble?.message ?? null, sign);
        if (this.#silentMs >= this.#silenceMs) return this.#away('silent', null, sign);
        return null;
      case 'fallback':
        if (this.#isGood(levelDbfs, GOOD_MS)) return { to: 'stream', reason: 'back', detail: null };
        if (fallback !== 'usable') return { to: 'silence', reason: 'no-fallback', detail: null };
        return null;
      case 'silence':
        if (this.#isGood(levelDbfs, GOOD_AFTER_SILENCE_MS))
          return { to: 'stream', reason: 'back', detail: null };
        if (fallback === 'usable') return { to: 'fallback', reason: this.#why, detail: null };
        return null;
    }
  }

  #away(reason: Switch['reason'], detail: string | null, { fallback }: Sign): Switch {
    this.#why = reason;
    if (fallback === 'usable') return { to: 'fallback', reason, detail };
    return { to: 'silence', reason: fallback === 'missing' ? 'no-fallback' : reason, detail };
  }

  #isGood(levelDbfs: number | null, wantedMs: number): boolean {
    return levelDbfs !== null && levelDbfs >= SILENCE_DBFS && this.#goodMs >= wantedMs;
  }
}

const reasonOf = (trouble: StreamTrouble | null): 'lost' | 'refused' =>
  trouble?.kind === 'refused' ? 'refused' : 'lost';
