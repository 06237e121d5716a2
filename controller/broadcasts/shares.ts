import type { Store } from '../database/open.ts';
import { ShareState } from '../http/contract/broadcasts.ts';
import type { Listener } from './audience.ts';

export type Counts = Record<ShareState, number>;

/** How far one device came. */
export interface Share {
  readonly state: ShareState;
  readonly boot: number | null;
  readonly stopAsked: boolean;
  /** When it came to its state, epoch ms. */
  readonly since: number;
}

/** After one of these a device has nothing more to do with the broadcast. */
export const OVER: ReadonlySet<ShareState> = new Set<ShareState>(['ended', 'stopped']);

/**
 * From where a device may come to a state. It only moves forward: acknowledgements may come twice, of two commands, or
 * in another order. A refusal is no end: a device that could not prepare may still join.
 */
const FROM: Record<ShareState, ReadonlySet<ShareState>> = {
  absent: new Set(),
  asked: new Set(['absent']),
  received: new Set(['absent', 'asked']),
  ready: new Set(['absent', 'asked', 'received', 'rejected']),
  rejected: new Set(['absent', 'asked', 'received', 'ready']),
  started: new Set(['absent', 'asked', 'received', 'ready', 'rejected']),
  ended: new Set(['absent', 'asked', 'received', 'ready', 'rejected', 'started']),
  stopped: new Set(['absent', 'asked', 'received', 'ready', 'rejected', 'started']),
};

export interface Move {
  readonly to: ShareState;
  readonly reason?: string | undefined;
  readonly startedAt?: number | undefined;
}

/** How far each device came with each broadcast, one row each. */
export class Shares {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** One row for each device, asked if it is connected. To be called inside a transaction. */
  create(broadcast: string, listeners: readonly Listener[], now: number): void {
    this.#store.sqlite
      .prepare(
        `INSERT INTO broadcast_device (broadcast_id, device_id, state, updated_at)
          SELECT ?, value ->> 'id', CASE WHEN value ->> 'connected' THEN 'asked' ELSE 'absent' END, ?
          FROM json_each(?)`,
      )
      .run(broadcast, now, JSON.stringify(listeners.map(({ id, connected }) => ({ id, connected }))));
  }

  /** Null when the broadcast is not for this device. */
  one(broadcast: string, device: string): Share | null {
    const row = this.#store.sqlite
      .prepare<
        [string, string],
        { state: string; boot: number | null; stop_asked: number; updated_at: number }
      >(
        'SELECT state, boot, stop_asked, updated_at FROM broadcast_device WHERE broadcast_id = ? AND device_id = ?',
      )
      .get(broadcast, device);
    if (row === undefined) return null;
    const { boot, stop_asked: stopAsked, updated_at: since } = row;
    return { state: ShareState.parse(row.state), boot, stopAsked: stopAsked === 1, since };
  }

  /** @returns the state it came from, or null when it is there already, or is no share at all. */
  move(broadcast: string, device: string, { to, reason, startedAt }: Move, now: number): ShareState | null {
    const share = this.one(broadcast, device);
    if (share === null) return null;
    const fails = share.state === 'started' && to === 'rejected' && reason === 'failed';
    if (!FROM[to].has(share.state) && !fails) return null;
    this.#store.sqlite
      .prepare(
        `UPDATE broadcast_device SET state = @to, reason = @reason, started_at = coalesce(@startedAt, started_at),
            boot = CASE WHEN @to = 'started' THEN (SELECT boot FROM device WHERE id = @device) ELSE boot END,
            updated_at = @now
          WHERE broadcast_id = @broadcast AND device_id = @device`,
      )
      .run({ broadcast, device, to, reason: reason ?? null, startedAt: startedAt ?? null, now });
    return share.state;
  }

  /**
   * Notes that devices were asked to stop. @param devices null for all of the broadcast.
   * @returns how many of the broadcast's devices go on.
   */
  askToStop(broadcast: string, devices: readonly string[] | null): number {
    const { sqlite } = this.#store;
    const ids = devices === null ? null : JSON.stringify(devices);
    sqlite
      .prepare(
        `UPDATE broadcast_device SET stop_asked = 1 WHERE broadcast_id = @broadcast
          AND (@ids IS NULL OR device_id IN (SELECT value FROM json_each(@ids)))`,
      )
      .run({ broadcast, ids });
    return (
      sqlite
        .prepare<[string], number>(
          `SELECT count(*) FROM broadcast_device WHERE broadcast_id = ? AND stop_asked = 0
            AND state NOT IN ('ended', 'stopped')`,
        )
        .pluck()
        .get(broadcast) ?? 0
    );
  }

  /** Whether any of the devices takes part and was not stopped yet. */
  touches(broadcast: string, devices: readonly string[]): boolean {
    const found = this.#store.sqlite
      .prepare<[string, string], 1>(
        `SELECT 1 FROM json_each(?) j CROSS JOIN broadcast_device s ON s.broadcast_id = ? AND s.device_id = j.value
          WHERE s.stop_asked = 0 LIMIT 1`,
      )
      .get(JSON.stringify(devices), broadcast);
    return found !== undefined;
  }

  /** Which of the devices take part, and were not stopped yet. */
  of(broadcast: string, devices: readonly string[]): string[] {
    return this.#store.sqlite
      .prepare<[string, string], string>(
        `SELECT s.device_id FROM json_each(?) j CROSS JOIN broadcast_device s
          ON s.broadcast_id = ? AND s.device_id = j.value WHERE s.stop_asked = 0`,
      )
      .pluck()
      .all(JSON.stringify(devices), broadcast);
  }

  /** Those that are connected and have not begun though it has. */
  silent(broadcast: string, limit: number): string[] {
    return this.#store.sqlite
      .prepare<[string, number], string>(
        `SELECT s.device_id FROM broadcast_device s JOIN device d ON d.id = s.device_id
          WHERE s.broadcast_id = ? AND s.state IN ('asked', 'absent', 'ready') AND s.stop_asked = 0 AND d.connected = 1
          LIMIT ?`,
      )
      .pluck()
      .all(broadcast, limit);
  }

  counts(broadcast: string): Counts {
    const counts = noCounts();
    const rows = this.#store.sqlite
      .prepare<[string], { state: string; devices: number }>(
        'SELECT state, count(*) AS devices FROM broadcast_device WHERE broadcast_id = ? GROUP BY state',
      )
      .all(broadcast);
    for (const { state, devices } of rows) counts[ShareState.parse(state)] = devices;
    return counts;
  }
}

/** Before anybody has said anything. */
export function countsOf(listeners: readonly Listener[]): Counts {
  const asked = listeners.filter(({ connected }) => connected).length;
  return { ...noCounts(), asked, absent: listeners.length - asked };
}

const noCounts = (): Counts => ({
  asked: 0,
  received: 0,
  ready: 0,
  started: 0,
  ended: 0,
  stopped: 0,
  rejected: 0,
  absent: 0,
});
