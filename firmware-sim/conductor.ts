import { arbitrate, type Chosen, FINAL_REFUSALS } from '#devices/arbitrate';
import type { Plan, PlanOccurrence } from '#devices/plan';
import type { Stretch } from '#devices/run-record';
import { after } from './clock.ts';
import type { ConductorDesk } from './conductor-desk.ts';
import { Cue, type Watch } from './cue.ts';
import { CueSheet, type OnAir } from './cue-sheet.ts';
import { Hindrance } from './hindrance.ts';
import { MEMORY_MS } from './ledger.ts';
import { Marking } from './marking.ts';
import { COMMIT_AHEAD_MS, type Performance } from './performance.ts';
import { PREPARE_MS } from './preparation.ts';
import { Upcoming } from './upcoming.ts';
import { Warden } from './warden.ts';

const LONGEST_SLEEP_MS = 15_000;
/** Nearer than this two instants are one. */
const A_MOMENT_MS = 20;

/**
 * Lets what is planned, and what is ordered, be heard: wakes up shortly before something changes, asks `arbitrate` who
 * plays from that instant on, and tells the performer. Decisions are made for an instant up to {@link COMMIT_AHEAD_MS}
 * ahead, so that first samples lie in the hardware before they are due, and for an earlier one than the last only when
 * something comes between that is heard before.
 */
export class Conductor {
  readonly #desk: ConductorDesk;
  readonly #hindrance: Hindrance;
  readonly #warden: Warden;
  readonly #cues = new CueSheet();
  readonly #upcoming = new Upcoming();
  #decidedAt = Number.NEGATIVE_INFINITY;
  #callOff: () => void = () => undefined;
  readonly #marking: Marking;
  #running = false;

  constructor(desk: ConductorDesk) {
    this.#desk = desk;
    this.#hindrance = new Hindrance(desk.clock);
    this.#warden = new Warden(desk.guards);
    this.#marking = new Marking(desk, this.#cues);
  }

  start(): void {
    this.#running = true;
    this.#hindrance.ready();
    this.#marking.start();
    this.#wake();
  }

