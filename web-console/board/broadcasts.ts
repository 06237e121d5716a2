import { z } from 'zod';
import { type Broadcast, broadcastOccurrenceId, occurrenceOf, renditionsFor } from '#devices/broadcast';
import type { DeviceClock } from '#devices/device-clock';
import type { Command } from '#devices/messages/command';
import type { MediaType, PlanOccurrence } from '#devices/plan';
import { EpochMs } from '#devices/primitives';
import type { Size } from '#devices/render/brush';
import { SCENE_TYPE } from '#devices/scene';
import type { Conductor } from './conductor.ts';
import type { Database } from './database.ts';
import type { EvidenceBook } from './evidence-book.ts';
import type { Fetcher, Wanted } from './fetcher.ts';
import type { Order } from './orders.ts';
import { blobsFor } from './plan-blobs.ts';
import type { Shelf } from './shelf.ts';

const Remembered = z.object({
  /** The command that started it, as it was signed. */
  jws: z.string(),
  /** Ids of the commands that started it: one may come by several groups. */
  orders: z.array(z.string()),
  startedAt: EpochMs.optional(),
});
const Memory = z.object({
  running: z.array(Remembered),
  /** Ids of broadcasts that were stopped: their start may still be under way by another group. */
  stopped: z.array(z.string()),
});

/** A broadcast that was started. */
interface Running {
  readonly broadcast: Broadcast;
  readonly t0: number;
  readonly jws: string;
  readonly orders: string[];
  startedAt: number | undefined;
}

export interface BroadcastsDesk {
  readonly database: Database;
  readonly clock: DeviceClock;
  readonly shelf: Shelf;
  readonly fetcher: Fetcher;
  readonly book: Pick<EvidenceBook, 'isSettled' | 'settle'>;
  readonly conductor: Pick<Conductor, 'admit' | 'dismiss' | 'silence'>;
  readonly panel: () => Size;
  readonly order: (id: string) => Order;
  /** Checks a command of before the page began again; null when it is not genuine. */
  readonly again: (jws: string) => Promise<Command | null>;
  readonly arm: (occurrence: PlanOccurrence) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** What this board can show. */
const TYPES: ReadonlySet<MediaType> = new Set([SCENE_TYPE]);
const MOST_STOPPED = 100;
/** Reasons that say that it did not come to its own end. */
const CALLED_OFF: ReadonlySet<string> = new Set(['stopped', 'superseded', 'preempted']);

/**
 * What is to stand on the board and is in no plan: made ready first (`prepare`), then started by all at one moment
 * (`start`). What was started is kept until it ends, so that a board whose power went and came joins in progress.
 */
export class Broadcasts {
  readonly #desk: BroadcastsDesk;
  readonly #running = new Map<string, Running>();
  #stopped: string[] = [];
  readonly #fetching = new Map<string, AbortController>();
  /** Told as started since the page began. */
  readonly #told = new WeakSet<Running>();
  #saving: Promise<unknown> = Promise.resolve();

  constructor(desk: BroadcastsDesk) {
    this.#desk = desk;
  }

