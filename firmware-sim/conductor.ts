import { arbitrate, type Chosen, FINAL_REFUSALS } from '#devices/arbitrate';
import type { Plan, PlanOccurrence } from '#devices/plan';
import type { DeviceClock } from './clock.ts';
import { Cue } from './cue.ts';
import type { EvidenceBook } from './evidence-book.ts';
import { MEMORY_MS } from './ledger.ts';
import { COMMIT_AHEAD_MS, type Performance, type Performer } from './performance.ts';

export interface ConductorDesk {
  readonly clock: DeviceClock;
  readonly performer: Performer;
  readonly book: Pick<EvidenceBook, 'isSettled' | 'stretch' | 'settle' | 'mark' | 'written'>;
  /** How long before its time an occurrence is made ready, ms; spread over the devices of a village. */
  readonly armAheadMs: number;
  /** Checks the files of what comes next, while there is time to fetch them again. */
  readonly verify: (occurrence: PlanOccurrence) => Promise<void>;
  /** Something is heard or seen from now on, or no more. */
  readonly onAirChanged: () => void;
}

/** A decoder that is opened in the middle of a file needs this long to be ready. */
const PREPARE_MS = 800;
/** How often what plays is noted for the case that the power goes, and how soon after its first sample. */
const MARK_MS = 1_000;
const FIRST_MARK_MS = 250;
const LONGEST_SLEEP_MS = 15_000;

/**
 * Lets the plan be heard: wakes up shortly before something changes, asks `arbitrate` who plays from that
 * instant on, and tells the performer. Decisions are made for an instant up to {@link COMMIT_AHEAD_MS} ahead, so
 * that first samples lie in the hardware before they are due, and never for an earlier one than the last.
 */
export class Conductor {
  readonly #desk: ConductorDesk;
  /** Occurrences that have come near, by id. */
  readonly #cues = new Map<string, Cue>();
  /** Of the plan, by start, those still far; `#next` is the first of them. */
  #upcoming: PlanOccurrence[] = [];
  #next = 0;
  #adoptedAt = Number.NEGATIVE_INFINITY;
  /** Since when it can play at all, epoch ms: what was due before was due while the device was off or starting. */
  #readyAt = Number.POSITIVE_INFINITY;
  #decidedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #marker: NodeJS.Timeout | undefined;
  #running = false;

  constructor(desk: ConductorDesk) {
    this.#desk = desk;
  }

  start(): void {
    this.#running = true;
    this.#readyAt = this.#desk.clock.now();
    this.#marker = setInterval(() => this.#mark(), MARK_MS);
    this.#wake();
  }

  /** What plays ends as if the power went; it is told, and may be joined again after the next start. */
  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    clearInterval(this.#marker);
    const now = this.#desk.clock.now();
    for (const cue of this.#cues.values()) {
      for (const performance of cue.performances) performance.cut(now, 'power', 'shutdown');
    }
    await this.#desk.book.written();
  }

