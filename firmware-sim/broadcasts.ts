import { type Broadcast, broadcastOccurrenceId } from '#devices/broadcast';
import type { MediaType, PlanOccurrence } from '#devices/plan';
import type { BroadcastFiles } from './broadcast-files.ts';
import type { BroadcastMemory, Running } from './broadcast-memory.ts';
import type { DeviceClock } from './clock.ts';
import type { Conductor } from './conductor.ts';
import type { Airwaves } from './live/airwaves.ts';
import { claimOf, liveIn } from './live/claim.ts';
import type { Order } from './order.ts';
import type { Performer } from './performance.ts';

export interface BroadcastsDesk {
  /** What this device can play or show. */
  readonly types: ReadonlySet<MediaType>;
  readonly clock: DeviceClock;
  readonly files: BroadcastFiles;
  readonly memory: BroadcastMemory;
  /** Where live sound comes from; null where none can be played. */
  readonly airwaves: Airwaves | null;
  /** An emergency sounds with a tone of its own while its files are not here. */
  readonly hasTone: boolean;
  readonly conductor: Pick<Conductor, 'admit' | 'dismiss' | 'silence'>;
  readonly performer: Pick<Performer, 'arm' | 'release'> & { rename(from: string, to: string): void };
  /** Something is to start together very soon. */
  readonly onNear: () => void;
  readonly acknowledge: (id: string) => Order;
  /** Settles an occurrence for which the files never came. */
  readonly settle: (occurrence: PlanOccurrence, reason: string) => void;
  readonly isSettled: (occurrence: string) => boolean;
  readonly onTrouble: (error: unknown) => void;
}

/** Waiting beginnings, each with a decoder of its own: the oldest is let go. */
const MOST_PREPARED = 4;
/** What fetches until now has this long left to be opened and heard. */
const LAST_MOMENT_MS = 1_500;
/** What can be shown without its pictures waits for them so long, and no longer. */
const PICTURES_MS = 4_000;

interface Prepared {
  readonly broadcast: Broadcast;
  readonly order: Order;
  readonly abort: AbortController;
}

/**
 * What is to go on the air and is in no plan: made ready first (`prepare`), then started by all at one moment
 * (`start`). From then on it is an occurrence like any other, and the same rule decides over it. What was started is
 * kept on disk until it ends, so that a device whose power went and came joins in progress.
 */
export class Broadcasts {
  readonly #desk: BroadcastsDesk;
  readonly #prepared = new Map<string, Prepared>();
  /** What fetches files for something that has been started. */
  readonly #fetching = new Map<string, AbortController>();
  /** What fetches files for something that has the air already. */
  readonly #meanwhile = new Map<string, AbortController>();
  /** Told as started since the power came. */
  readonly #told = new WeakSet<Running>();
  readonly #work = new Set<Promise<void>>();

  constructor(desk: BroadcastsDesk) {
    this.#desk = desk;
  }

  /** After a boot: what was started before is joined. */
  start(): void {
    const { memory, isSettled } = this.#desk;
    for (const running of [...memory.running.values()]) {
      const over = isSettled(broadcastOccurrenceId(running.broadcast.id, running.t0));
      if (over) this.#finished(running, 'ended');
      else this.#bring(running);
    }
  }

