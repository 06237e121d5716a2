import type { Logger } from 'pino';
import type { Ack } from '#devices/messages/ack';
import type { Birth } from '#devices/messages/birth';
import type { Changes } from '../changes.ts';
import type { Component } from '../component.ts';
import type { BroadcastState } from '../http/contract/broadcasts.ts';
import { clearAlarm, setAlarm } from './alarm.ts';
import { Announcer } from './announcer.ts';
import { Followers } from './followers.ts';
import { Latecomers } from './latecomers.ts';
import { moveOf } from './move-of.ts';
import { ORDER_LIFE_MS, Orders, type OrdersDeps, prepareOrder, startOrder, stopOrder } from './orders.ts';
import { enterPlays } from './plays.ts';
import { type Decision, decide, leadFor } from './readiness.ts';
import { type Run, rowsUnderWay, runOf, saveCounts, saveRun } from './run.ts';
import { Shares } from './shares.ts';
import { shortenRun } from './shorten.ts';

export interface StageDeps extends OrdersDeps {
  readonly changes: Changes;
  readonly log: Logger;
}

/** After the last sample was due a device has so long to say that it has ended. */
export const GRACE_MS = 5_000;
/** Who is connected and has said nothing so long after the start is told once more, by its own topic. */
const NUDGE_MS = 3_000;
/** A broadcast that waited for longer than this while the program stood still is not wanted any more. */
const STAND_STILL_MS = 60_000;
/** After a start of the program devices need a moment to come back before anything is decided without them. */
const RETURN_MS = 5_000;

/**
 * Takes each broadcast that is under way from one phase to the next. All that it needs to go on is in the database;
 * words of devices are counted there, by an index and once for many, so that an acknowledgement costs the same for ten
 * devices and for ten thousand.
 */
export class Stage implements Component {
  readonly shares: Shares;
  readonly orders: Orders;
  readonly followers = new Followers();
  readonly #deps: StageDeps;
  readonly #runs = new Map<string, Run>();
  readonly #announcer: Announcer;
  readonly #latecomers: Latecomers;
  readonly #looking = new Set<Run>();
  #stopped = false;

