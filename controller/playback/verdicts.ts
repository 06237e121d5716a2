import { AsRunRecord } from '#devices/as-run';
import { type DeviceFacts, reconcile } from '#schedules/reconcile';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { PlayParts } from './play-rows.ts';

/**
 * After its end an occurrence waits so long for the device's records before anything is concluded from their absence:
 * two heartbeats, so that a device that lives had its say.
 */
export const GRACE_MS = 60_000;

/** A play together with what is known of its device. */
export type OpenPlay = Row<'play'> & {
  readonly last_heard_at: number | null;
  readonly outbox_empty_at: number | null;
  readonly connected: number | null;
  readonly status: string | null;
  readonly status_since: number | null;
  /** 1 when the device held the plan, or a later one, while the play could still begin. */
  readonly plan_held: number;
};

/** To be completed with a WHERE on `p`. */
export const OPEN_PLAYS = `
  SELECT p.*, d.last_heard_at, d.outbox_empty_at, d.connected, d.status, d.status_since,
    CASE WHEN d.held_plan_sha256 = p.plan_sha256 THEN coalesce(d.held_plan_since, 0) <= p.not_after
      ELSE coalesce(d.held_plan_revision > (SELECT min(x.revision) FROM device_plan x
        WHERE x.device_id = p.device_id AND x.plan_sha256 = p.plan_sha256), 0) END AS plan_held
  FROM play p LEFT JOIN device d ON d.id = p.device_id`;

export interface Settled {
  readonly occurrence: string;
  readonly device: string;
}

/**
 * Computes verdicts and writes those that changed. To be called inside a transaction.
 * @returns the plays whose row changed.
 */
export class Verdicts {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  settle(plays: readonly OpenPlay[], now: number): Settled[] {
    const { sqlite } = this.#store;
    // The index is named: without statistics the database would rather read all records of the device.
    const records = sqlite
      .prepare<[string, string], string>(
        'SELECT record FROM as_run INDEXED BY as_run_occurrence WHERE occurrence = ? AND device_id = ?',
      )
      .pluck();
    const write = sqlite.prepare(
      `UPDATE play SET verdict = ?, reason = ?, first_sample_at = ?, lateness_ms = ?, played_ms = ?, verdict_at = ?
        WHERE occurrence = ? AND device_id = ?`,
    );
    const settled: Settled[] = [];
    for (const play of plays) {
      const { occurrence, device_id: device } = play;
      const evidence = records.all(occurrence, device).map((text) => AsRunRecord.parse(JSON.parse(text)));
      const outcome = reconcile(
        {
          occurrence,
          startAt: play.start_at,
          endAt: play.end_at,
          notAfter: play.not_after,
          parts: PlayParts.parse(JSON.parse(play.parts)).map(({ offsetMs, ...part }) =>
            offsetMs === undefined ? part : { ...part, offsetMs },
          ),
        },
        evidence,
        factsOf(play, now),
      );
      const changed =
        outcome.verdict !== play.verdict ||
        outcome.reason !== play.reason ||
        outcome.playedMs !== play.played_ms ||
        outcome.firstSampleAt !== play.first_sample_at;
      write.run(
        outcome.verdict,
        outcome.reason,
        outcome.firstSampleAt,
        outcome.latenessMs,
        outcome.playedMs,
        now,
        occurrence,
        device,
      );
      if (changed) settled.push({ occurrence, device });
    }
    return settled;
  }
}

function factsOf(play: OpenPlay, now: number): DeviceFacts {
  const away = play.connected === 0 || play.status === 'offline';
  return {
    now,
    graceMs: GRACE_MS,
    plannedKnown: play.plan_held === 1,
    lastHeardAt: play.last_heard_at,
    offlineSince: away ? play.status_since : null,
    outboxEmptyAt: play.outbox_empty_at,
  };
}
