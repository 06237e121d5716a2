import type { PlanPart } from '#devices/plan';
import { SCENE_TYPE } from '#devices/scene';
import type { Decoder } from './decoder.ts';
import { Level } from './level.ts';
import { framesOf, msOf } from './sound-card.ts';
import { type Segment, Voice } from './voice.ts';

/** A file may be this much longer than its plan says before it is cut: codecs pad their last packet. */
const GRACE_MS = 250;

/** One part of an occurrence on its way from the decoder through the card, and what came out of it. */
export class PartPlay {
  readonly part: PlanPart;
  readonly index: number;
  /** Null when there was nothing to decode from; `failure` tells why. */
  readonly #decoder: Decoder | null;
  readonly #voice: Voice;
  readonly #level = new Level();
  /** Position in the part at which it begins; a late beginning is heard late, and not from further in. */
  readonly fromMs: number;
  readonly #target: number;
  readonly #dueFrames: number;
  #limit: number;
  #written = 0;
  #out = 0;
  #firstFrame: number | null = null;
  #lastFrame = 0;
  /** Frames that were taken back by a cut, or never written because of it; null when it was not cut. */
  #takenBack: number | null = null;

  /** @param target card frame for the first sample, @param limit card frame where something else begins. */
  constructor(
    part: PlanPart,
    index: number,
    fromMs: number,
    decoder: Decoder | null,
    target: number,
    limit: number,
  ) {
    this.part = part;
    this.index = index;
    this.#decoder = decoder;
    this.#voice = new Voice(target);
    this.fromMs = fromMs;
    this.#target = target;
    this.#dueFrames = framesOf(part.durationMs - fromMs);
    this.#limit = limit;
  }

  get firstFrame(): number | null {
    return this.#firstFrame;
  }

  get lastFrame(): number {
    return this.#lastFrame;
  }

  get playedMs(): number {
    return msOf(this.#out);
  }

  get levelDbfs(): number | undefined {
    return this.#level.dbfs;
  }

  get lostMs(): number {
    return msOf(this.#voice.lost);
  }

  get failure(): string | null {
    if (this.part.type === SCENE_TYPE) return 'unsupported-media';
    if (this.#decoder === null) return 'blob-missing';
    return this.#decoder.failure === null ? null : 'decode-failed';
  }

  get failureDetail(): string {
    return this.#decoder?.failure ?? `there is no sound in the cache for ${this.part.sha256}`;
  }

  /** Whether all but a trifle of what was due came out. */
  get whole(): boolean {
    return this.#out >= this.#dueFrames - framesOf(GRACE_MS);
  }

  /** Takes from the decoder what fits before `horizon`. */
  fill(pointer: number, horizon: number): void {
    const decoder = this.#decoder;
    if (decoder === null) return;
    for (;;) {
      const left = this.#dueFrames + framesOf(GRACE_MS) - this.#written;
      const room = Math.min(Math.min(horizon, this.#limit) - this.#voice.cursor, left);
      if (room <= 0) return;
      const samples = decoder.take(room);
      if (samples.length === 0) return;
      this.#written += samples.length;
      this.#voice.write(samples, pointer);
    }
  }

  /** Counts what has left the card, and shows it to whoever listens. */
  settle(pointer: number, listen: (segment: Segment) => void): void {
    for (const segment of this.#voice.played(pointer)) {
      this.#firstFrame ??= segment.frame;
      this.#lastFrame = segment.frame + segment.samples.length;
      this.#out += segment.samples.length;
      this.#level.add(segment.samples);
      listen(segment);
    }
  }

  cut(frame: number): void {
    if (frame >= this.#limit) return;
    this.#limit = frame;
    const end = this.#voice.cursor + Math.max(0, this.#dueFrames - this.#written);
    this.#takenBack = (this.#takenBack ?? 0) + Math.max(0, end - frame);
    this.#voice.cut(frame);
  }

  /** True when it was taken off before its own end. */
  get wasCut(): boolean {
    return this.#takenBack !== null && this.#takenBack > framesOf(GRACE_MS);
  }

  done(pointer: number): boolean {
    if (pointer >= this.#limit) return true;
    if (pointer < this.#target) return false;
    const spent = this.#written >= this.#dueFrames + framesOf(GRACE_MS);
    return (this.#decoder === null || this.#decoder.ended || spent) && this.#voice.empty;
  }

  close(): void {
    this.#decoder?.close();
  }
}