  constructor(deps: StageDeps) {
    this.#deps = deps;
    this.shares = new Shares(deps.store);
    this.orders = new Orders(deps);
    this.#announcer = new Announcer((id) => this.#tell(id));
    this.#latecomers = new Latecomers({
      ...{ clock: deps.clock, log: deps.log, orders: this.orders, shares: this.shares },
      runOf: (id) => this.#runs.get(id),
    });
  }

  /** Goes on with what was under way when the program ended. */
  async start(): Promise<void> {
    const { store, clock } = this.#deps;
    const now = clock.now();
    for (const row of rowsUnderWay(store, now)) {
      const run = runOf(row, this.shares.counts(row.id));
      this.#runs.set(run.id, run);
      if (run.state === 'preparing') {
        if (now > run.deadlineAt + STAND_STILL_MS) this.finish(run, 'failed', 'controller-stopped');
        else {
          run.deadlineAt = Math.max(run.deadlineAt, now + RETURN_MS);
          this.#wake(run, run.deadlineAt);
        }
      } else if (run.state === 'started' && run.t0 !== null) {
        this.#look(run);
      } else this.#wake(run, run.body.notAfter);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const run of this.#runs.values()) clearAlarm(run);
    this.#announcer.stop();
  }

  get runs(): Iterable<Run> {
    return this.#runs.values();
  }

  run(id: string): Run | undefined {
    return this.#runs.get(id);
  }

  /**
   * Phase one: everybody fetches, decodes and says so. @param enter writes it down, when the message is on its way.
   * @returns whether the broker took the message.
   */
  async prepare(run: Run, enter: () => void): Promise<boolean> {
    run.askedAt = this.#deps.clock.now();
    const order = prepareOrder(run);
    const sent = await this.orders.send(run.addresses, order, run.body.notAfter, run.id, () => {
      enter();
      this.#runs.set(run.id, run);
    });
    if (sent) this.#look(run);
    return sent;
  }

  /**
   * Phase two: everybody plays from `t0` on. Whoever comes later is told by its own topic.
   * @param enter of one that was not prepared: writes it down, when the message is on its way. Should the program die
   *   just there, the devices' own records tell of it.
   */
  async begin(run: Run, t0: number, enter?: () => void): Promise<boolean> {
    const { store, log } = this.#deps;
    run.state = 'started';
    run.t0 = Math.ceil(t0);
    run.body = { ...run.body, notAfter: run.t0 + run.durationMs };
    // Of one that was prepared the moment is written down first: another life must not choose another one.
    if (enter === undefined) saveRun(store, run, null);
    const order = startOrder(run.body, run.t0);
    const sent = await this.orders.send(run.addresses, order, run.body.notAfter, run.id, () => {
      enter?.();
      this.#runs.set(run.id, run);
    });
    log.info({ broadcast: run.id, t0: run.t0, counts: run.counts, sent }, 'a broadcast starts');
    this.changed(run);
    this.#wake(run, run.t0);
    if (sent) this.followers.started(run.id, run.t0);
    return sent;
  }

  /** It is over at `endAt`, epoch ms, and that was all that was due: see {@link shortenRun}. */
  shorten(run: Run, t0: number, endAt: number): void {
    this.enterPlays(run);
    shortenRun(this.#deps.store, run, t0, endAt);
    this.#deps.changes.announce('play', `${run.id}@${t0}`);
    this.changed(run);
    if (this.#runs.has(run.id)) this.#look(run);
  }

  /** The end of a broadcast, by itself or by a person. A stopped one is kept in mind while a device could play it. */
  finish(run: Run, state: BroadcastState, reason: string | null = null): void {
    const { store, clock, log } = this.#deps;
    run.state = state;
    saveRun(store, this.#counted(run), { at: clock.now(), reason });
    log.info({ broadcast: run.id, state, reason, counts: run.counts }, 'a broadcast is over');
    if (state === 'stopped' && run.t0 !== null) this.#wake(run, run.body.notAfter);
    else this.#forget(run);
    this.changed(run);
    this.followers.over(run.id, state);
  }

  /** Something of it changed that people look at. */
  changed(run: Run): void {
    this.#announcer.changed(run.id);
  }

  /**
   * What a device says to a command of a broadcast. Called inside the transaction that stores many such words; what
   * follows from them is looked at once, after it.
   */
  acknowledged(device: string, ack: Ack, at: number): void {
    const meaning = ack.id === null ? null : this.orders.meaningOf(ack.id);
    if (meaning === null) return;
    const run = this.#runs.get(meaning.broadcast);
    const share = this.shares.one(meaning.broadcast, device);
    if (share === null) return;
    const move = moveOf(ack, meaning.type, share, run?.body.notAfter ?? 0);
    if (move === null) return;
    const before = this.shares.move(meaning.broadcast, device, move, Math.round(at));
    if (before === null) return;
    if (run !== undefined) {
      // Who was away was asked later than the others.
      const askedAt = Math.max(run.askedAt, share.since);
      if (before === 'asked' && run.state === 'preparing') run.roundTrips.push(at - askedAt);
      this.#look(run);
    }
    this.#announcer.changed(meaning.broadcast);
  }

  /** A device that came back is told what it missed. Called inside a transaction, as `acknowledged`. */
  born(device: string, { boot }: Birth): void {
    for (const run of this.#runs.values()) {
      if (!this.#latecomers.born(run, device, boot)) continue;
      this.#look(run);
      this.#announcer.changed(run.id);
    }
  }

  /** Enters it into the log, once; a moment after the start was sent, so that the sending has the processor. */
  enterPlays(run: Run): void {
    if (run.entered || run.t0 === null) return;
    run.entered = true;
    const { store, changes } = this.#deps;
    enterPlays(store, run.body, run.t0);
    changes.announce('play', 'entered');
  }

  /** Looks soon, once for many words of devices, whether the next phase has come. */
  #look(run: Run): void {
    if (this.#stopped || this.#looking.has(run)) return;
    this.#looking.add(run);
    setImmediate(() => {
      this.#looking.delete(run);
      if (!this.#stopped) this.#advance(run);
    });
  }

  #advance(run: Run): void {
    const { clock, log } = this.#deps;
    this.#counted(run);
    if (run.state === 'preparing') {
      const decision = decide(run.counts, { now: clock.now(), ...run });
      if (run.rehearsal) this.#rehearse(run, decision);
      else if (decision.act === 'fail') this.#fail(run);
      else if (decision.act === 'start') {
        this.begin(run, clock.now() + leadFor(run.roundTrips)).catch((error: unknown) =>
          log.error({ err: error, broadcast: run.id }, 'a broadcast could not be started'),
        );
      } else {
        run.quorumAt = decision.quorumAt;
        this.#wake(run, decision.until);
      }
    } else if (run.state === 'started' && run.t0 !== null) this.#follow(run, run.t0);
    else if (clock.now() < run.body.notAfter) this.#wake(run, run.body.notAfter);
    else this.#forget(run);
  }

  /** Of a rehearsal all who may yet answer are waited for; then it is over, and devices let go of what they prepared. */
  #rehearse(run: Run, decision: Decision): void {
    const { clock, log } = this.#deps;
    const waiting = run.counts.asked + run.counts.received;
    if (decision.act === 'wait' || (waiting > 0 && clock.now() < run.deadlineAt)) {
      this.#wake(run, run.deadlineAt);
      return;
    }
    this.finish(run, 'ended');
    // Of no broadcast: what devices answer to it is not to hide that they were ready.
    this.orders
      .send(run.addresses, stopOrder(run.id), clock.now() + ORDER_LIFE_MS, null)
      .catch((error: unknown) =>
        log.error({ err: error, broadcast: run.id }, 'a rehearsal could not be called off'),
      );
  }

  /** Nobody was ready: who gets ready after this is told that nothing follows, and lets go of what it prepared. */
  #fail(run: Run): void {
    const { clock, log } = this.#deps;
    this.finish(run, 'failed', 'nobody-ready');
    this.orders
      .send(run.addresses, stopOrder(run.id), clock.now() + ORDER_LIFE_MS, run.id)
      .catch((error: unknown) =>
        log.error({ err: error, broadcast: run.id }, 'a broadcast could not be called off'),
      );
  }

  /** While it plays: those who said nothing are told again, once; it ends with the last device, or by its time. */
  #follow(run: Run, t0: number): void {
    const now = this.#deps.clock.now();
    if (now >= t0) this.enterPlays(run);
    const { asked, received, ready, started, ended, stopped } = run.counts;
    const over = asked + received + ready + started === 0 && ended + stopped > 0;
    const endAt = t0 + run.durationMs + GRACE_MS;
    if (over || now >= endAt) {
      this.finish(run, 'ended');
      return;
    }
    if (run.nudged) this.#wake(run, endAt);
    else if (now < t0) this.#wake(run, t0);
    else if (now < t0 + NUDGE_MS) this.#wake(run, Math.min(endAt, t0 + NUDGE_MS));
    else {
      run.nudged = true;
      this.#latecomers.remind(run);
      this.#wake(run, endAt);
    }
  }

  #wake(run: Run, at: number): void {
    if (!this.#stopped) setAlarm(run, at, this.#deps.clock.now(), () => this.#advance(run));
  }

  #forget(run: Run): void {
    clearAlarm(run);
    this.#runs.delete(run.id);
  }

  #tell(id: string): void {
    const { store, changes } = this.#deps;
    const run = this.#runs.get(id);
    if (run !== undefined) saveRun(store, this.#counted(run), null);
    else saveCounts(store, id, this.shares.counts(id));
    changes.announce('broadcast', id);
  }

  /** From what was stored, once for many words: a batch that the disk did not take leaves no trace in it. */
  #counted(run: Run): Run {
    run.counts = this.shares.counts(run.id);
    return run;
  }
}
