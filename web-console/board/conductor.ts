import { arbitrate, type Chosen, FINAL_REFUSALS } from '#devices/arbitrate';
import type { DeviceClock } from '#devices/device-clock';
import type { Plan, PlanOccurrence } from '#devices/plan';
import { Cue, type Watch } from './cue.ts';
import { type EvidenceBook, MEMORY_MS } from './evidence-book.ts';
import { Run, type RunDesk } from './run.ts';

export interface ConductorDesk {
  readonly clock: DeviceClock;
  readonly book: Pick<EvidenceBook, 'isSettled' | 'settle' | 'stretch' | 'mark' | 'written'>;
  readonly boot: number;
  readonly brightness: () => number;
  /** Gets the beginning of an occurrence ready, some seconds before it is due. */
  readonly arm: (occurrence: PlanOccurrence) => void;
  /** Something may have changed: the board is to be looked after now. */
  readonly wake: () => void;
}

/** Scenes are fetched out, hashed and decoded this long before. */
const ARM_AHEAD_MS = 15_000;
/** A page that wakes up later than it meant to by this much was not merely busy. */
const FROZEN_MS = 5_000;

/**
 * Lets what is planned, and what is ordered, stand on the board: asks `arbitrate` who has it at a moment. It has no timer of
 * its own: whoever draws asks it before each drawing, and is told when to ask again.
 */
export class Conductor {
  readonly #desk: ConductorDesk;
  readonly #run: RunDesk;
  readonly #cues = new Map<string, Cue>();
  #coming: { readonly occurrence: PlanOccurrence; readonly knownAt: number }[] = [];
  #next = 0;
  /** Since when it can play at all, of the monotonic clock; what was due before was due while the page was not there. */
  readonly #readyAt: number;
  #clockRightAt = Number.NEGATIVE_INFINITY;
  /** The stretches in which the page stood still. */
  #frozen: { from: number; to: number }[] = [];
  readonly #stretches = new Map<string, number>();
  #current: Cue | null = null;

  constructor(desk: ConductorDesk) {
    const { clock, book, brightness, boot } = desk;
    this.#desk = desk;
    this.#readyAt = clock.base.monotonicMs();
    const nameOf = (occurrence: string, part: number): string => {
      const name = `${boot}/${occurrence}/${part}`;
      const before = this.#stretches.get(name) ?? 0;
      this.#stretches.set(name, before + 1);
      return `${name}/${before}`;
    };
    this.#run = { clock, book, brightness, nameOf };
  }

  /** What has the board now. */
  get current(): Cue | null {
    return this.#current;
  }