  async stop(): Promise<void> {
    for (const { abort } of this.#prepared.values()) abort.abort();
    for (const abort of [...this.#fetching.values(), ...this.#meanwhile.values()]) abort.abort();
    await Promise.all(this.#work);
    await this.#desk.memory.written();
  }

  /** First phase. Resolves when it is ready, or told why it is not. */
  async prepare(broadcast: Broadcast, order: Order): Promise<void> {
    const { memory, types, performer, airwaves, clock, files } = this.#desk;
    const { id } = broadcast;
    const occurrence = claimOf(broadcast, 0, types);
    if (occurrence === null) {
      order.refuse('unsupported');
      return;
    }
    if (memory.wasStopped(id)) {
      order.refuse('stopped');
      return;
    }
    const abort = new AbortController();
    this.#prepared.get(id)?.abort.abort();
    this.#prepared.set(id, { broadcast, order, abort });
    this.#limit();
    const until = Math.min(broadcast.notAfter, order.expiresAt);
    files.take(broadcast);
    const tuned = liveIn(occurrence) === undefined ? undefined : airwaves?.listen(id);
    const [whole, heard] = await Promise.all([
      files.gather(broadcast, until, abort.signal, () => order.refuse('blob-missing')),
      tuned?.readyWithin(until - clock.now(), abort.signal) ?? true,
    ]);
    if (abort.signal.aborted) {
      if (memory.wasStopped(id)) order.refuse('stopped');
      return;
    }
    if (!whole || !heard) {
      this.#prepared.delete(id);
      order.refuse(whole ? 'live-unreachable' : 'blob-missing');
      return;
    }
    if (!memory.running.has(id)) performer.arm(occurrence);
    order.ready();
  }

  /** Second phase; also the only one, for a device that missed the first. */
  begin(broadcast: Broadcast, t0: number, order: Order): void {
    const { memory, types, isSettled, onNear } = this.#desk;
    const { id } = broadcast;
    if (claimOf(broadcast, t0, types) === null) {
      order.refuse('unsupported');
      return;
    }
    const known = memory.running.get(id);
    if (known?.t0 === t0) {
      if (!known.orders.includes(order.id)) known.orders.push(order.id);
      if (known.startedAt !== undefined) order.started({ startedAt: known.startedAt });
      memory.save();
      return;
    }
    if (memory.wasStopped(id) || isSettled(broadcastOccurrenceId(id, t0))) {
      order.ended(memory.wasStopped(id) ? { reason: 'stopped' } : {});
      return;
    }
    // The same broadcast at another time: the newest order counts.
    if (known !== undefined) this.#call(known, 'superseded');
    const running: Running = { broadcast, t0, orders: [order.id] };
    memory.begin(running);
    onNear();
    this.#bring(running);
  }

  /** Ends one, also when it has not begun. */
  end(id: string): void {
    const { memory, performer, airwaves } = this.#desk;
    memory.stop(id);
    const running = memory.running.get(id);
    this.#prepared.get(id)?.abort.abort();
    this.#prepared.delete(id);
    void performer.release(broadcastOccurrenceId(id, 0));
    if (running !== undefined) this.#call(running, 'stopped');
    else airwaves?.leave(id);
  }

  /** Ends whatever plays or waits behind it, in a plan or not. */
  endAll(): void {
    for (const id of [...this.#desk.memory.running.keys(), ...this.#prepared.keys()]) this.end(id);
    this.#desk.conductor.silence();
  }

  setVolume(id: string, volume: number): void {
    this.#desk.memory.setVolume(id, volume);
  }

  /** Files that are needed though no plan names them. */
  *files(): Iterable<string> {
    const { memory, files, clock } = this.#desk;
    const prepared = [...this.#prepared.values()].filter(({ broadcast }) => broadcast.notAfter > clock.now());
    for (const { broadcast } of [...memory.running.values(), ...prepared]) {
      for (const { sha256 } of files.of(broadcast)) yield sha256;
    }
  }

  /** Fetches what is missing, and lets the conductor have it: at once, where there is something to be heard meanwhile. */
  #bring(running: Running): void {
    const { broadcast, t0 } = running;
    const { types, files, clock, hasTone } = this.#desk;
    const occurrence = claimOf(broadcast, t0, types);
    if (occurrence === null) return;
    const live = this.#tuneIn(occurrence, broadcast.id);
    files.take(broadcast);
    const whole = files.whole(broadcast);
    const shown = files.showable(broadcast);
    const atOnce = live || ((hasTone || shown) && broadcast.priority === 'emergency');
    if (whole || atOnce || clock.now() > occurrence.notAfter)
      this.#admit(running, occurrence, Number.NEGATIVE_INFINITY);
    if (whole || clock.now() > occurrence.notAfter) return;
    this.#prepared.get(broadcast.id)?.abort.abort();
    const abort = new AbortController();
    const fetching = atOnce ? this.#meanwhile : this.#fetching;
    fetching.set(broadcast.id, abort);
    const latest = Math.min(occurrence.endAt, occurrence.notAfter) - LAST_MOMENT_MS;
    const until = shown && !atOnce ? Math.min(latest, Math.max(t0, clock.now()) + PICTURES_MS) : latest;
    const work = files
      .gather(broadcast, until, abort.signal)
      .then(() => {
        if (fetching.get(broadcast.id) === abort) fetching.delete(broadcast.id);
        if (abort.signal.aborted || atOnce) return;
        // Better some of it than nothing: what is not here when it is due is told as missing.
        if (files.anyOf(occurrence)) {
          this.#admit(running, occurrence, clock.base.monotonicMs());
          return;
        }
        this.#desk.settle(occurrence, 'blob-missing');
        this.#finished(running, 'blob-missing');
      })
      .catch((error: unknown) => this.#desk.onTrouble(error))
      .finally(() => this.#work.delete(work));
    this.#work.add(work);
  }

  #admit(running: Running, occurrence: PlanOccurrence, knownAt: number): void {
    const { performer, conductor } = this.#desk;
    const { id } = running.broadcast;
    performer.rename(broadcastOccurrenceId(id, 0), occurrence.id);
    this.#prepared.delete(id);
    conductor.admit(occurrence, knownAt, {
      began: (at) => this.#began(running, at),
      finished: (reason) => this.#finished(running, reason),
    });
  }

  /** Listens to what is said live in it, from its place on as a lease. @returns whether there is any. */
  #tuneIn(occurrence: PlanOccurrence, id: string): boolean {
    const { airwaves, conductor } = this.#desk;
    const part = liveIn(occurrence);
    if (part === undefined || airwaves === null) return false;
    airwaves.listen(id).expect(occurrence.startAt + part.offsetMs, (why) => {
      conductor.dismiss(occurrence.id, why, 'expired');
    });
    return true;
  }

  #began(running: Running, at: number): void {
    if (this.#told.has(running)) return;
    this.#told.add(running);
    if (running.startedAt === undefined) {
      running.startedAt = at;
      this.#desk.memory.save();
    }
    const { startedAt } = running;
    for (const order of this.#orders(running)) order.started({ startedAt });
  }

  #finished(running: Running, reason: string): void {
    const { memory, airwaves } = this.#desk;
    const { broadcast, startedAt } = running;
    // Begun anew at another time, its files and its frames are the newer one's now.
    if ((memory.running.get(broadcast.id) ?? running) === running) {
      this.#meanwhile.get(broadcast.id)?.abort();
      this.#meanwhile.delete(broadcast.id);
      airwaves?.leave(broadcast.id);
      memory.end(broadcast.id);
    }
    const calledOff = CALLED_OFF.has(reason);
    for (const order of this.#orders(running)) {
      if (startedAt === undefined && !calledOff) order.refuse(reason);
      else
        order.ended({ ...(startedAt === undefined ? {} : { startedAt }), ...(calledOff ? { reason } : {}) });
    }
  }

  /** Calls off what was started. */
  #call(running: Running, reason: 'stopped' | 'superseded'): void {
    const { conductor, memory } = this.#desk;
    const { broadcast, t0 } = running;
    const fetching = this.#fetching.get(broadcast.id);
    if (fetching === undefined) {
      conductor.dismiss(broadcastOccurrenceId(broadcast.id, t0), reason);
      return;
    }
    fetching.abort();
    this.#fetching.delete(broadcast.id);
    const occurrence = claimOf(broadcast, t0, this.#desk.types);
    if (occurrence !== null) this.#desk.settle(occurrence, reason);
    memory.end(broadcast.id);
    for (const order of this.#orders(running)) order.ended({ reason });
  }

  #orders(running: Running): Order[] {
    return running.orders.map((id) => this.#desk.acknowledge(id));
  }

  #limit(): void {
    const [oldest] = this.#prepared;
    if (this.#prepared.size <= MOST_PREPARED || oldest === undefined) return;
    const [id, { abort }] = oldest;
    abort.abort();
    this.#prepared.delete(id);
    this.#desk.airwaves?.leave(id);
    void this.#desk.performer.release(broadcastOccurrenceId(id, 0));
  }
}

/** Reasons that say that it did not come to its own end. */
const CALLED_OFF: ReadonlySet<string> = new Set(['stopped', 'superseded', 'preempted']);
