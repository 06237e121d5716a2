import type { Decoder } from '../speaker/decoder.ts';
import { SampleQueue } from '../speaker/sample-queue.ts';
import { framesOf, msOf, RATE } from '../speaker/sound-card.ts';
import { doubleOne, dropOne } from '../speaker/splice.ts';
import { Bridge } from './bridge.ts';
import type { Unpacker } from './opus.ts';
import type { Reception, Waiting } from './reception.ts';

/** Frames whose times follow one another this nearly are one sound, ms. */
const ONE_SOUND_MS = 1;
/** Half a sample cannot be mended, and a little more is not worth going to and fro. */
const DEAD_BAND = 0.75;
/** Out of step by more than a millisecond, a frame is mended by this many samples instead of one. */
const HURRY_SAMPLES = 6;

/**
 * Live sound as something to play from, from one frame on: what is taken follows UTC as the frames tell it. What did not
 * come in time is bridged and then silent, for as long as it would have sounded, and what comes too late is left out.
 */
export class LiveSound implements Decoder {
  readonly failure = null;
  readonly #reception: Pick<Reception, 'after' | 'lastSeq' | 'saidUntil'>;
  readonly #unpacker: Unpacker;
  readonly #originAt: number;
  readonly #queue = new SampleQueue();
  readonly #bridge: Bridge;
  #seq: number;
  /** When what was taken in last ends, epoch ms; null before the first frame. */
  #endAt: number | null = null;
  /** Place of the next sample, from the origin on. */
  #place = 0;
  /** Where the bridge began that is under way; null while frames follow one another. */
  #bridgedFrom: number | null = null;
  #absent = 0;

  /** @param first what it begins with: its first sample is the first that is taken. */
  constructor(
    reception: Pick<Reception, 'after' | 'lastSeq' | 'saidUntil'>,
    unpacker: Unpacker,
    first: Waiting,
  ) {
    this.#reception = reception;
    this.#unpacker = unpacker;
    this.#originAt = first.heardAt;
    this.#seq = first.seq - 1;
    this.#bridge = new Bridge(unpacker);
    // In the middle of a word it begins softly.
    if (first.seq > 0) this.#bridgedFrom = 0;
  }

  get ended(): boolean {
    return this.#complete && this.#queue.length === 0;
  }

  /** The last frame was taken in. */
  get #complete(): boolean {
    const { lastSeq } = this.#reception;
    return lastSeq !== null && this.#seq >= lastSeq;
  }

  /** Samples that were taken though nothing had come for them. */
  get absent(): number {
    const bridged = this.#bridgedFrom === null ? 0 : this.#place - this.#bridgedFrom;
    return this.#absent + bridged;
  }

  /** The end of what was said so far, epoch ms. */
  get saidUntil(): number {
    return this.#reception.saidUntil ?? this.#originAt;
  }

  take(frames: number, owed = 0): Int16Array {
    for (let next = this.#next(frames); next !== undefined; next = this.#next(frames)) this.#takeIn(next);
    const short = Math.min(frames, owed) - this.#queue.length;
    if (short > 0 && !this.#complete) this.#fill(short);
    return this.#queue.take(frames);
  }

  pass(frames: number): void {
    const left = frames - this.#queue.take(frames).length;
    if (left === 0) return;
    this.#absent = this.absent;
    this.#place += left;
    this.#bridgedFrom = this.#place;
    this.#bridge.begin();
  }

  close(): void {
    this.#queue.take(this.#queue.length);
  }

  #next(frames: number): Waiting | undefined {
    return this.#queue.length >= frames ? undefined : this.#reception.after(this.#seq);
  }

  #takeIn(frame: Waiting): void {
    const inOrder = frame.seq === this.#seq + 1;
    const saidBefore = this.#endAt;
    const due = ((frame.heardAt - this.#originAt) * RATE) / 1_000;
    const begin = Math.round(due);
    const near = saidBefore === null || Math.abs(frame.heardAt - saidBefore) <= ONE_SOUND_MS;
    const follows = inOrder && near && this.#bridgedFrom === null;
    this.#seq = frame.seq;
    if (frame.packets.length === 0) return;
    // The decoder tells what it expects in the gap before it hears what came after it.
    if (!follows && begin > this.#place) this.#fill(begin - this.#place);
    const samples = joined(frame.packets.map((packet) => this.#unpacker.decode(packet)));
    this.#endAt = frame.heardAt + msOf(samples.length);
    if (follows) {
      this.#push(fitted(samples, due - this.#place));
      return;
    }
    const late = this.#place - begin;
    if (late >= samples.length) return;
    const unsaid = inOrder && saidBefore !== null ? begin - this.#placeOf(saidBefore) : 0;
    this.#endBridge(Math.max(0, unsaid));
    this.#push(this.#bridge.land(samples.subarray(Math.max(0, late))));
  }

  /** Something instead of what did not come. */
  #fill(frames: number): void {
    if (this.#bridgedFrom === null) {
      this.#bridgedFrom = this.#place;
      this.#bridge.begin();
    }
    this.#push(this.#bridge.take(frames));
  }

  /** @param unsaid samples of it in which nothing was to be heard. */
  #endBridge(unsaid: number): void {
    if (this.#bridgedFrom !== null) this.#absent += Math.max(0, this.#place - this.#bridgedFrom - unsaid);
    this.#bridgedFrom = null;
  }

  #push(samples: Int16Array): void {
    this.#queue.push(samples);
    this.#place += samples.length;
  }

  #placeOf(at: number): number {
    return framesOf(at - this.#originAt);
  }
}

function joined(pieces: readonly Int16Array[]): Int16Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const whole = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** @param short samples by which the sound is ahead of its time: they are made up where they are heard least. */
function fitted(samples: Int16Array, short: number): Int16Array {
  if (Math.abs(short) < DEAD_BAND) return samples;
  const times = Math.abs(short) > framesOf(ONE_SOUND_MS) ? HURRY_SAMPLES : 1;
  let fit = samples;
  for (let time = 0; time < times && fit.length > 1; time += 1)
    fit = short > 0 ? doubleOne(fit) : dropOne(fit);
  return fit;
}