  /**
   * From now on this plan governs. What has the board and is not in it was called off, and is stopped.
   * @param known from when on this board could have shown the plan's occurrences, epoch ms.
   */
  adopt(plan: Plan, known: number): void {
    const { clock, book } = this.#desk;
    const now = clock.now();
    const planned = new Map(plan.occurrences.map((occurrence) => [occurrence.id, occurrence]));
    for (const cue of [...this.#cues.values()]) {
      if (cue.watch !== null) continue;
      const occurrence = planned.get(cue.id);
      if (occurrence !== undefined) {
        if (!cue.begun) cue.occurrence = occurrence;
      } else if (cue.endAt > plan.validFrom) {
        if (cue.begun) this.#close(cue, now, 'stopped', 'plan-changed');
        else this.#cues.delete(cue.id);
      }
    }
    const before = new Map(this.#coming.map(({ occurrence, knownAt }) => [occurrence.id, knownAt]));
    const knownAt = clock.base.monotonicMs();
    this.#coming = plan.occurrences
      .filter(
        ({ id, endAt, startAt }) =>
          endAt >= known && startAt >= now - MEMORY_MS && !book.isSettled(id) && !this.#cues.has(id),
      )
      .map((occurrence) => ({ occurrence, knownAt: before.get(occurrence.id) ?? knownAt }))
      .sort((one, other) => one.occurrence.startAt - other.occurrence.startAt);
    this.#next = 0;
    this.#desk.wake();
  }

  /** Something that is in no plan wants the board, from now on. The same again changes nothing. */
  admit(occurrence: PlanOccurrence, watch: Watch): void {
    if (this.#cues.has(occurrence.id) || this.#desk.book.isSettled(occurrence.id)) return;
    this.#cues.set(occurrence.id, new Cue(occurrence, Number.NEGATIVE_INFINITY, watch));
    this.#desk.arm(occurrence);
    this.#desk.wake();
  }

  /** It never comes again, whether it had begun or not. */
  dismiss(occurrence: string, reason: string): void {
    const cue = this.#cues.get(occurrence);
    if (cue !== undefined) this.#close(cue, this.#desk.clock.now(), 'stopped', reason);
    this.#desk.wake();
  }

  /** Dark at once; neither what stands nor what waits behind it comes back. */
  silence(): void {
    const now = this.#desk.clock.now();
    for (const cue of [...this.#cues.values()]) {
      if (cue.startAt <= now) this.#close(cue, now, 'stopped', 'stopped');
    }
    this.#desk.wake();
  }

  /** The clock was moved; by more than a second or two makes every decision anew. */
  clockSet(stepMs: number): void {
    if (Math.abs(stepMs) > 2_000) {
      const { clock } = this.#desk;
      this.#clockRightAt = clock.base.monotonicMs();
      for (const cue of this.#cues.values()) {
        cue.run?.cut(clock.now(), 'fault', 'clock-stepped');
        cue.run = null;
        delete cue.progress;
      }
      this.#current = null;
    }
    this.#desk.wake();
  }

  /** The page meant to wake up at `meantAt` of the monotonic clock, and does so now. */
  woke(meantAt: number): void {
    const now = this.#desk.clock.base.monotonicMs();
    if (now - meantAt >= FROZEN_MS) this.#frozen = [...this.#frozen, { from: meantAt, to: now }].slice(-50);
  }

  /** The page ends: what stands ends with it, and may be joined again by the next. */
  async stop(): Promise<void> {
    const now = this.#desk.clock.now();
    for (const cue of this.#cues.values()) cue.run?.cut(now, 'power', 'shutdown');
    await this.#desk.book.written();
  }

  /** Notes what would have to be told if the power went now. */
  mark(): void {
    const now = this.#desk.clock.now();
    for (const cue of this.#cues.values()) cue.run?.mark(now);
  }

  /** When the next thing begins that does not stand yet, epoch ms; infinity for never. */
  get nextStart(): number {
    let next = this.#coming[this.#next]?.occurrence.startAt ?? Number.POSITIVE_INFINITY;
    for (const cue of this.#cues.values()) if (!cue.begun) next = Math.min(next, cue.startAt);
    return next;
  }

  /** Decides who has the board now. @returns the latest moment at which it is to be asked again, epoch ms. */
  decide(now: number): number {
    this.#bringNear(now);
    const claims = [...this.#cues.values()].filter((cue) => cue.startAt <= now);
    const { playing, suspended, refused } = arbitrate(claims, now);
    for (const { claim: cue, reason } of refused) {
      if (!FINAL_REFUSALS.has(reason)) cue.heldBack = true;
      else if (cue.run !== null && cue.run.endAt <= now) this.#complete(cue);
      else this.#close(cue, now, 'preempted', this.#missedReason(cue));
    }
    for (const cue of suspended) cue.interrupt(now);
    if (playing !== null && playing.how !== 'continue') this.#perform(playing, now);
    this.#current = playing?.claim ?? null;
    return this.#nextInstant(now);
  }

  #bringNear(now: number): void {
    for (;;) {
      const coming = this.#coming[this.#next];
      if (coming === undefined || coming.occurrence.startAt > now + ARM_AHEAD_MS) return;
      this.#next += 1;
      this.#cues.set(coming.occurrence.id, new Cue(coming.occurrence, coming.knownAt));
      this.#desk.arm(coming.occurrence);
    }
  }

  #nextInstant(now: number): number {
    let next = (this.#coming[this.#next]?.occurrence.startAt ?? Number.POSITIVE_INFINITY) - ARM_AHEAD_MS;
    for (const cue of this.#cues.values()) {
      if (cue.startAt > now) next = Math.min(next, cue.startAt);
      if (cue.run !== null) next = Math.min(next, cue.run.endAt);
    }
    return next;
  }

  #perform({ claim: cue, how, fromMs }: Chosen<Cue>, now: number): void {
    const zeroAt = how === 'join' || how === 'begin' ? cue.startAt : now - fromMs;
    const late = how === 'join' && !cue.begun ? this.#hindered(cue.startAt) : null;
    cue.plays(new Run(this.#run, cue.occurrence, zeroAt, late), now);
  }

  /** It came to its own end. */
  #complete(cue: Cue): void {
    const { run } = cue;
    if (run === null) return;
    run.cut(run.endAt, 'completed');
    cue.run = null;
    this.#settle(cue, this.#hindered(cue.startAt) ?? 'window-over');
  }

  /** Over for good: what was shown counts, what was not is told as missed. */
  #close(cue: Cue, at: number, end: 'preempted' | 'stopped', reason: string): void {
    cue.run?.cut(at, end, reason);
    cue.run = null;
    this.#settle(cue, reason);
  }

  #settle(cue: Cue, reason: string): void {
    if (!this.#cues.delete(cue.id)) return;
    if (this.#current === cue) this.#current = null;
    this.#desk.book.settle(cue.occurrence, (part) => cue.failures.get(part) ?? cue.covered ?? reason);
    const [failure = cue.covered ?? reason] = cue.failures.values();
    cue.watch?.finished(failure);
  }

  /** The reason code for what never stood there, when it is refused for good. */
  #missedReason(cue: Cue): string {
    if (cue.begun) return 'preempted';
    if (cue.heldBack) return 'preempted-before-start';
    const hindered = this.#hindered(cue.startAt);
    if (hindered !== null) return hindered;
    const late = this.#desk.clock.monotonicAt(cue.startAt) < cue.knownAt;
    return late ? 'blob-missing' : 'too-late';
  }

  /** What kept this board from showing what was due at a moment, epoch ms; null when nothing is known against it. */
  #hindered(at: number): 'powered-off' | 'clock-unsynced' | 'frozen' | null {
    const moment = this.#desk.clock.monotonicAt(at);
    if (moment < this.#readyAt) return 'powered-off';
    if (moment < this.#clockRightAt) return 'clock-unsynced';
    const within = this.#frozen.some(({ from, to }) => moment >= from - FROZEN_MS && moment <= to);
    return within ? 'frozen' : null;
  }
}
