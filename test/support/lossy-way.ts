/** One direction of a link. What is left out is 0 or without limit. */
export interface Way {
  /** From one end to the other, ms. */
  readonly latencyMs?: number;
  /** Each segment takes the latency ± this much, evenly spread; the stream stays in order, as TCP keeps it. */
  readonly jitterMs?: number;
  /** Share of segments lost on the way, 0 to 1. */
  readonly loss?: number;
  /** Shared by all connections of the link. */
  readonly bytesPerSecond?: number;
}

/** The payload of an Ethernet frame, less the headers of IP and TCP with timestamps. */
export const SEGMENT_BYTES = 1_448;
/** Linux's shortest retransmission timeout (TCP_RTO_MIN), and RFC 6298's longest. */
const RTO_MIN_MS = 200;
const RTO_MAX_MS = 60_000;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * When the segments of one direction arrive: the queue of the narrowest hop, the way itself, and what a loss costs. A
 * lost segment comes again after a retransmission timeout, doubled for each repetition (RFC 6298), or after one round
 * trip when at least three others follow it at once (fast retransmit, RFC 5681).
 */
export class Journey {
  way: Way;
  /** Segments that had to be sent again. */
  lost = 0;
  readonly #random: () => number;
  #hopFreeAt = 0;

  constructor(way: Way, seed: number) {
    this.way = way;
    this.#random = seeded(seed);
  }

  get free(): boolean {
    const { latencyMs = 0, jitterMs = 0, loss = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = this.way;
    return latencyMs === 0 && jitterMs === 0 && loss === 0 && bytesPerSecond === Number.POSITIVE_INFINITY;
  }

  /** One latency of this way, as drawn for one segment. */
  latency(): number {
    const { latencyMs = 0, jitterMs = 0 } = this.way;
    return Math.max(0, latencyMs + (this.#random() * 2 - 1) * jitterMs);
  }

  /**
   * @param now monotonic, ms. @param following segments that leave together with this one, after it.
   * @param back one latency of the other way, for the acknowledgement.
   * @returns when it arrives if nothing before it in its stream is late.
   */
  arrival(now: number, bytes: number, following: number, back: number): number {
    const { loss = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = this.way;
    this.#hopFreeAt = Math.max(now, this.#hopFreeAt) + (bytes / bytesPerSecond) * 1000;
    let at = this.#hopFreeAt + this.latency();
    let timeout = Math.max(RTO_MIN_MS, 2 * (this.latency() + back));
    let fast = following >= 3;
    while (loss > 0 && this.#random() < loss) {
      this.lost += 1;
      at += fast ? this.latency() + back : timeout;
      if (!fast) timeout = Math.min(timeout * 2, RTO_MAX_MS);
      fast = false;
    }
    return at;
  }
}
