import { opusDurationMs, SILENCE, SILENCE_MS } from './opus-packet.ts';

/** Where frames go: a {@link LiveStream}. */
export interface Outlet {
  push(packets: readonly Uint8Array[], heardAt: number): void;
  end(heardAt: number): void;
}

/** Times that differ by no more than this are one sound to the devices. */
const SAME_MS = 0.9;
/** Sound may come so much later than it should before it is given up. */
const MOST_SHIFT_MS = 1_000;
/** A packet so much smaller than most is a pause between words. */
const QUIET_SHARE = 0.35;
const QUIET_IN_A_ROW = 3;
/** By so much for each packet the sound comes back to its time: three samples of a thousand, which nobody hears. */
const EASE_MS = 3 / 48;

/**
 * Makes one unbroken sound for the devices of packets that come as they come. What does not come is silence; what comes
 * too late is heard later, and the time that was lost is made up in the pauses of the speech, so that no word is lost
 * for a network that stumbles.
 */
export class Feed {
  /** From the moment on the line to the ear, ms. */
  leadMs: number;
  /** How long before it is heard a packet must be sent; less than `leadMs`. */
  sendMs: number;
  /** How many packets share a frame, 1 to 3: what many listeners cost against what each hears later. */
  perFrame: number;
  /** Before it nothing is heard, epoch ms: the end of the chime; null while that is unknown. */
  fromAt: number | null = null;
  /** Takes each packet that is heard. */
  onHeard: (packet: Uint8Array) => void = () => {};
  readonly #outlet: Outlet;
  readonly #frame: { packets: Uint8Array[]; at: number; ms: number } = { packets: [], at: 0, ms: 0 };
  #edge: number | null = null;
  #shiftMs = 0;
  #raisedMs = 0;
  #usual = 0;
  #quiet = 0;

  constructor(outlet: Outlet, options: { leadMs: number; sendMs: number; perFrame: number }) {
    this.#outlet = outlet;
    this.leadMs = options.leadMs;
    this.sendMs = options.sendMs;
    this.perFrame = options.perFrame;
  }

  /** Up to when there is sound, epoch ms; null before the first. */
  get edge(): number | null {
    return this.#edge;
  }

  /** What is heard later than it should because it came late, ms. */
  get shiftMs(): number {
    return this.#shiftMs;
  }

  /**
   * A packet of speech. @param lineAt when it was spoken, epoch ms, see `ArrivalLine`.
   * @returns whether it is heard.
   */
  speak(packet: Uint8Array, lineAt: number): boolean {
    const ms = opusDurationMs(packet);
    if (ms === null || this.fromAt === null) return false;
    const quiet = this.#isQuiet(packet);
    let at = lineAt + this.leadMs + this.#shiftMs;
    const edge = this.#edge ?? this.fromAt;
    // Spoken while the chime was still to be heard.
    if (this.#edge === null && at < this.fromAt) return false;
    if (at < edge - SAME_MS) {
      const late = edge - at;
      if (this.#shiftMs + late > MOST_SHIFT_MS) return false;
      this.#shiftMs += late;
      at = edge;
    } else if (quiet && this.#shiftMs >= ms) {
      this.#shiftMs -= ms;
      return false;
    } else {
      // The line itself may have moved to where the sound is heard already; only a longer lead is meant as a pause.
      const known = Math.min(this.#shiftMs, Math.max(0, at - edge - this.#raisedMs));
      this.#shiftMs -= known;
      at -= known;
      this.#raisedMs = 0;
      this.#fill(at, ms);
      this.#shiftMs = Math.max(0, this.#shiftMs - EASE_MS);
    }
    this.#put(packet, at, ms);
    return true;
  }

  /** Everything is sent so much earlier from now on: a pause. */
  raise(ms: number): void {
    this.leadMs += ms;
    this.sendMs += ms;
    this.#raisedMs += ms;
  }

  /** Less is enough from now on: what was ahead is made up in the pauses, as what came late is. */
  lower(ms: number): void {
    this.leadMs -= ms;
    this.sendMs -= ms;
    this.#shiftMs += ms;
  }

  /** Nothing came in time: silence, so that devices know that it goes on. To be called every few ms. */
  tick(now: number): void {
    if (this.fromAt === null) return;
    const until = now + this.sendMs;
    if (this.#edge === null && this.fromAt > until) return;
    while ((this.#edge ?? this.fromAt) + SILENCE_MS <= until) {
      this.#put(SILENCE, this.#edge ?? this.fromAt, SILENCE_MS);
    }
  }

  /** A packet that follows on what there is, at once: of the chime at the end. */
  append(packet: Uint8Array): void {
    const ms = opusDurationMs(packet);
    if (ms !== null && this.#edge !== null) this.#put(packet, this.#edge, ms, false);
  }

  /** No more comes. */
  end(now: number): void {
    this.#flush();
    this.#outlet.end(this.#edge ?? this.fromAt ?? now);
  }

  #fill(until: number, ms: number): void {
    // Less than a packet is left open: no ear hears it beside the pause that it belongs to.
    while ((this.#edge ?? this.fromAt ?? until) + Math.max(ms, SILENCE_MS) <= until) {
      this.#put(SILENCE, this.#edge ?? this.fromAt ?? until, SILENCE_MS);
    }
  }

  #put(packet: Uint8Array, at: number, ms: number, spoken = true): void {
    const frame = this.#frame;
    if (frame.packets.length > 0 && Math.abs(at - frame.at - frame.ms) > SAME_MS) this.#flush();
    if (frame.packets.length === 0) frame.at = at;
    frame.packets.push(packet);
    frame.ms += ms;
    this.#edge = at + ms;
    if (spoken) this.onHeard(packet);
    if (frame.packets.length >= this.perFrame) this.#flush();
  }

  #flush(): void {
    const frame = this.#frame;
    if (frame.packets.length === 0) return;
    this.#outlet.push(frame.packets, frame.at);
    frame.packets = [];
    frame.ms = 0;
  }

  #isQuiet(packet: Uint8Array): boolean {
    this.#usual = this.#usual === 0 ? packet.length : this.#usual * 0.98 + packet.length * 0.02;
    this.#quiet = packet.length < this.#usual * QUIET_SHARE ? this.#quiet + 1 : 0;
    return this.#quiet >= QUIET_IN_A_ROW;
  }
}