  /** What plays ends as if the power went; it is told, and may be joined again after the next start. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#callOff();
    this.#marking.stop();
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
    const knownAt = clock.base.monotonicMs();
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
    this.#upcoming.adopt(plan, knownAt, ({ id, notAfter, endAt, startAt }) => {
      const ours = (this.#desk.stands === true ? endAt : notAfter) >= known && startAt >= now - MEMORY_MS;
      return ours && !book.isSettled(id) && !this.#cues.has(id);
    });
    this.#wake();
  }

  /**
   * Something that is in no plan wants the air, from now on; its files are here. The same again changes nothing.
   * @param knownAt since when this device could have played it, of the monotonic clock, ms.
   */
  admit(occurrence: PlanOccurrence, knownAt: number, watch: Watch): void {
    if (this.#cues.has(occurrence.id) || this.#desk.book.isSettled(occurrence.id)) return;
    const cue = new Cue(occurrence, knownAt, watch, this.#desk.stands);
    cue.armed = true;
    this.#desk.performer.arm(occurrence);
    this.#makeRoom(cue);
    this.#cues.set(cue.id, cue);
    this.#wake();
  }

  /** It never plays again, whether it had begun or not. */
  dismiss(occurrence: string, reason: string, end: 'stopped' | 'expired' = 'stopped'): void {
    const cue = this.#cues.get(occurrence);
    if (cue !== undefined) this.#close(cue, this.#desk.clock.now(), end, reason);
    this.#wake();
  }

  /** Silent or dark at once; neither what plays nor what waits behind it comes back. */
  silence(): void {
    const now = this.#desk.clock.now();
    for (const cue of [...this.#cues.values()]) {
      if (cue.startAt <= now) this.#close(cue, now, 'stopped', 'stopped');
    }
    this.#wake();
  }

  /** The device's clock was set; a step of more than a second or two makes every decision anew. */
  clockSet(stepMs: number): void {
    if (Math.abs(stepMs) > 2_000) {
      this.#hindrance.clockSet();
      for (const cue of this.#cues.values()) cue.forget(this.#desk.clock.now());
      this.#decidedAt = Number.NEGATIVE_INFINITY;
    }
    this.#wake();
  }

  /** What is on the air now. */
  onAir(): OnAir | null {
    return this.#cues.onAir();
  }

  /** Whether something plays, and when the next thing begins that does not yet, epoch ms; infinity for never. */
  outlook(): { playing: boolean; nextAt: number } {
    const nextAt = Math.min(this.#upcoming.nextStart, this.#cues.nextStart);
    return { playing: this.#cues.playing, nextAt };
  }

  /** Files that something on the air may still open, though no plan names them any more. */
  inUse(): Iterable<string> {
    return this.#cues.files();
  }

  #wake(): void {
    this.#callOff();
    if (!this.#running) return;
    const { clock } = this.#desk;
    for (;;) {
      const now = clock.now();
      this.#bringNear(now);
      const instant = this.#cues.nextInstant(now, this.#decidedAt);
      if (instant > now + COMMIT_AHEAD_MS) {
        const arming = this.#upcoming.nextStart - this.#desk.armAheadMs;
        this.#sleep(Math.min(instant, arming) - COMMIT_AHEAD_MS - now);
        break;
      }
      this.#decide(Math.max(instant, now, this.#decidedAt));
    }
    this.#desk.onOutlook?.();
  }

  #sleep(ms: number): void {
    const sleepMs = Math.min(Math.max(ms, 1), LONGEST_SLEEP_MS);
    const { clock } = this.#desk;
    const wakeAt = clock.base.monotonicMs() + sleepMs;
    this.#callOff = after(clock, sleepMs, () => {
      this.#hindrance.woke(wakeAt);
      this.#wake();
    });
  }

  #bringNear(now: number): void {
    const { armAheadMs, performer, verify } = this.#desk;
    const near = now + armAheadMs + COMMIT_AHEAD_MS;
    for (const { occurrence, knownAt } of this.#upcoming.take(near)) {
      this.#cues.set(occurrence.id, new Cue(occurrence, knownAt, null, this.#desk.stands));
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

  /** The newcomer may be due before the last decision: what it beats was decided without it, and is taken back. */
  #makeRoom(newcomer: Cue): void {
    const at = Math.max(newcomer.startAt, this.#desk.clock.now());
    if (at >= this.#decidedAt || !this.#cues.allYieldTo(newcomer, at)) return;
    for (const cue of this.#cues.values()) cue.takeBack(at);
    this.#decidedAt = at;
  }

  #decide(at: number): void {
    this.#decidedAt = at;
    const due = [...this.#cues.values()].filter((cue) => cue.closing === null && cue.startAt <= at);
    const claims = due.filter((cue) => this.#mayPlay(cue, at));
    for (const cue of claims) cue.decided = true;
    const { playing, suspended, refused } = arbitrate(claims, at);
    for (const { claim: cue, reason } of refused) {
      if (!FINAL_REFUSALS.has(reason)) {
        cue.heldBack = true;
      } else if (reason === 'window-over' && cue.progress?.state === 'playing') {
        // It has come to its end by its own time: let it drain, unless something else begins.
        if (playing === null) this.#drain(cue);
        else this.#close(cue, at, 'expired', cue.overFor('window-over'));
      } else {
        this.#close(cue, at, 'preempted', cue.missedReason(this.#hindrance));
      }
    }
    for (const cue of suspended) cue.interrupt(at);
    if (playing !== null && playing.how !== 'continue') this.#perform(playing, at);
  }

  #mayPlay(cue: Cue, at: number): boolean {
    const reason = this.#warden.refuses(cue);
    if (reason !== null) this.#close(cue, at, 'stopped', reason);
    return reason === null;
  }

  #perform({ claim: cue, how, fromMs }: Chosen<Cue>, at: number): void {
    const { clock, performer, book } = this.#desk;
    const now = clock.now();
    // Kept waiting a little by something else, it begins in step with its neighbours, and not before that is over.
    const inTime = how === 'begin' && at <= Math.max(cue.startAt, now) + A_MOMENT_MS;
    const prepareMs = this.#desk.prepareMs?.() ?? PREPARE_MS;
    const startAt = inTime ? cue.startAt : Math.max(at, now + prepareMs);
    const position = how === 'join' || how === 'begin' ? startAt - cue.startAt : fromMs;
    const joinedLate = how === 'join' && cue.performances.size === 0;
    const performance = performer.perform(cue.occurrence, position, startAt, {
      began: (heardAt) => setImmediate(() => this.#began(cue, performance, heardAt)),
      stretch: (stretch) => {
        if (stretch.end === 'missed') cue.failure ??= stretch.reason;
        const judged = this.#desk.judge?.(cue.occurrence, stretch) ?? stretch;
        book.stretch(cue.occurrence, joinedLate ? this.#hindered(cue, judged) : judged);
      },
      // Not from within the performer's own loop.
      done: () => void setImmediate(() => this.#done(cue, performance)),
      leavesOut: (part) => this.#warden.silences(cue.occurrence, part) !== null,
    });
    cue.plays(performance, startAt, position);
    cue.limit(performance, startAt - position);
    // Not before it is heard: it lies in the hardware some seconds before.
    setTimeout(() => this.#desk.onAirChanged(), Math.max(0, startAt - now)).unref();
  }

  /** What a device joins in the middle says why, and so does what was over before it could be heard. */
  #hindered(cue: Cue, stretch: Stretch): Stretch {
    const silent = stretch.startedAt === null && stretch.reason === 'decode-failed';
    const late = (stretch.fromMs ?? 0) > 0 && stretch.reason === undefined;
    const reason = silent || late ? this.#hindrance.at(cue.startAt) : null;
    return reason === null ? stretch : { ...stretch, reason };
  }

  #began(cue: Cue, performance: Performance, at: number): void {
    const stretch = cue.performances.has(performance) ? performance.now() : null;
    if (this.#running && stretch !== null) this.#desk.book.mark(cue.occurrence, stretch);
    cue.watch?.began(at);
  }

  #done(cue: Cue, performance: Performance): void {
    cue.performances.delete(performance);
    if (!this.#running) return;
    if (cue.current === performance) {
      cue.current = null;
      cue.closing ??= this.#hindrance.at(cue.startAt) ?? cue.overFor('too-late');
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
    cue.closing = this.#hindrance.at(cue.startAt) ?? cue.overFor('window-over');
    if (cue.performances.size === 0) this.#finish(cue, cue.closing);
  }

  #finish(cue: Cue, reason: string): void {
    if (!this.#cues.delete(cue.id)) return;
    this.#desk.book.settle(cue.occurrence, reason, (part) => this.#warden.silences(cue.occurrence, part));
    void this.#desk.performer.release(cue.id);
    this.#desk.onAirChanged();
    cue.watch?.finished(cue.failure ?? reason);
  }
}
