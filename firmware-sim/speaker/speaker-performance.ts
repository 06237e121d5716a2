import type { AsRunRecord } from '#devices/as-run';
import type { PlanOccurrence, PlanPart } from '#devices/plan';
import type { DeviceClock } from '../clock.ts';
import { COMMIT_AHEAD_MS, type Performance, type PerformanceObserver, type Stretch } from '../performance.ts';
import type { Card } from './card.ts';
import type { Decoder } from './decoder.ts';
import { type Axis, PartPlay } from './part-play.ts';
import { framesOf, msOf } from './sound-card.ts';
import { StretchTally } from './stretch-tally.ts';
import type { Segment } from './voice.ts';

/** Decoders are opened this long before their part is due. */
const OPEN_AHEAD_MS = 6_000;
/** Decoded ahead of the play pointer, so that a stall of the program is not heard. */
const WRITE_AHEAD_MS = COMMIT_AHEAD_MS + 2_000;

/** A card that was away for less is not worth a word in the log. */
const HICCUP_MS = 250;

/** How a piece left the card, and what the microphone heard of it, where there is one. */
export interface Passed {
  readonly volume: number;
  readonly muted: boolean;
  readonly heard: Int16Array | null;
}

export interface Stage {
  readonly card: Card;
  readonly clock: DeviceClock;
  outputDelayMs(): number;
  /** How loud it is at a moment, epoch ms. */
  loudness(occurrence: PlanOccurrence, at: number): { volume: number; muted: boolean };
  /** Null when the file is not there. */
  open(occurrence: string, partIndex: number, part: PlanPart, fromMs: number): Decoder | null;
  /** What the card passes now, before the volume. */
  put(occurrence: PlanOccurrence, segment: Segment): Passed;
  fault(what: string, detail: string): void;
}

interface Track {
  readonly part: PlanPart;
  readonly index: number;
}

/** One occurrence on the card, part by part, from some position to its end or until it is cut. */
export class SpeakerPerformance implements Performance {
  readonly occurrence: PlanOccurrence;
  readonly #stage: Stage;
  readonly #observer: PerformanceObserver;
  readonly #fromMs: number;
  /** When position 0 would come out, epoch ms. */
  readonly #zeroAt: number;
  #waiting: Track[];
  #plays: PartPlay[] = [];
  readonly #tallies = new WeakMap<PartPlay, StretchTally>();
  readonly #starts = new WeakMap<PartPlay, { startedAt: number; errorMs: number; synced: boolean }>();
  #cut: { at: number; end: AsRunRecord['end']; reason: string | undefined } | null = null;
  #over = false;

  constructor(
    stage: Stage,
    occurrence: PlanOccurrence,
    fromMs: number,
    at: number,
    observer: PerformanceObserver,
  ) {
    this.#stage = stage;
    this.occurrence = occurrence;
    this.#observer = observer;
    this.#fromMs = fromMs;
    this.#zeroAt = at - fromMs;
    this.#waiting = occurrence.parts
      .map((part, index) => ({ part, index }))
      .filter(({ part }) => part.offsetMs + part.durationMs > fromMs && observer.leavesOut?.(part) !== true)
      .sort((one, other) => one.part.offsetMs - other.part.offsetMs);
  }

  get over(): boolean {
    return this.#over;
  }

