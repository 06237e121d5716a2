import type { Logger } from 'pino';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { RolloutState } from '../http/contract/firmware.ts';
import { judge, PATIENCE_MS } from './judgement.ts';
import type { Offers } from './offers.ts';
import { OPEN, type RolloutRow, type RolloutRows, stagesOf } from './rollout-rows.ts';

export interface CourseDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly rows: RolloutRows;
  readonly offers: Pick<Offers, 'refresh' | 'renew'>;
  /** How long devices that are away hold a stage up; for tests. */
  readonly patienceMs?: number;
}

/** A device that is there and does not get on for so long counts as failed. */
const NO_ANSWER_MS = 24 * 3_600_000;

/** Lets the rollouts run their course: judges how one stands, and begins its next stage, or halts or ends it. */
export class Course {
  readonly #deps: CourseDeps;
  /** Since when this life of the program listens: what was said before its start, nobody heard. */
  #listensSince: number | undefined;

  constructor(deps: CourseDeps) {
    this.#deps = deps;
  }

  /** Judges a rollout until there is nothing to do but wait. */
  look(id: string): void {
    const { rows, clock, patienceMs = PATIENCE_MS } = this.#deps;
    for (;;) {
      const row = rows.row(id);
      if (row.state !== 'running') return;
      const now = clock.now();
      const judgement = judge(rows.standing(row, now), patienceMs);
      if (judgement === 'halt') this.end(row, 'halted', 'too-many-failures');
      else if (judgement === 'done') this.end(row, 'done', null);
      else if (judgement === 'advance') this.#begin(row, row.stage + 1, now);
      // Who takes the turn needs time for it.
      else if (judgement === 'substitute') this.#substitute(row, now);
      if (judgement === 'wait' || judgement === 'substitute') return;
    }
  }

  /** Time passes: the absent lose their patience, the silent are given up, old offers are renewed. */
  tick(): void {
    const { store, clock, offers, rows } = this.#deps;
    const now = clock.now();
    this.#listensSince ??= now;
    const heardAll = now - this.#listensSince >= NO_ANSWER_MS;
    for (const id of rows.running()) {
      const silent = heardAll ? this.#giveUp(id, now) : [];
      // A device that was retired is no part of it any more.
      const retired = store.sqlite
        .prepare(
          `DELETE FROM rollout_device WHERE rollout_id = ? AND step IN ${OPEN}
            AND EXISTS (SELECT 1 FROM device d WHERE d.id = device_id AND d.removed_at IS NOT NULL)`,
        )
        .run(id).changes;
      if (silent.length > 0) void offers.refresh(silent);
      if (silent.length + retired > 0) this.#deps.changes.announce('rollout', id);
      this.look(id);
    }
    offers.renew();
  }

  /**
   * Gives up devices that are there and say nothing. One that was halted begins anew when it is resumed, as a stage does.
   * @returns them.
   */
  #giveUp(id: string, now: number): string[] {
    return this.#deps.store.sqlite
      .prepare<{ id: string; now: number; before: number }, string>(
        `UPDATE rollout_device SET step = 'failed', reason = 'no-answer', updated_at = @now
          WHERE rollout_id = @id AND step IN ${OPEN} AND updated_at < @before
            AND stage <= (SELECT stage FROM rollout WHERE id = @id AND stage_started_at < @before)
            AND EXISTS (SELECT 1 FROM device d WHERE d.id = device_id AND d.connected = 1 AND d.status_since < @before)
          RETURNING device_id`,
      )
      .pluck()
      .all({ id, now, before: now - NO_ANSWER_MS });
  }

  /** Halts, ends or cancels a rollout: devices that have not restarted yet are called off. */
  end(row: RolloutRow, state: Exclude<RolloutState, 'running'>, reason: string | null): void {
    const { store, clock, changes, offers, log } = this.#deps;
    const { sqlite } = store;
    const now = clock.now();
    const concerned = sqlite.transaction(() => {
      sqlite
        .prepare('UPDATE rollout SET state = ?, reason = ?, updated_at = ? WHERE id = ?')
        .run(state, reason, now, row.id);
      sqlite
        .prepare(
          `UPDATE rollout_device SET step = 'waiting', updated_at = ?
            WHERE rollout_id = ? AND step IN ('offered','downloaded')`,
        )
        .run(now, row.id);
      return sqlite
        .prepare<[string], string>('SELECT device_id FROM firmware_offer WHERE rollout_id = ?')
        .pluck()
        .all(row.id);
    })();
    void offers.refresh(concerned);
    log[state === 'halted' ? 'warn' : 'info']({ rollout: row.id, state, reason }, 'a rollout came to an end');
    changes.announce('rollout', row.id);
  }

  #begin(row: RolloutRow, stage: number, now: number): void {
    const { store, changes, offers, log } = this.#deps;
    const { sqlite } = store;
    const devices = sqlite.transaction(() => {
      sqlite
        .prepare('UPDATE rollout SET stage = ?, stage_started_at = ?, updated_at = ? WHERE id = ?')
        .run(stage, now, now, row.id);
      return sqlite
        .prepare<[number, string, number], string>(
          'UPDATE rollout_device SET updated_at = ? WHERE rollout_id = ? AND stage = ? RETURNING device_id',
        )
        .pluck()
        .all(now, row.id, stage);
    })();
    void offers.refresh(devices);
    log.info(
      { rollout: row.id, stage, of: stagesOf(row).length, devices: devices.length },
      'a stage of a rollout begins',
    );
    changes.announce('rollout', row.id);
  }

  /** The first of a later stage that is there, if anybody is, takes a turn now. */
  #substitute(row: RolloutRow, now: number): void {
    const { store, changes, offers } = this.#deps;
    const { sqlite } = store;
    const device = sqlite
      .prepare<[string, number], string>(
        `SELECT rd.device_id FROM rollout_device rd JOIN device d ON d.id = rd.device_id
          WHERE rd.rollout_id = ? AND rd.stage > ? AND rd.step = 'waiting' AND d.connected = 1 AND d.removed_at IS NULL
          ORDER BY rd.stage, rd.position LIMIT 1`,
      )
      .pluck()
      .get(row.id, row.stage);
    if (device === undefined) return;
    sqlite
      .prepare('UPDATE rollout_device SET stage = ?, updated_at = ? WHERE rollout_id = ? AND device_id = ?')
      .run(row.stage, now, row.id, device);
    void offers.refresh([device]);
    changes.announce('rollout', row.id);
  }
}
