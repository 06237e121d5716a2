import { LIVE_TYPE, type PlanPart } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import type { Decoder } from './decoder.ts';
import { Level } from './level.ts';
import { framesOf, msOf, RATE } from './sound-card.ts';
import { type DueLine, type Segment, Voice } from './voice.ts';

/** A file may be this much longer than its plan says before it is cut: codecs pad their last packet. */
const GRACE_MS = 250;

/** Of live sound, so much may have been lost on the way before its end is told as a fault. */
const LOST_SHARE = 0.02;

/** When a frame of the card is heard, epoch ms, and which frame is heard then, with a fraction; as the clocks are known now. */
export interface Axis {
  utcOf(frame: number): number;
  frameAt(utcMs: number): number;
}

export interface PartOrder {
  readonly part: PlanPart;
  readonly index: number;
  /** Position in the part at which it is to begin. */
  readonly fromMs: number;
  /** Null when there was nothing to decode from. */
  readonly decoder: Decoder | null;
  /** It sounds instead of the part, and is no evidence of it. */
  readonly standIn?: boolean;
  /** When that position is due to be heard, and when something else begins, epoch ms. */
  readonly dueAt: number;
  readonly limitAt: number;
}

/** One part of an occurrence on its way from the decoder through the card, in step with UTC, and what came out of it. */
export class PartPlay {
  readonly part: PlanPart;
  readonly index: number;
  readonly #order: PartOrder;
  readonly #voice = new Voice();
  readonly #level = new Level();
  readonly #dueFrames: number;
  #limitAt: number;
  #written = 0;
  #out = 0;
  #firstFrame: number | null = null;
  #lastFrame = 0;
  /** What was taken back by a cut, or never came because of it, ms; null when it was not cut. */
  #takenBackMs: number | null = null;

  constructor(order: PartOrder) {
    const { part, index, fromMs, dueAt, limitAt } = order;
    this.part = part;
    this.index = index;
    this.#order = order;
    this.#dueFrames = framesOf(part.durationMs - fromMs);
    // In step with UTC nothing can be heard after its end, whatever a decoder does.
    this.#limitAt = Math.min(limitAt, dueAt + part.durationMs - fromMs + GRACE_MS);
  }

  /** When something else begins in its place, epoch ms. */
  get limitAt(): number {
    return this.#limitAt;
  }

  get firstFrame(): number | null {
    return this.#firstFrame;
  }

  get lastFrame(): number {
    return this.#lastFrame;
  }

  /** Position in the part at which it began: further in than ordered, when its first samples came too late. */
  get fromMs(): number {
    return this.#order.fromMs + msOf(this.#voice.late);
  }