  /**
   * From now on this plan governs. A plan holds what was under way when it was made: what is on the air and not
   * in it was called off, and is stopped.
   * @param known from when on this device could have played the plan's occurrences, epoch ms: what was over before
   *   that was never its duty.
   */
  adopt(plan: Plan, known: number): void {
    const { clock, book } = this.#desk;
    const now = clock.now();
    const planned = new Map(plan.occurrences.map((occurrence) => [occurrence.id, occurrence]));
    for (const cue of [...this.#cues.values()]) {
      const occurrence = planned.get(cue.id);
      if (occurrence !== undefined) {
        if (!cue.begun) cue.occurrence = occurrence;
      } else if (cue.endAt > plan.validFrom) {
        if (cue.begun) this.#close(cue, now, 'stopped', 'plan-changed');
        else this.#cues.delete(cue.id);
      }
    }
    this.#adoptedAt = now;
    this.#upcoming = plan.occurrences
      .filter(({ id, notAfter, startAt }) => {
        const ours = notAfter >= known && startAt >= now - MEMORY_MS;
        return ours && !book.isSettled(id) && !this.#cues.has(id);
      })
      .sort((one, other) => one.startAt - other.startAt);
    this.#next = 0;
    this.#wake();
  }

  /** Silent or dark at once; neither what plays nor what waits behind it comes back. */
  silence(): void {
    const now = this.#desk.clock.now();
    for (const cue of [...this.#cues.values()]) if (cue.begun) this.#close(cue, now, 'stopped', 'stopped');
    this.#wake();
  }

  /** The device's clock was set; a step of more than a second or two makes every decision anew. */
  clockSet(stepMs: number): void {
    this.#readyAt += stepMs;
    this.#adoptedAt += stepMs;
    if (Math.abs(stepMs) > 2_000) {
      const now = this.#desk.clock.now();
      for (const cue of this.#cues.values()) {
        for (const performance of cue.performances) performance.cut(now, 'fault', 'clock-stepped');
        cue.current = null;
        cue.decided = false;
        delete cue.progress;
      }
      this.#decidedAt = Number.NEGATIVE_INFINITY;
    }
    this.#wake();
  }

  /** What is on the air now. */
  onAir(): { occurrence: string; title: string; levelDbfs?: number } | null {
    for (const cue of this.#cues.values()) {
      const stretch = cue.current?.now();
      if (stretch === null || stretch === undefined) continue;
      const title = cue.occurrence.parts[stretch.partIndex]?.title ?? cue.occurrence.title;
      const level = stretch.levelDbfs === undefined ? {} : { levelDbfs: stretch.levelDbfs };
      return { occurrence: cue.id, title, ...level };
    }
    return null;
  }

  /** Files that something on the air may still open, though no plan names them any more. */
  *inUse(): Iterable<string> {
    for (const cue of this.#cues.values()) for (const part of cue.occurrence.parts) yield part.sha256;
  }

  #wake(): void {
    clearTimeout(this.#timer);
    if (!this.#running) return;
    const { clock } = this.#desk;
    for (;;) {
      const now = clock.now();
      this.#bringNear(now);
      const instant = this.#nextInstant(now);
      if (instant > now + COMMIT_AHEAD_MS) {
        const sleepMs = Math.min(instant - COMMIT_AHEAD_MS, this.#nextArming()) - now;
        this.#timer = setTimeout(() => this.#wake(), Math.min(Math.max(sleepMs, 1), LONGEST_SLEEP_MS));
        return;
      }
      this.#decide(Math.max(instant, now, this.#decidedAt));
    }
  }

  #bringNear(now: number): void {
    const { armAheadMs, performer, verify } = this.#desk;
    const near = now + armAheadMs + COMMIT_AHEAD_MS;
    for (let coming = this.#upcoming[this.#next]; coming !== undefined; coming = this.#upcoming[this.#next]) {
      if (coming.startAt > near) break;
      this.#next += 1;
      this.#cues.set(coming.id, new Cue(coming));
    }
    for (const cue of this.#cues.values()) {
      if (cue.armed || cue.begun || cue.startAt > near || cue.startAt < now) continue;
      cue.armed = true;
      const { occurrence } = cue;
      const arm = (): void => {
        if (!cue.begun && this.#running) performer.arm(occurrence);
      };
      // A file that cannot be read now is found missing when it is due, and told then.
      verify(occurrence).then(arm, arm);
    }
  }

  #nextArming(): number {
    const coming = this.#upcoming[this.#next];
    return coming === undefined
      ? Number.POSITIVE_INFINITY
      : coming.startAt - this.#desk.armAheadMs - COMMIT_AHEAD_MS;
  }

  /** The next instant, not before the last decision, at which the answer of `arbitrate` may be another one. */
  #nextInstant(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    let waiting = false;
    let end = Number.POSITIVE_INFINITY;
    for (const cue of this.#cues.values()) {
      if (cue.closing !== null) continue;
      end = Math.min(end, cue.expectedEnd ?? Number.POSITIVE_INFINITY);
      if (cue.progress?.state === 'playing') continue;
      if (!cue.decided) next = Math.min(next, Math.max(cue.startAt, this.#decidedAt));
      else if (cue.startAt > this.#decidedAt) next = Math.min(next, cue.startAt);
      else if (cue.begun) waiting = true;
      else next = Math.min(next, Math.max(cue.notAfter, now) + 1);
      waiting ||= cue.startAt <= this.#decidedAt;
    }
    // While nothing plays, whatever waits may begin at once; else when what plays has ended.
    if (waiting) next = Math.min(next, end === Number.POSITIVE_INFINITY ? now : end);
    return next;
  }

  #decide(at: number): void {
    this.#decidedAt = at;
    const claims = [...this.#cues.values()].filter((cue) => cue.closing === null && cue.startAt <= at);
    for (const cue of claims) cue.decided = true;
    const { playing, suspended, refused } = arbitrate(claims, at);
    for (const { claim: cue, reason } of refused) {
      if (!FINAL_REFUSALS.has(reason)) {
        cue.heldBack = true;
      } else if (reason === 'window-over' && cue.progress?.state === 'playing') {
        // It has come to its end by its own time: let it drain, unless something else begins.
        if (playing !== null) this.#close(cue, at, 'expired', 'window-over');
        else this.#drain(cue);
      } else {
        this.#close(cue, at, 'preempted', cue.missedReason(this.#readyAt, this.#adoptedAt));
      }
    }
    for (const cue of suspended) cue.interrupt(at);
    if (playing !== null && playing.how !== 'continue') this.#perform(playing, at);
  }

  #perform({ claim: cue, how, fromMs }: Chosen<Cue>, at: number): void {
    const { clock, performer } = this.#desk;
    const startAt = how === 'begin' ? cue.startAt : Math.max(at, clock.now() + PREPARE_MS);
    const position = how === 'join' ? fromMs + startAt - at : fromMs;
    cue.progress = { state: 'playing', since: startAt, fromMs: position };
    const performance = performer.perform(cue.occurrence, position, startAt, {
      stretch: (stretch) => this.#desk.book.stretch(cue.occurrence, stretch),
      // Not from within the performer's own loop.
      done: () => void setImmediate(() => this.#done(cue, performance)),
    });
    cue.performances.add(performance);
    cue.current = performance;
    // Not before it is heard: it lies in the hardware some seconds before.
    const heardInMs = Math.max(0, startAt - clock.now());
    setTimeout(() => this.#desk.onAirChanged(), heardInMs).unref();
    setTimeout(() => this.#mark(), heardInMs + FIRST_MARK_MS).unref();
  }

  #done(cue: Cue, performance: Performance): void {
    cue.performances.delete(performance);
    if (!this.#running) return;
    if (cue.current === performance) {
      cue.current = null;
      cue.closing ??= cue.startAt < this.#readyAt ? 'powered-off' : 'too-late';
    }
    if (cue.closing !== null && cue.performances.size === 0) this.#finish(cue, cue.closing);
    this.#wake();
  }

  /** Over for good: what has left the device counts, what has not is told as missed. */
  #close(cue: Cue, at: number, end: 'preempted' | 'stopped' | 'expired', reason: string): void {
    cue.closing = reason;
    for (const performance of [...cue.performances]) performance.cut(at, end, reason);
    if (cue.performances.size === 0 && this.#cues.get(cue.id) === cue) this.#finish(cue, reason);
  }

  #drain(cue: Cue): void {
    cue.closing = 'window-over';
    if (cue.performances.size === 0) this.#finish(cue, cue.closing);
  }

  #finish(cue: Cue, reason: string): void {
    if (!this.#cues.delete(cue.id)) return;
    this.#desk.book.settle(cue.occurrence, reason);
    void this.#desk.performer.release(cue.id);
    this.#desk.onAirChanged();
  }

  #mark(): void {
    for (const cue of this.#cues.values()) {
      const stretch = cue.current?.now();
      if (stretch !== null && stretch !== undefined) this.#desk.book.mark(cue.occurrence, stretch);
    }
  }
}