  async open(): Promise<void> {
    const kept = Memory.safeParse(await this.#desk.database.get('facts', 'broadcasts'));
    if (!kept.success) return;
    this.#stopped = kept.data.stopped;
    for (const { jws, orders, startedAt } of kept.data.running) {
      const command = await this.#desk.again(jws);
      if (command?.type !== 'start') continue;
      const { broadcast, t0 } = command;
      this.#running.set(broadcast.id, { broadcast, t0, jws, orders, startedAt });
    }
  }

  /** What was started before is joined. */
  start(): void {
    for (const running of [...this.#running.values()]) {
      if (this.#desk.book.isSettled(occurrenceIdOf(running))) this.#finished(running, 'ended');
      else this.#bring(running);
    }
  }

  /** A file was found damaged: what of these is missing is fetched again. */
  mend(): void {
    for (const running of this.#running.values()) void this.#fetch(running).catch(this.#desk.onTrouble);
  }

  stop(): void {
    for (const abort of this.#fetching.values()) abort.abort();
  }

  /** First phase. Resolves when it is ready, or told why it is not. */
  async prepare(broadcast: Broadcast, order: Order): Promise<void> {
    const occurrence = occurrenceOf(broadcast, 0, TYPES);
    if (occurrence === null || this.#stopped.includes(broadcast.id)) {
      order.say('rejected', { reason: occurrence === null ? 'unsupported' : 'stopped' });
      return;
    }
    await this.#unpack(broadcast);
    const abort = this.#begin(broadcast.id, Math.min(broadcast.notAfter, order.expiresAt));
    const whole = await this.#desk.fetcher.gather(this.#filesOf(broadcast), abort.signal, () =>
      order.say('rejected', { reason: 'blob-missing' }),
    );
    if (!whole) {
      if (this.#stopped.includes(broadcast.id)) order.say('rejected', { reason: 'stopped' });
      else if (this.#fetching.get(broadcast.id) === abort) order.say('rejected', { reason: 'blob-missing' });
      return;
    }
    this.#desk.arm(occurrence);
    order.say('ready');
  }

  /** Second phase; also the only one, for a board that missed the first. */
  async begin(broadcast: Broadcast, t0: number, order: Order): Promise<void> {
    const { id } = broadcast;
    const known = this.#running.get(id);
    if (occurrenceOf(broadcast, t0, TYPES) === null) {
      order.say('rejected', { reason: 'unsupported' });
    } else if (known?.t0 === t0) {
      if (!known.orders.includes(order.id)) known.orders.push(order.id);
      if (known.startedAt !== undefined) order.say('started', { startedAt: known.startedAt });
      void this.#save();
    } else if (this.#stopped.includes(id) || this.#desk.book.isSettled(broadcastOccurrenceId(id, t0))) {
      order.say('ended', this.#stopped.includes(id) ? { reason: 'stopped' } : {});
    } else {
      await this.#unpack(broadcast);
      // The same broadcast at another time: the newest order counts.
      if (known !== undefined) this.#desk.conductor.dismiss(occurrenceIdOf(known), 'superseded');
      const { jws } = order;
      const running: Running = { broadcast, t0, jws, orders: [order.id], startedAt: undefined };
      this.#running.set(id, running);
      // It is not told a second time: a page that ends in the next moment must know it.
      await this.#save();
      this.#bring(running);
    }
  }

  /** Ends one, also when it has not begun. */
  end(id: string): void {
    if (!this.#stopped.includes(id)) this.#stopped = [...this.#stopped, id].slice(-MOST_STOPPED);
    this.#fetching.get(id)?.abort();
    const running = this.#running.get(id);
    if (running !== undefined) this.#desk.conductor.dismiss(occurrenceIdOf(running), 'stopped');
    void this.#save();
  }

  /** Ends whatever stands or waits behind it, in a plan or not. */
  endAll(): void {
    for (const id of [...this.#running.keys(), ...this.#fetching.keys()]) this.end(id);
    this.#desk.conductor.silence();
  }

  /** Files that are needed though no plan names them. */
  *files(): Iterable<string> {
    for (const { broadcast } of this.#running.values()) {
      for (const { sha256 } of this.#filesOf(broadcast)) yield sha256;
    }
  }

  /** Has it shown; what of it is still missing is fetched meanwhile, and stands there as soon as it is here. */
  #bring(running: Running): void {
    const { broadcast, t0 } = running;
    const { conductor } = this.#desk;
    const occurrence = occurrenceOf(broadcast, t0, TYPES);
    if (occurrence === null) return;
    conductor.admit(occurrence, {
      began: (at) => this.#began(running, at),
      finished: (reason) => this.#finished(running, reason),
    });
    void this.#fetch(running).catch(this.#desk.onTrouble);
  }

  async #fetch({ broadcast, t0 }: Running): Promise<void> {
    const { fetcher, shelf, arm } = this.#desk;
    await this.#unpack(broadcast);
    const occurrence = occurrenceOf(broadcast, t0, TYPES);
    const files = this.#filesOf(broadcast);
    if (occurrence === null || shelf.missing(files).length === 0) return;
    const abort = this.#begin(broadcast.id, occurrence.endAt);
    if (await fetcher.gather(files, abort.signal)) arm(occurrence);
  }

  #begin(id: string, until: number): AbortController {
    this.#fetching.get(id)?.abort();
    const abort = new AbortController();
    this.#fetching.set(id, abort);
    const leftMs = Math.max(0, until - this.#desk.clock.now());
    setTimeout(() => abort.abort(), Math.min(leftMs, 2_000_000_000));
    return abort;
  }

  /** Short scenes travel in the command itself; they are put on the shelf if they are what their hash says. */
  async #unpack({ parts }: Broadcast): Promise<void> {
    const { shelf, clock, onTrouble } = this.#desk;
    for (const { sha256, inline } of parts.flatMap(({ renditions }) => renditions)) {
      if (inline === undefined || shelf.has(sha256)) continue;
      await shelf.put(sha256, new TextEncoder().encode(inline), clock.now()).catch(onTrouble);
    }
  }

  #filesOf(broadcast: Broadcast): Wanted[] {
    const pictures = blobsFor(
      broadcast.parts.flatMap(({ files = [] }) => files),
      this.#desk.panel(),
    );
    return [...renditionsFor(broadcast, TYPES), ...pictures];
  }

  #began(running: Running, at: number): void {
    if (this.#told.has(running)) return;
    this.#told.add(running);
    running.startedAt ??= at;
    void this.#save();
    const { startedAt } = running;
    for (const id of running.orders) this.#desk.order(id).say('started', { startedAt });
  }

  #finished(running: Running, reason: string): void {
    const { broadcast, startedAt, orders } = running;
    if (this.#running.get(broadcast.id) === running) {
      this.#running.delete(broadcast.id);
      this.#fetching.get(broadcast.id)?.abort();
      this.#fetching.delete(broadcast.id);
    }
    void this.#save();
    const calledOff = CALLED_OFF.has(reason);
    for (const id of orders) {
      const order = this.#desk.order(id);
      if (startedAt === undefined && !calledOff) order.say('rejected', { reason });
      else
        order.say('ended', {
          ...(startedAt === undefined ? {} : { startedAt }),
          ...(calledOff ? { reason } : {}),
        });
    }
  }

  #save(): Promise<unknown> {
    const running = [...this.#running.values()].map(({ jws, orders, startedAt }) => ({
      ...{ jws, orders },
      ...(startedAt === undefined ? {} : { startedAt }),
    }));
    const memory = { running, stopped: this.#stopped };
    this.#saving = this.#saving
      .then(() => this.#desk.database.put('facts', memory, 'broadcasts'))
      .catch(this.#desk.onTrouble);
    return this.#saving;
  }
}

const occurrenceIdOf = ({ broadcast, t0 }: Running): string => broadcastOccurrenceId(broadcast.id, t0);
