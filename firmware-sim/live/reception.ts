import type { LiveFrame } from '#devices/live-frame';
import type { LiveReport } from '#devices/messages/live-report';
import { lengthOf } from './opus-packet.ts';

/** A frame that waits to be heard. `heardAt` and `endAt` are epoch ms. */
export interface Waiting extends LiveFrame {
  readonly endAt: number;
}

export interface ReceptionDesk {
  /** Epoch ms. */
  readonly now: () => number;
  /** How long before it must be handed over what is to be heard at this moment is here, if it comes now, ms. */
  readonly marginOf: (heardAt: number) => number;
}

/** Further ahead nothing is kept: who sends that is no microphone. */
const LONGEST_AHEAD_MS = 10_000;
const MOST_WAITING = 1_000;
/** Decoded all the same, so that what follows sounds right. */
const KEPT_AFTER_MS = 200;
const FAR_MS = 60_000;

/** The genuine frames of one stream, in order, until their time is past; and how they come. */
export class Reception {
  readonly #desk: ReceptionDesk;
  #waiting: Waiting[] = [];
  #highest = -1;
  #first: number | null = null;
  #saidUntil: number | null = null;
  #lastSeq: number | null = null;
  #marginMs = FAR_MS;
  #counts = { heard: 0, late: 0, missing: 0 };

  constructor(desk: ReceptionDesk) {
    this.#desk = desk;
  }

  /** The end of what was said so far, epoch ms; null before the first frame. */
  get saidUntil(): number | null {
    return this.#saidUntil;
  }

  /** Whether the last frame came. */
  get over(): boolean {
    return this.#lastSeq !== null;
  }

  /** The number of the last frame, once it came. */
  get lastSeq(): number | null {
    return this.#lastSeq;
  }

  /** The number of the first frame that came. */
  get firstSeq(): number | null {
    return this.#first;
  }

  /** Takes in a frame. @returns whether it is newer than all before: who repeats old ones renews nothing. */
  receive(frame: LiveFrame): boolean {
    const now = this.#desk.now();
    const fresh = frame.seq > this.#highest;
    const lengthMs = frame.packets.reduce((sum, packet) => sum + lengthOf(packet), 0);
    if (frame.heardAt > now + LONGEST_AHEAD_MS) return false;
    if (!fresh && (frame.heardAt < now || this.#waiting.some(({ seq }) => seq === frame.seq))) return false;
    this.#judge(frame, lengthMs, fresh);
    if (fresh) {
      this.#first ??= frame.seq;
      this.#highest = frame.seq;
      this.#saidUntil = Math.max(this.#saidUntil ?? 0, frame.heardAt + lengthMs);
    }
    if (frame.last) this.#lastSeq = frame.seq;
    this.#keep({ ...frame, endAt: frame.heardAt + lengthMs }, now);
    return fresh;
  }

  /** The frame after this number that is here; undefined when none is. */
  after(seq: number): Waiting | undefined {
    return this.#waiting.find((frame) => frame.seq > seq);
  }

  /** The first frame that begins at this moment, epoch ms, or later. */
  from(at: number): Waiting | undefined {
    return this.#waiting.find(({ heardAt, packets }) => heardAt >= at && packets.length > 0);
  }

  /** How frames came since the last report. */
  report(): LiveReport {
    const marginMs = Math.round(Math.max(-FAR_MS, Math.min(FAR_MS, this.#marginMs)) * 10) / 10;
    const report = { v: 1 as const, marginMs, ...this.#counts };
    this.#marginMs = FAR_MS;
    this.#counts = { heard: 0, late: 0, missing: 0 };
    return report;
  }

  #judge(frame: LiveFrame, lengthMs: number, fresh: boolean): void {
    const counts = this.#counts;
    if (fresh && this.#highest >= 0) counts.missing += frame.seq - this.#highest - 1;
    else if (!fresh && counts.missing > 0) counts.missing -= 1;
    if (lengthMs === 0) return;
    const marginMs = this.#desk.marginOf(frame.heardAt);
    this.#marginMs = Math.min(this.#marginMs, marginMs);
    if (marginMs < 0) counts.late += 1;
    else counts.heard += 1;
  }

  #keep(frame: Waiting, now: number): void {
    let place = this.#waiting.length;
    while (place > 0 && (this.#waiting[place - 1]?.seq ?? -1) > frame.seq) place -= 1;
    this.#waiting.splice(place, 0, frame);
    const current = this.#waiting.findIndex(({ endAt }) => endAt >= now - KEPT_AFTER_MS);
    const past = current === -1 ? this.#waiting.length - 1 : current;
    const surplus = Math.max(past, this.#waiting.length - MOST_WAITING);
    if (surplus > 0) this.#waiting.splice(0, surplus);
  }
}
