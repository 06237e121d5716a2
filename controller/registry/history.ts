import type { Logger } from 'pino';
import { Heartbeat } from '#devices/messages/heartbeat';
import { breathe } from '../breathe.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import { QUARTER_MS, quarterOf, rollUp } from './roll-up.ts';

export interface HeartbeatHistoryDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
}

const DAY_MS = 86_400_000;
export const FULL_RATE_MS = 2 * DAY_MS;
export const QUARTERS_MS = 366 * DAY_MS;
/** Short heartbeats are stored within some seconds after a quarter; it is closed a little later. */
const SETTLED_MS = 30_000;
const TICK_MS = 5_000;
const DEVICES_IN_ONE_GO = 20;
const ROWS_IN_ONE_GO = 2_000;
/** Which quarter was rolled up last; kept, so that a restart in the middle loses and doubles nothing. */
const MARK = 'heartbeat-quarter';

/**
 * Heartbeats at full rate for two days, by the quarter-hour for a year. Works a little at a time, so that no roll-up
 * ever holds the process up.
 */
export class HeartbeatHistory implements Component {
  readonly #deps: HeartbeatHistoryDeps;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(deps: HeartbeatHistoryDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => {
      this.tidy().catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'heartbeats could not be rolled up; tried again');
      });
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    // The database is closed next.
    await this.#running?.catch(() => {});
  }

  /** Rolls up every quarter that is over, then prunes. Returns when there is nothing left to do. */
  tidy(): Promise<void> {
    this.#running ??= this.#tidy().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #tidy(): Promise<void> {
    while (!this.#stopped) {
      const quarter = this.#next();
      if (quarter === null) break;
      await this.#rollUp(quarter);
    }
    await this.#prune();
  }

  /** The oldest quarter that is over, holds beats and is not rolled up. */
  #next(): number | null {
    const { store, clock } = this.#deps;
    const open = quarterOf(clock.now() - SETTLED_MS);
    const mark = store.sqlite
      .prepare<[string], string>('SELECT value FROM setting WHERE name = ?')
      .pluck()
      .get(MARK);
    const after = mark === undefined ? 0 : Number(mark) + QUARTER_MS;
    if (after >= open) return null;
    const first = store.sqlite
      .prepare<[number, number], number | null>(
        'SELECT min(received_at) FROM heartbeat WHERE received_at >= ? AND received_at < ?',
      )
      .pluck()
      .get(after, open);
    if (first === undefined || first === null) {
      this.#mark(open - QUARTER_MS);
      return null;
    }
    return quarterOf(first);
  }

  async #rollUp(quarter: number): Promise<void> {
    const { sqlite } = this.#deps.store;
    const devices = sqlite
      .prepare<[number, number], string>(
        'SELECT DISTINCT device_id FROM heartbeat WHERE received_at >= ? AND received_at < ?',
      )
      .pluck()
      .all(quarter, quarter + QUARTER_MS);
    const beats = sqlite.prepare<[string, number, number], { body: string; repeats: number }>(
      'SELECT body, repeats FROM heartbeat WHERE device_id = ? AND received_at >= ? AND received_at < ?',
    );
    const keep = sqlite.prepare(KEEP);
    const forget = sqlite.prepare('DELETE FROM heartbeat_quarter WHERE device_id = ? AND quarter < ?');
    const some = sqlite.transaction((ids: readonly string[]) => {
      for (const device of ids) {
        const stretches = beats
          .all(device, quarter, quarter + QUARTER_MS)
          .map(({ body, repeats }) => ({ beat: Heartbeat.parse(JSON.parse(body)), repeats }));
        keep.run({ device, quarter, ...rollUp(stretches) });
        forget.run(device, quarter - QUARTERS_MS);
      }
    });
    for (let at = 0; at < devices.length && !this.#stopped; at += DEVICES_IN_ONE_GO) {
      some(devices.slice(at, at + DEVICES_IN_ONE_GO));
      await breathe();
    }
    if (!this.#stopped) this.#mark(quarter);
  }

  /** Only what was rolled up is old enough to be here. */
  async #prune(): Promise<void> {
    const { store, clock } = this.#deps;
    const prune = store.sqlite.prepare(
      `DELETE FROM heartbeat WHERE (device_id, received_at) IN
        (SELECT device_id, received_at FROM heartbeat WHERE received_at < ? LIMIT ${ROWS_IN_ONE_GO})`,
    );
    const before = clock.now() - FULL_RATE_MS;
    while (!this.#stopped && prune.run(before).changes === ROWS_IN_ONE_GO) await breathe();
  }

  #mark(quarter: number): void {
    this.#deps.store.sqlite
      .prepare(
        'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
      )
      .run(MARK, String(quarter));
  }
}

const KEEP = `
  INSERT OR REPLACE INTO heartbeat_quarter (device_id, quarter, beats, clock_error_max, temperature_min,
    temperature_avg, temperature_max, mains_min, mains_max, signal_min, signal_avg, storage_free_min, outbox_max,
    playing_beats, fault_beats)
  VALUES (@device, @quarter, @beats, @clock_error_max, @temperature_min, @temperature_avg, @temperature_max,
    @mains_min, @mains_max, @signal_min, @signal_avg, @storage_free_min, @outbox_max, @playing_beats, @fault_beats)`;
