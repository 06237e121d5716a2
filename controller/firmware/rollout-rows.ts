import { z } from 'zod';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { notFound } from '../failure.ts';
import type { FirmwareImage, Rollout, RolloutDetail, RolloutStep } from '../http/contract/firmware.ts';
import type { Standing } from './judgement.ts';

export type RolloutRow = Row<'rollout'>;

export const imageView = (row: Row<'firmware_image'>): FirmwareImage => ({
  id: row.id,
  model: row.model,
  version: row.version,
  sha256: row.sha256,
  bytes: row.bytes,
  note: row.note,
  createdAt: row.created_at,
  createdBy: row.created_by,
});

export const stagesOf = (row: Pick<RolloutRow, 'stages'>): number[] =>
  z.array(z.number()).parse(JSON.parse(row.stages));

/** Rollouts as they stand in the database. */
export class RolloutRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws Failure `not-found`. */
  row(id: string): RolloutRow {
    const row = this.#store.sqlite
      .prepare<[string], RolloutRow>('SELECT * FROM rollout WHERE id = ?')
      .get(id);
    if (row === undefined) throw notFound('rollout', id);
    return row;
  }

  image(id: string): Row<'firmware_image'> {
    const row = this.#store.sqlite
      .prepare<[string], Row<'firmware_image'>>('SELECT * FROM firmware_image WHERE id = ?')
      .get(id);
    if (row === undefined) throw notFound('firmware', id);
    return row;
  }

  running(): string[] {
    return this.#store.sqlite
      .prepare<[], string>("SELECT id FROM rollout WHERE state = 'running' ORDER BY id")
      .pluck()
      .all();
  }

  list(): Rollout[] {
    return this.#store.sqlite
      .prepare<[], RolloutRow>('SELECT * FROM rollout ORDER BY id DESC LIMIT 50')
      .all()
      .map((row) => this.#view(row));
  }

  view(id: string): Rollout {
    return this.#view(this.row(id));
  }

  detail(id: string): RolloutDetail {
    const devices = this.#store.sqlite
      .prepare<[string], RolloutDetail['devices'][number]>(
        `SELECT rd.device_id AS deviceId, d.name, d.kind, rd.step, rd.stage, rd.reason, d.firmware AS running,
          rd.updated_at AS updatedAt
          FROM rollout_device rd JOIN device d ON d.id = rd.device_id
          WHERE rd.rollout_id = ? ORDER BY rd.stage, rd.position`,
      )
      .all(id);
    return { ...this.view(id), devices };
  }

  /** Two queries over an index of the rollout's devices, whatever happened to them. */
  standing(row: RolloutRow, now: number): Standing {
    const { sqlite } = this.#store;
    const lastStage = row.stage >= stagesOf(row).length - 1;
    const steps = sqlite
      .prepare<[string, number], { stage: number; step: RolloutStep; count: number }>(
        `SELECT stage, step, count(*) AS count FROM rollout_device
          WHERE rollout_id = ? AND stage <= ? GROUP BY stage, step`,
      )
      .all(row.id, row.stage);
    const sum = (which: (group: (typeof steps)[number]) => boolean): number =>
      steps.filter(which).reduce((total, { count }) => total + count, 0);
    const concerned = (stage: number): boolean => lastStage || stage === row.stage;
    const openAway = sqlite
      .prepare<[string, number, number], number>(
        `SELECT count(*) FROM rollout_device rd JOIN device d ON d.id = rd.device_id
          WHERE rd.rollout_id = ? AND rd.stage BETWEEN ? AND ? AND rd.step IN ${OPEN} AND d.connected = 0`,
      )
      .pluck();
    return {
      begun: sum(() => true),
      committed: sum(({ step }) => step === 'committed'),
      failed: Math.max(0, sum(({ step }) => step === 'failed') - row.forgiven),
      open: sum(({ stage, step }) => concerned(stage) && step !== 'committed' && step !== 'failed'),
      openAway: openAway.get(row.id, lastStage ? 0 : row.stage, row.stage) ?? 0,
      stageCommitted: sum(({ stage, step }) => stage === row.stage && step === 'committed'),
      forMs: now - row.stage_started_at,
      lastStage,
      failureLimitPercent: row.failure_limit_percent,
    };
  }

  #view(row: RolloutRow): Rollout {
    const counts: Rollout['counts'] = {
      waiting: 0,
      offered: 0,
      downloaded: 0,
      restarting: 0,
      committed: 0,
      failed: 0,
    };
    const groups = this.#store.sqlite
      .prepare<[string], { step: RolloutStep; count: number }>(
        'SELECT step, count(*) AS count FROM rollout_device WHERE rollout_id = ? GROUP BY step',
      )
      .all(row.id);
    for (const { step, count } of groups) counts[step] = count;
    return {
      id: row.id,
      image: imageView(this.image(row.image_id)),
      state: row.state,
      reason: row.reason,
      stages: stagesOf(row),
      stage: row.stage,
      failureLimitPercent: row.failure_limit_percent,
      counts,
      startedAt: row.started_at,
      updatedAt: row.updated_at,
    };
  }
}

/** Steps after which something is still to come. */
export const OPEN = "('waiting','offered','downloaded','restarting')";
