import type { Logger } from 'pino';
import type { Broadcasts } from '../broadcasts/broadcasts.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure } from '../failure.ts';
import { type Due, dueKey, dueRelays, LONGEST_RELAY_MS, orderOfDue, stillDue } from './agenda.ts';
import { enterMissed, isMissed } from './missed.ts';
import type { Relays } from './relays.ts';
import { brokenRuns, endRun, openRuns, orderOf, runsOf } from './run-rows.ts';

export interface RelayKeeperDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly relays: Pick<Relays, 'begin' | 'halt' | 'running'>;
  readonly broadcasts: Pick<Broadcasts, 'halt' | 'conclude'>;
}

const LOOK_MS = 3_000;
const SETTLE_MS = 300;
/** Begun so long ahead, so that stream and devices are there on time. */
const AHEAD_MS = 12_000;
/** What has less to go is not begun any more. */
const LEAST_LEFT_MS = 5_000;
/** Nobody asks what was missed longer ago than this. */
const REMEMBERED_MS = 31 * 86_400_000;
const MARK = 'relays-until';
const MARK_EVERY_MS = 30_000;

/**
 * Starts the relays of the schedules, each once, when now is within their time: also after a start of the program in the
 * middle of one. What did not come to be enters the log as missed. It asks the clock and the database what there is to
 * do, so that a look that came late, or twice, changes nothing in the end.
 */
export class RelayKeeper implements Component {
  readonly #deps: RelayKeeperDeps;
  readonly #done = new Set<string>();
  /** Why the last attempt for an occurrence failed. */
  readonly #troubles = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #unlisten: (() => void) | undefined;
  #work: Promise<void> | null = null;
  #markedAt = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(deps: RelayKeeperDeps) {
    this.#deps = deps;
  }

  /** What was on the air when the program ended is known to be broken off. */
  async start(): Promise<void> {
    const { store, clock, changes, log } = this.#deps;
    for (const { id } of openRuns(store)) {
      endRun(store, id, 'controller-stopped', clock.now());
      log.warn({ relay: id }, 'a relay was broken off by the end of the program');
    }
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
    this.#unlisten = changes.listen((entity) => {
      if (entity !== 'schedule') return;
      clearTimeout(this.#soon);
      this.#soon = setTimeout(() => void this.look(), SETTLE_MS);
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unlisten?.();
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    await this.#work;
  }

  /** One look at a time; who asks meanwhile has the next one. */
  async look(): Promise<void> {
    if (this.#work !== null) return this.#work;
    const work = this.#look()
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'Looking after the relays failed; it is tried again.');
      })
      .finally(() => {
        this.#work = null;
      });
    this.#work = work;
    return work;
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    const { store, clock } = this.#deps;
    const now = clock.now();
    await this.#withdraw();
    for (const row of brokenRuns(store, now + LEAST_LEFT_MS)) await this.#goOn(row);
    const mark = Math.min(this.#mark() ?? now, now);
    const from = Math.max(Math.min(mark, now - LONGEST_RELAY_MS), now - REMEMBERED_MS);
    for (const due of dueRelays(store, from, now + AHEAD_MS)) await this.#consider(due, mark);
    if (now - this.#markedAt < MARK_EVERY_MS) return;
    this.#markedAt = now;
    store.sqlite
      .prepare(
        'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
      )
      .run(MARK, String(now));
    if (this.#done.size > 10_000) this.#done.clear();
  }

  /** What its schedule does not have any more is not heard any more. */
  async #withdraw(): Promise<void> {
    const { store, relays, log } = this.#deps;
    for (const [id, { order }] of [...relays.running]) {
      const { occurrence } = order;
      if (occurrence === null || stillDue(store, occurrence.scheduleId, occurrence.startAt)) continue;
      log.info({ relay: id, schedule: occurrence.scheduleId }, 'the schedule of a relay was withdrawn');
      await relays.halt(id, null).catch((error: unknown) => {
        log.error({ err: error, relay: id }, 'a relay could not be ended');
      });
    }
  }

  async #goOn(row: Row<'relay_run'>): Promise<void> {
    const { store, clock, relays, broadcasts, log } = this.#deps;
    const order = orderOf(row);
    const { occurrence } = order;
    if (occurrence !== null && !stillDue(store, occurrence.scheduleId, occurrence.startAt)) return;
    if (this.#done.has(row.id)) return;
    try {
      // Devices may still wait for the rest of the broken one.
      await broadcasts.halt(row.id, null);
      await broadcasts.conclude(row.id, row.ended_at ?? clock.now());
      await relays.begin({ ...order, continues: row.id }, clock.now());
      log.info({ relay: row.id }, 'a relay goes on after a start of the program');
    } catch (error) {
      this.#failed(row.id, error);
    }
  }

  async #consider(due: Due, mark: number): Promise<void> {
    const { store, clock, changes, relays, log } = this.#deps;
    const { schedule, startAt, endAt } = due;
    const key = dueKey(due);
    if (this.#done.has(key)) return;
    // A schedule that was made or changed after its time does not ask for what was before that.
    if (schedule.updated_at > startAt || runsOf(store, schedule.id, startAt).length > 0) {
      if (startAt < clock.now()) this.#done.add(key);
      return;
    }
    const now = clock.now();
    const latest = Math.min(startAt + schedule.max_lateness_ms, endAt - LEAST_LEFT_MS);
    if (now <= latest) {
      try {
        await relays.begin(orderOfDue(store, due, null), startAt);
        this.#done.add(key);
        this.#troubles.delete(key);
      } catch (error) {
        this.#failed(key, error);
      }
      return;
    }
    this.#done.add(key);
    if (startAt < mark && !this.#troubles.has(key) && isMissed(store, due)) return;
    const reason = this.#troubles.get(key) ?? 'controller-stopped';
    this.#troubles.delete(key);
    const devices = enterMissed(store, due, reason, now);
    log.warn({ schedule: schedule.id, startAt, reason, devices }, 'a relay was missed');
    if (devices > 0) changes.announce('play', key);
  }

  #failed(key: string, error: unknown): void {
    const code = error instanceof Failure ? error.code : 'failed';
    if (this.#troubles.get(key) === code) return;
    this.#troubles.set(key, code);
    this.#deps.log.warn({ err: error, relay: key }, 'a relay could not be begun; it is tried again');
  }

  #mark(): number | null {
    const value = this.#deps.store.sqlite
      .prepare<[string], string>('SELECT value FROM setting WHERE name = ?')
      .pluck()
      .get(MARK);
    const mark = Number(value ?? Number.NaN);
    return Number.isFinite(mark) ? mark : null;
  }
}
