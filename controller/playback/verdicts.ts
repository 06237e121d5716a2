import { AsRunRecord } from '#devices/as-run';
import { type DeviceFacts, RECORD_MARGIN_MS, reconcile, type Silence } from '#schedules/reconcile';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { BY_BROADCAST, PlayParts } from './play-rows.ts';
import { SilenceLookup } from './silence.ts';

/**
 * After its end an occurrence waits so long for the device's records before anything is concluded from their absence:
 * two heartbeats, so that a device that lives had its say.
 */
export const GRACE_MS = 60_000;

/** A play together with what is known of its device. */
export type OpenPlay = Row<'play'> & {
  readonly outbox_empty_at: number | null;
  readonly held_plan_sha256: string | null;
  /** 1 when the device held the plan, or a later one, while the play could still begin. */
  readonly plan_held: number;
};

/** To be completed with a WHERE on `p`. */
export const OPEN_PLAYS = `
  SELECT p.*, d.outbox_empty_at, d.held_plan_sha256,
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
    const lookup = new SilenceLookup(this.#store);
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
        factsOf(play, now, evidence.length === 0 ? lookup : null),
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

/** Of no meaning where there is a record. */
const NOTHING_KNOWN: Silence = {
  away: false,
  refused: false,
  fetching: false,
  recordsLost: false,
  faults: [],
};

/** @param lookup null where there are records, or nothing is to be concluded yet. */
function factsOf(play: OpenPlay, now: number, lookup: SilenceLookup | null): DeviceFacts {
  const { plan_sha256, plan_held: held, held_plan_sha256: plan, outbox_empty_at: outboxEmptyAt } = play;
  const facts = { now, graceMs: GRACE_MS, outboxEmptyAt };
  if (lookup === null || now < play.end_at + GRACE_MS) {
    return { ...facts, plannedKnown: held === 1, silence: NOTHING_KNOWN };
  }
  if (plan_sha256 === BY_BROADCAST) {
    const part = lookup.partIn(play);
    const told = part.away || part.refused || part.fetching;
    return { ...facts, plannedKnown: !told, silence: told ? part : lookup.about(play) };
  }
  // The plan that it still goes by may have the occurrence too; one that is gone is given the benefit of the doubt.
  const goesBy = plan === null || plan === plan_sha256 ? false : lookup.names(plan, play.occurrence);
  const plannedKnown = held === 1 || (goesBy ?? true);
  // While it may still send the record, nothing is to be explained.
  const open = plannedKnown && (outboxEmptyAt ?? 0) < play.end_at + RECORD_MARGIN_MS;
  return { ...facts, plannedKnown, silence: open ? NOTHING_KNOWN : lookup.about(play) };
}
