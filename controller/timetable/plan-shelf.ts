import type { Plan } from '#devices/plan';
import type { Store } from '../database/open.ts';
import { type SealedPlan, unsealPlan } from './plan-seal.ts';

/** The plan that a device is to hold. */
export interface CurrentPlan {
  readonly device: string;
  readonly sha256: string;
  readonly validUntil: number;
}

/** Which device is to hold which plan from now on; null: none any more, since it was retired. */
export interface Assignment {
  readonly device: string;
  readonly sha256: string | null;
}

/**
 * Plans as they are kept: the signed document under its name, its small facts beside it, and who was told to hold it
 * when.
 */
export class PlanShelf {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Puts documents on the shelf, in one transaction. One that no device is assigned to does no harm; so this need not wait
   * for the disk: `assign` does, and with it everything that was written before it.
   */
  put(plans: readonly SealedPlan[], now: number): void {
    const { sqlite } = this.#store;
    sqlite.pragma('synchronous = NORMAL');
    try {
      this.#put(plans, now);
    } finally {
      sqlite.pragma('synchronous = FULL');
    }
  }

  #put(plans: readonly SealedPlan[], now: number): void {
    const { sqlite } = this.#store;
    const plan = sqlite.prepare(
      `INSERT INTO plan (sha256, jws, bytes, occurrences, valid_from, valid_until, created_at)
        VALUES (?, CAST(? AS TEXT), ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    const agenda = sqlite.prepare(
      `INSERT INTO plan_agenda (plan_sha256, starts, valid_from, valid_until, created_at)
        VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    const schedule = sqlite.prepare(
      'INSERT INTO plan_schedule (schedule_id, plan_sha256) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    const blob = sqlite.prepare(
      'INSERT INTO plan_blob (plan_sha256, blob_sha256) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    sqlite.transaction(() => {
      for (const { plan: body, sha256, jws } of plans) {
        const { occurrences, validFrom, validUntil } = body;
        plan.run(sha256, jws, jws.byteLength, occurrences.length, validFrom, validUntil, now);
        agenda.run(sha256, startsOf(body), validFrom, validUntil, now);
        const named = [...occurrences, ...(body.withheld ?? [])].map((each) => each.schedule);
        for (const id of new Set(named)) schedule.run(id, sha256);
        for (const each of body.blobs) blob.run(sha256, each.sha256);
      }
    })();
  }

  /** @returns null when it was pruned. */
  read(sha256: string): Plan | null {
    const jws = this.#store.sqlite
      .prepare<[string], string>('SELECT jws FROM plan WHERE sha256 = ?')
      .pluck()
      .get(sha256);
    return jws === undefined ? null : unsealPlan(jws);
  }

  /** What devices are to hold now; a device without a plan is absent. */
  current(devices: Iterable<string>): CurrentPlan[] {
    return this.#store.sqlite
      .prepare<[string], CurrentPlan>(
        `SELECT p.device_id AS device, p.plan_sha256 AS sha256, a.valid_until AS validUntil
          FROM json_each(?) j CROSS JOIN device_plan p ON p.device_id = j.value AND p.superseded_at IS NULL
          JOIN plan_agenda a ON a.plan_sha256 = p.plan_sha256`,
      )
      .all(JSON.stringify([...devices]));
  }

  /** Devices whose current plan has something of one of the schedules in it. */
  holdersOf(schedules: Iterable<string>): string[] {
    return this.#store.sqlite
      .prepare<[string], string>(
        // In this order: few plans hold a schedule, and every device holds a plan.
        `SELECT DISTINCT p.device_id FROM json_each(?) j CROSS JOIN plan_schedule s ON s.schedule_id = j.value
          CROSS JOIN device_plan p ON p.plan_sha256 = s.plan_sha256 AND p.superseded_at IS NULL`,
      )
      .pluck()
      .all(JSON.stringify([...schedules]));
  }

  /** Devices whose current plan ends before a moment. */
  endingBefore(moment: number): string[] {
    return this.#store.sqlite
      .prepare<[number], string>(
        `SELECT p.device_id FROM plan_agenda a
          JOIN device_plan p ON p.plan_sha256 = a.plan_sha256 AND p.superseded_at IS NULL WHERE a.valid_until < ?`,
      )
      .pluck()
      .all(moment);
  }

  /**
   * Makes the switch for all of them at once, as a new revision each. What the old plans were still to play, or withheld,
   * is withdrawn from the log, unless the device already told of it; the dispatcher enters the new plans' plays.
   */
  assign(assignments: readonly Assignment[], now: number): void {
    const { sqlite } = this.#store;
    const revision = sqlite
      .prepare<[string], number>('SELECT coalesce(max(revision), 0) FROM device_plan WHERE device_id = ?')
      .pluck();
    const supersede = sqlite.prepare(
      'UPDATE device_plan SET superseded_at = ? WHERE device_id = ? AND superseded_at IS NULL',
    );
    const withdraw = sqlite.prepare(
      `DELETE FROM play WHERE device_id = ? AND start_at > ? AND verdict IN ('pending', 'missed')
        AND plan_sha256 <> 'broadcast' AND NOT EXISTS (SELECT 1 FROM as_run r WHERE r.occurrence = play.occurrence AND r.device_id = play.device_id)`,
    );
    const issue = sqlite.prepare(
      'INSERT INTO device_plan (device_id, revision, plan_sha256, issued_at) VALUES (?, ?, ?, ?)',
    );
    sqlite.transaction(() => {
      for (const { device, sha256 } of assignments) {
        supersede.run(now, device);
        withdraw.run(device, now);
        if (sha256 !== null) issue.run(device, (revision.get(device) ?? 0) + 1, sha256, now);
      }
    })();
  }
}

/** When there is something to be entered in the log: what is withheld is told there too. */
function startsOf({ occurrences, withheld = [] }: Plan): string {
  const all = [...occurrences, ...withheld].map(({ startAt }) => startAt);
  if (withheld.length > 0) all.sort((one, other) => one - other);
  return JSON.stringify(all.filter((startAt, index) => startAt !== all[index - 1]));
}