  /** To be called often, at most {@link WRITE_AHEAD_MS} apart. */
  pump(): void {
    if (this.#over) return;
    const { card } = this.#stage;
    const pointer = card.pointer();
    this.#openNext(pointer);
    for (const play of this.#plays) {
      const waits = play.firstFrame === null;
      // What is decoded now could not have been heard before now: it waits for the next time.
      play.leave(pointer, this.#axis, (segment) => {
        const passed = this.#stage.put(this.occurrence, segment);
        this.#tallyOf(play).add(passed, segment.samples.length, passed.heard);
      });
      play.fill(framesOf(WRITE_AHEAD_MS));
      if (waits && play.firstFrame !== null) this.#began(play, play.firstFrame);
    }
    const ended = this.#plays.filter((play) => play.done(pointer, this.#axis));
    this.#plays = this.#plays.filter((play) => !ended.includes(play));
    for (const play of ended) this.#report(play);
    if (this.#plays.length > 0 || this.#waiting.length > 0) return;
    this.#over = true;
    this.#observer.done();
  }

  cut(at: number, end: AsRunRecord['end'], reason?: string): void {
    if (this.#cut !== null && this.#cut.at <= at) return;
    this.#cut = { at, end, reason };
    for (const play of this.#plays) play.cut(at);
    this.#waiting = this.#waiting.filter(({ part }) => this.#dueAt(part) < at);
    this.pump();
  }

  now(): Stretch | null {
    const play = this.#plays.find((candidate) => candidate.firstFrame !== null);
    return play === undefined ? null : this.#stretch(play, 'power', undefined);
  }

  #openNext(pointer: number): void {
    for (let track = this.#waiting[0]; track !== undefined; track = this.#waiting[0]) {
      const dueAt = this.#dueAt(track.part);
      if (this.#axis.frameAt(dueAt) - pointer > framesOf(OPEN_AHEAD_MS)) return;
      this.#waiting.shift();
      const { part, index } = track;
      const following = this.#waiting[0];
      const limitAt = following === undefined ? Number.POSITIVE_INFINITY : this.#dueAt(following.part);
      const fromMs = Math.max(0, this.#fromMs - part.offsetMs);
      const decoder = this.#stage.open(this.occurrence.id, index, part, fromMs);
      const play = new PartPlay({ part, index, fromMs, decoder, dueAt, limitAt });
      if (this.#cut !== null) play.cut(this.#cut.at);
      this.#plays.push(play);
    }
  }

  #report(play: PartPlay): void {
    play.close();
    if (play.lostMs > 0)
      this.#stage.fault('underrun', `${play.lostMs.toFixed(0)} ms of "${play.part.title}"`);
    const { failure } = play;
    if (failure !== null) this.#stage.fault(failure, `"${play.part.title}": ${play.failureDetail}`);
    if (play.firstFrame === null) {
      // Taken off before it began: whoever took it off says what becomes of it.
      if (!play.wasCut) this.#observer.stretch(this.#stretch(play, 'missed', failure ?? 'decode-failed'));
    } else if (play.wasCut && this.#cut !== null) {
      this.#observer.stretch(this.#stretch(play, this.#cut.end, this.#cut.reason));
    } else if (failure !== null || !play.whole) {
      this.#observer.stretch(
        this.#stretch(play, 'fault', failure ?? (play.lostMs > 0 ? 'underrun' : 'decode-short')),
      );
    } else if (this.#unheardMs(play) > HICCUP_MS) {
      this.#observer.stretch(this.#stretch(play, 'fault', 'output-lost'));
    } else {
      this.#observer.stretch(this.#stretch(play, 'completed', undefined));
    }
  }

  /** What was handed over, and never came out of the hardware. */
  #unheardMs(play: PartPlay): number {
    const { firstFrame, lastFrame } = play;
    return firstFrame === null ? 0 : msOf(this.#stage.card.lost?.(firstFrame, lastFrame) ?? 0);
  }

  #began(play: PartPlay, frame: number): void {
    const { clock } = this.#stage;
    const startedAt = this.#axis.utcOf(frame);
    this.#starts.set(play, { startedAt, errorMs: clock.errorMs, synced: clock.synced });
    this.#observer.began?.(startedAt);
  }

  #stretch(play: PartPlay, end: AsRunRecord['end'], reason: string | undefined): Stretch {
    const { levelDbfs } = play;
    const start = this.#startOf(play);
    const tally = this.#tallyOf(play);
    const { volume, muted } = tally.loudness ?? this.#stage.loudness(this.occurrence, start.endedAt);
    const { heardDbfs } = tally;
    return {
      partIndex: play.index,
      ...start,
      ...(start.startedAt === null ? {} : { fromMs: play.fromMs }),
      playedMs: Math.max(0, play.playedMs - this.#unheardMs(play)),
      end,
      ...(reason === undefined ? {} : { reason }),
      volume,
      muted,
      ...(levelDbfs === undefined ? {} : { levelDbfs }),
      ...(heardDbfs === undefined ? {} : { heardDbfs }),
    };
  }

  /** When it was heard, by the clock that began it. One that was set since tells the true times, and how wrong it was. */
  #startOf(play: PartPlay): Pick<Stretch, 'startedAt' | 'endedAt' | 'clockErrorMs' | 'clockSynced'> {
    const { clock } = this.#stage;
    const { firstFrame } = play;
    const start = this.#starts.get(play);
    if (firstFrame === null || start === undefined) {
      return {
        ...{ startedAt: null, endedAt: clock.now() },
        ...{ clockErrorMs: clock.errorMs, clockSynced: clock.synced },
      };
    }
    const endedAt = this.#axis.utcOf(play.lastFrame);
    const { startedAt, errorMs, synced } = start;
    if (synced || !clock.synced) {
      return { startedAt, endedAt, clockErrorMs: errorMs, clockSynced: synced };
    }
    const known = this.#axis.utcOf(firstFrame);
    const clockErrorMs = Math.abs(known - startedAt) + clock.errorMs;
    return { startedAt: known, endedAt, clockErrorMs, clockSynced: false };
  }

  #tallyOf(play: PartPlay): StretchTally {
    const tally = this.#tallies.get(play) ?? new StretchTally();
    this.#tallies.set(play, tally);
    return tally;
  }

  /** When a part (or what is left of it) is due to be heard, epoch ms. */
  #dueAt(part: PlanPart): number {
    return this.#zeroAt + Math.max(part.offsetMs, this.#fromMs);
  }

  /** The amplifier needs its time: a frame leaves the card before it is heard. */
  readonly #axis: Axis = {
    utcOf: (frame) => {
      const { card, clock, outputDelayMs } = this.#stage;
      return clock.utcAt(card.monotonicAt(frame) + outputDelayMs());
    },
    frameAt: (utcMs) => {
      const { card, clock, outputDelayMs } = this.#stage;
      return card.frameAt(clock.monotonicAt(utcMs) - outputDelayMs());
    },
  };
}