  get playedMs(): number {
    if (this.#order.standIn === true) return 0;
    return msOf(Math.max(0, this.#out - (this.#order.decoder?.absent ?? 0)));
  }

  /** Something else sounds in its place. */
  get standsIn(): boolean {
    return this.#order.standIn === true;
  }

  get live(): boolean {
    return this.part.type === LIVE_TYPE;
  }

  /** How long the part was, where nobody knew before: to the end of what was said; undefined where the plan knows it. */
  get dueMs(): number | undefined {
    const { dueAt, fromMs, decoder } = this.#order;
    if (decoder?.saidUntil === undefined) return undefined;
    return Math.max(0, Math.min(decoder.saidUntil, this.#limitAt) - (dueAt - fromMs));
  }

  get levelDbfs(): number | undefined {
    return this.#level.dbfs;
  }

  /** What came out of the decoder too late for its place. */
  get lostMs(): number {
    return msOf(this.#voice.lost + this.#voice.late - this.#joinedLate);
  }

  get failure(): string | null {
    if (this.part.type === SCENE_TYPE) return 'unsupported-media';
    if (this.#order.decoder === null) return 'blob-missing';
    return this.#order.decoder.failure === null ? null : 'decode-failed';
  }

  get failureDetail(): string {
    return this.#order.decoder?.failure ?? `there is no sound in the cache for ${this.part.sha256}`;
  }

  /** Whether all but a trifle of what was due, from where it began, came out. */
  get whole(): boolean {
    const { dueMs } = this;
    if (dueMs !== undefined) {
      const lostMs = dueMs - this.#order.fromMs - this.playedMs;
      return lostMs <= Math.max(GRACE_MS, dueMs * LOST_SHARE);
    }
    return this.#out >= this.#dueFrames - this.#joinedLate - framesOf(GRACE_MS);
  }

  /** Who joins in the middle joins where it can: how long that takes to get ready is guessed, and no fault. */
  get #joinedLate(): number {
    return this.#order.fromMs > 0 ? this.#voice.late : 0;
  }

  /**
   * Takes from the decoder what is to wait. @param frames so many samples at most.
   * @param reach up to this frame of the card something must be had now, if it is live sound.
   */
  fill(frames: number, reach: number, axis: Axis): void {
    const { decoder } = this.#order;
    if (decoder === null) return;
    if (this.live) this.#catchUp(decoder, reach, axis);
    for (;;) {
      const left = this.#dueFrames + framesOf(GRACE_MS) - this.#written;
      const room = Math.min(frames - this.#voice.held, left);
      if (room <= 0) return;
      const samples = decoder.take(room);
      if (samples.length === 0) return;
      this.#written += samples.length;
      this.#voice.write(samples);
    }
  }

  /** What live sound had no time to say is passed over, and what it has not said yet is silence. */
  #catchUp(decoder: Decoder, reach: number, axis: Axis): void {
    const line = this.#line(axis);
    const { dryAt } = this.#voice;
    const passed = dryAt === null ? 0 : Math.floor(line.positionAt(dryAt)) - this.#written;
    if (passed > 0) {
      decoder.pass?.(passed);
      this.#voice.pass(passed);
      this.#written += passed;
    }
    const owed = Math.ceil(line.positionAt(reach)) - this.#written;
    const samples = decoder.take(Math.max(0, owed), owed);
    this.#written += samples.length;
    this.#voice.write(samples);
  }

  /** Passes on what leaves the program before the pointer, and counts it. */
  leave(pointer: number, axis: Axis, pass: (segment: Segment) => void): void {
    const end = Math.min(pointer, Math.round(axis.frameAt(this.#limitAt)));
    for (const segment of this.#voice.leave(pointer, end, this.#line(axis))) {
      this.#firstFrame ??= segment.frame;
      this.#lastFrame = segment.frame + segment.samples.length;
      this.#out += segment.samples.length;
      this.#level.add(segment.samples);
      pass(segment);
    }
  }

  cut(at: number): void {
    if (at >= this.#limitAt) return;
    this.#limitAt = at;
    const endAt = this.#order.dueAt + this.part.durationMs - this.#order.fromMs;
    this.#takenBackMs = Math.max(0, endAt - at);
  }

  /** True when it was taken off before its own end. */
  get wasCut(): boolean {
    const { decoder } = this.#order;
    // The last word was said before.
    if (decoder?.saidUntil !== undefined && decoder.ended && decoder.saidUntil <= this.#limitAt) return false;
    return this.#takenBackMs !== null && this.#takenBackMs > GRACE_MS;
  }

  done(pointer: number, axis: Axis): boolean {
    const { decoder, dueAt } = this.#order;
    if (pointer >= axis.frameAt(this.#limitAt)) return true;
    if (pointer < axis.frameAt(dueAt)) return false;
    const spent = this.#written >= this.#dueFrames + framesOf(GRACE_MS);
    return (decoder === null || decoder.ended || spent) && this.#voice.held === 0;
  }

  close(): void {
    this.#order.decoder?.close();
  }

  #line(axis: Axis): DueLine {
    const { dueAt } = this.#order;
    return {
      frameOf: (position) => axis.frameAt(dueAt + msOf(position)),
      positionAt: (frame) => ((axis.utcOf(frame) - dueAt) * RATE) / 1000,
    };
  }
}
