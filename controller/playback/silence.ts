import type { Silence } from '#schedules/reconcile';
import type { Store } from '../database/open.ts';
import { PlanShelf } from '../timetable/plan-shelf.ts';

/** Before the start a fault may already have done its harm; a short heartbeat repeats a whole one for so long. */
const BEFORE_MS = 60_000;
const REPEATED_MS = 16 * 60_000;

/** What the questions are about: a play of which there is no record. */
export interface SilentPlay {
  readonly occurrence: string;
  readonly device_id: string;
  readonly plan_sha256: string;
  readonly start_at: number;
  readonly end_at: number;
  readonly not_after: number;
}

/** Looks up what may explain that a device told nothing of a play: by index, and only for such plays. */
export class SilenceLookup {
  readonly #store: Store;
  readonly #shelf: PlanShelf;
  /** Ids of the occurrences of the plans that were opened; null for a plan that is gone. */
  readonly #plans = new Map<string, ReadonlySet<string> | null>();

  /** One for each batch: it remembers the plans that it opened. */
  constructor(store: Store) {
    this.#store = store;
    this.#shelf = new PlanShelf(store);
  }

  /** Whether a plan has an occurrence; null when the plan is gone. */
  names(sha256: string, occurrence: string): boolean | null {
    let ids = this.#plans.get(sha256);
    if (ids === undefined) {
      const plan = this.#shelf.read(sha256);
      ids = plan === null ? null : new Set(plan.occurrences.map(({ id }) => id));
      this.#plans.set(sha256, ids);
    }
    return ids?.has(occurrence) ?? null;
  }

  /** Of what was started by hand: what the device answered, if it was there at all. */
  partIn({ schedule_id, device_id }: SilentPlay & { readonly schedule_id: string }): Silence {
    const share = this.#store.sqlite
      .prepare<[string, string], { state: string; reason: string | null }>(
        'SELECT state, reason FROM broadcast_device WHERE broadcast_id = ? AND device_id = ?',
      )
      .get(schedule_id, device_id);
    const rejected = share?.state === 'rejected';
    const fetching = rejected && share.reason === 'blob-missing';
    return {
      away: share?.state === 'absent',
      refused: rejected && !fetching,
      fetching,
      recordsLost: false,
      faults: [],
    };
  }

  about(play: SilentPlay): Silence {
    const issuedAt = this.#issuedAt(play);
    return {
      away: this.#away(play, issuedAt),
      refused: this.#refused(play, issuedAt),
      recordsLost: this.#recordsLost(play),
      ...this.#told(play),
    };
  }

  /** When its device was first to hold the plan of a play. */
  #issuedAt({ device_id, plan_sha256, start_at }: SilentPlay): number {
    const first = this.#store.sqlite
      .prepare<[string, string], number | null>(
        'SELECT min(issued_at) FROM device_plan WHERE device_id = ? AND plan_sha256 = ?',
      )
      .pluck()
      .get(device_id, plan_sha256);
    return first ?? start_at;
  }

  /** Its last change until the play could no longer begin was to be gone, and was before the plan was issued. */
  #away({ device_id, not_after }: SilentPlay, issuedAt: number): boolean {
    const { sqlite } = this.#store;
    type Turn = { at: number; status: string };
    const last =
      sqlite
        .prepare<[string, number], Turn>(
          'SELECT at, status FROM device_status_change WHERE device_id = ? AND at <= ? ORDER BY at DESC LIMIT 1',
        )
        .get(device_id, not_after) ??
      sqlite
        .prepare<[string], Turn>('SELECT status_since AS at, status FROM device WHERE id = ?')
        .get(device_id);
    if (last === undefined) return false;
    return (last.status === 'offline' || last.status === 'unseen') && last.at <= issuedAt;
  }

  #refused({ device_id, not_after }: SilentPlay, issuedAt: number): boolean {
    const found = this.#store.sqlite
      .prepare<[string, number, number], number>(
        `SELECT 1 FROM refusal WHERE device_id = ? AND source = 'device' AND topic LIKE '%/desired%'
          AND last_at >= ? AND first_at <= ? LIMIT 1`,
      )
      .pluck()
      .get(device_id, issuedAt, not_after);
    return found !== undefined;
  }

  #recordsLost({ device_id, start_at }: SilentPlay): boolean {
    const found = this.#store.sqlite
      .prepare<[string, number], number>(
        'SELECT 1 FROM as_run_gap WHERE device_id = ? AND noticed_at >= ? LIMIT 1',
      )
      .pluck()
      .get(device_id, start_at);
    return found !== undefined;
  }

  #told({ device_id, start_at, end_at }: SilentPlay): Pick<Silence, 'faults' | 'fetching'> {
    const bodies = this.#store.sqlite
      .prepare<[string, number, number, number], { faults: string; fetching: number | null }>(
        `SELECT DISTINCT json_extract(body, '$.faults') AS faults, json_extract(body, '$.fetching.blobs') > 0 AS fetching
          FROM heartbeat WHERE device_id = ? AND received_at BETWEEN ? AND ?
          AND coalesce(repeated_until, received_at) >= ?`,
      )
      .all(device_id, start_at - BEFORE_MS - REPEATED_MS, end_at, start_at - BEFORE_MS);
    const faults = new Set(bodies.flatMap((body) => JSON.parse(body.faults) as string[]));
    return { faults: [...faults].sort(), fetching: bodies.some(({ fetching }) => fetching === 1) };
  }
}
