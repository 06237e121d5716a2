import type { AsRunRecord } from '#devices/as-run';
import { LIVE_TYPE, type PlanOccurrence, type PlanPart } from '#devices/plan';
import type { Stretch } from '#devices/run-record';
import type { DeviceClock } from '../clock.ts';
import type { LiveSource } from '../live/tuned.ts';
import { COMMIT_AHEAD_MS, type Performance, type PerformanceObserver } from '../performance.ts';
import type { Card } from './card.ts';
import type { Decoder } from './decoder.ts';
import { type Cut, endOf } from './part-end.ts';
import { type Axis, PartPlay } from './part-play.ts';
import { framesOf, msOf } from './sound-card.ts';
import { StretchTally } from './stretch-tally.ts';
import { NEAREST_WRITE, type Segment } from './voice.ts';

/** Decoders are opened this long before their part is due. */
const OPEN_AHEAD_MS = 6_000;
/** Decoded ahead of the play pointer, so that a stall of the program is not heard. */
const WRITE_AHEAD_MS = COMMIT_AHEAD_MS + 2_000;

/** Something must be had of live sound until the next look at the card, and so much longer, ms: a look may come late. */
export const LOOK_LATE_MS = 5;
/** What stood in for a file that came late gives way so long after it came, when the decoder is ready, ms. */
const RELIEF_MS = 800;

/** A frame that begins so little before its part is due belongs to it, ms. */
const A_MOMENT_MS = 1;

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
  /** What is said live in a broadcast; null when this device does not listen to it. */
  live(broadcast: string): LiveSource | null;
  /** What an emergency sounds with while its file is not here. */
  tone(): Decoder;
  /** How often the card is looked after now, ms. */
  tickMs(): number;
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
  #cut: Cut | null = null;
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

  /** Whether it plays live sound, or will in a moment: then every millisecond counts. */
  get hasty(): boolean {
    if (this.#plays.some(({ live }) => live)) return true;
    const next = this.#waiting[0]?.part;
    const inMs = next === undefined ? 0 : this.#dueAt(next) - this.#stage.clock.now();
    return next?.type === LIVE_TYPE && inMs <= OPEN_AHEAD_MS;
  }

  /** To be called often, at most {@link WRITE_AHEAD_MS} apart. */
  pump(): void {
    if (this.#over) return;
    const { card, tickMs } = this.#stage;
    const pointer = card.pointer();
    const reach = pointer + framesOf(tickMs() + LOOK_LATE_MS);
    this.#openNext(pointer);
    this.#relieve();
    for (const play of this.#plays) {
      const waits = play.firstFrame === null;
      // What is decoded now could not have been heard before now: it waits for the next time.
      play.leave(pointer, this.#axis, (segment) => {
        const passed = this.#stage.put(this.occurrence, segment);
        this.#tallyOf(play).add(passed, segment.samples.length, passed.heard);
      });
      play.fill(framesOf(WRITE_AHEAD_MS), reach, this.#axis);
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
      const following = this.#waiting[1];
      const limitAt = following === undefined ? Number.POSITIVE_INFINITY : this.#dueAt(following.part);
      const play = track.part.type === LIVE_TYPE ? this.#tuneIn(track, dueAt, limitAt, pointer) : null;
      if (play === 'not-yet') return;
      this.#waiting.shift();
      if (play !== 'never') this.#begin(play ?? this.#openFile(track, dueAt, limitAt));
    }
  }

  #begin(play: PartPlay): void {
    if (this.#cut !== null) play.cut(this.#cut.at);
    this.#plays.push(play);
  }

  #openFile({ part, index }: Track, dueAt: number, limitAt: number): PartPlay {
    const { open, tone } = this.#stage;
    const fromMs = Math.max(0, this.#fromMs - part.offsetMs);
    const decoder = open(this.occurrence.id, index, part, fromMs);
    // A file may still come, and what is said live is no file: a tone in its place would be one for hours.
    const awaited = decoder === null && part.type !== LIVE_TYPE;
    const standIn = awaited && this.occurrence.priority === 'emergency';
    const order = { part, index, fromMs, dueAt, limitAt };
    return new PartPlay({ ...order, decoder: standIn ? tone() : decoder, standIn });
  }

  /** Live sound begins with the first frame that there is still time for. */
  #tuneIn(
    { part, index }: Track,
    dueAt: number,
    limitAt: number,
    pointer: number,
  ): PartPlay | 'not-yet' | 'never' | null {
    const source = this.#stage.live(this.occurrence.schedule);
    if (source === null) return null;
    const now = this.#axis.utcOf(pointer + NEAREST_WRITE);
    if (this.#cut !== null && now >= this.#cut.at) return 'never';
    const first = source.from(Math.max(dueAt - A_MOMENT_MS, now));
    if (first === undefined) return source.over ? 'never' : 'not-yet';
    const fromMs = Math.max(0, first.heardAt - this.#zeroAt - part.offsetMs);
    return new PartPlay({ part, index, fromMs, dueAt: first.heardAt, limitAt, decoder: source.sound(first) });
  }

  /** Where the file has come meanwhile, the programme goes on in step, and what stood in for it is over. */
  #relieve(): void {
    for (const play of this.#plays.filter(({ standsIn }) => standsIn)) {
      const { part, index } = play;
      const joinAt = Math.max(this.#stage.clock.now() + RELIEF_MS, this.#dueAt(part));
      const fromMs = joinAt - this.#zeroAt - part.offsetMs;
      if (fromMs >= part.durationMs - RELIEF_MS || joinAt >= play.limitAt) continue;
      const decoder = this.#stage.open(this.occurrence.id, index, part, fromMs);
      if (decoder === null) continue;
      const { limitAt } = play;
      play.cut(joinAt);
      this.#begin(new PartPlay({ part, index, fromMs, decoder, dueAt: joinAt, limitAt }));
    }
  }

  #report(play: PartPlay): void {
    play.close();
    if (play.lostMs > 0 && !play.live)
      this.#stage.fault('underrun', `${play.lostMs.toFixed(0)} ms of "${play.part.title}"`);
    const { failure } = play;
    if (failure !== null) this.#stage.fault(failure, `"${play.part.title}": ${play.failureDetail}`);
    const verdict = endOf(play, this.#cut, this.#unheardMs(play));
    if (verdict !== null) this.#observer.stretch(this.#stretch(play, verdict.end, verdict.reason));
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
    const { levelDbfs, dueMs } = play;
    const start = this.#startOf(play);
    const tally = this.#tallyOf(play);
    const { volume, muted } = tally.loudness ?? this.#stage.loudness(this.occurrence, start.endedAt);
    const { heardDbfs } = tally;
    return {
      partIndex: play.index,
      ...start,
      ...(start.startedAt === null ? {} : { fromMs: play.fromMs }),
      playedMs: Math.max(0, play.playedMs - this.#unheardMs(play)),
      ...(dueMs === undefined ? {} : { dueMs }),
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
