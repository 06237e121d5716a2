import type { Logger } from 'pino';
import { ulid } from 'ulid';
import { compareVersions, FirmwareVersion } from '#devices/messages/firmware';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure, notFound } from '../failure.ts';
import type { FirmwareReach, Rollout, RolloutDetail } from '../http/contract/firmware.ts';
import type { Link } from '../link/link.ts';
import { Batch } from '../registry/batch.ts';
import { every } from '../registry/ticking.ts';
import { Course } from './course.ts';
import type { ImageStore } from './image-store.ts';
import type { Offers } from './offers.ts';
import { Progress } from './progress.ts';
import { RolloutRows } from './rollout-rows.ts';
import { assignStages, type Candidate, stageSizes } from './stages.ts';

export interface RolloutsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly files: Pick<ImageStore, 'isWhole'>;
  readonly offers: Offers;
  readonly link: Pick<Link, 'on'>;
  /** How long devices that are away hold a stage up; for tests. */
  readonly patienceMs?: number;
}

/** What a technician wants. Shares in percent, ascending. */
export interface RolloutWish {
  readonly image: string;
  readonly stages: readonly number[];
  readonly failureLimitPercent: number;
}

const TICK_MS = 30_000;
/** What happens within this time is judged together. */
const LOOK_MS = 200;

/** Brings firmware to devices, a few first: each stage begins when the one before went well. */
export class Rollouts implements Component {
  readonly #deps: RolloutsDeps;
  readonly #rows: RolloutRows;
  readonly #course: Course;
  readonly #progress: Progress;
  readonly #batch: Batch;
  readonly #happened = new Set<string>();
  readonly #ends: (() => void)[] = [];

  constructor(deps: RolloutsDeps) {
    this.#deps = deps;
    this.#rows = new RolloutRows(deps.store);
    this.#course = new Course({ ...deps, rows: this.#rows });
    this.#progress = new Progress({ ...deps, happened: (rollout) => this.#happened.add(rollout) });
    this.#batch = new Batch(deps);
    deps.link.on('ack', (device, ack) => {
      if (ack.subject === 'firmware') this.#batch.add(() => this.#progress.acknowledged(device, ack));
    });
    deps.link.on('birth', (device, { firmware }) => {
      this.#batch.add(() => this.#progress.born(device, firmware));
    });
  }

  /** Goes on where a rollout stood when the program ended. */
  async start(): Promise<void> {
    await this.#batch.start();
    const { log } = this.#deps;
    this.#ends.push(
      every(LOOK_MS, 'judging rollouts', log, () => this.#look()),
      every(TICK_MS, 'following rollouts', log, () => this.tick()),
    );
    this.tick();
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    await this.#batch.stop();
  }

  list(): Rollout[] {
    return this.#rows.list();
  }

  detail(id: string): RolloutDetail {
    return this.#rows.detail(id);
  }

  /** Whom a rollout of an image would reach, before it is begun. */
  reach(image: string, stages: readonly number[]): FirmwareReach {
    const { devices, already } = this.#candidates(this.#image(image));
    return {
      devices: devices.length,
      online: devices.filter(({ online }) => online).length,
      already,
      stages: stageSizes(devices.length, stages),
    };
  }

  /**
   * @throws Failure `not-found`; `wrong-stages` 400; `rollout-open` 409 when one of the model goes on; `no-devices` 409;
   *   `image-damaged` 409 when the file is not what was uploaded.
   */
  async begin({ image: id, stages, failureLimitPercent }: RolloutWish, by: string | null): Promise<Rollout> {
    const { store, clock, files, offers, changes } = this.#deps;
    const { sqlite } = store;
    const image = this.#image(id);
    if (stages.some((share, index) => index > 0 && share <= (stages[index - 1] ?? 0))) {
      throw new Failure('wrong-stages', 'Each stage must be a larger share than the one before.');
    }
    if (!(await files.isWhole(image.sha256))) {
      throw new Failure('image-damaged', 'The file of the image is missing or damaged; upload it again.', {
        status: 409,
      });
    }
    // Reading a large file takes a while, in which the image may have been removed.
    this.#image(id);
    this.#mustBeAlone(image.model);
    const { devices } = this.#candidates(image);
    if (devices.length === 0) {
      throw new Failure('no-devices', `No ${image.model} runs anything older than ${image.version}.`, {
        status: 409,
        params: { model: image.model, version: image.version },
      });
    }
    const now = clock.now();
    const rollout = ulid(now);
    const turns = assignStages(devices, stages, rollout);
    const enter = sqlite.prepare(
      'INSERT INTO rollout_device (rollout_id, device_id, stage, position, updated_at) VALUES (?, ?, ?, ?, ?)',
    );
    sqlite.transaction(() => {
      sqlite
        .prepare(
          `INSERT INTO rollout (id, image_id, model, state, stages, stage_started_at, failure_limit_percent, started_at,
            started_by, updated_at) VALUES (?, ?, ?, 'running', ?, ?, ?, ?, ?, ?)`,
        )
        .run(rollout, id, image.model, JSON.stringify(stages), now, failureLimitPercent, now, by, now);
      for (const [position, turn] of turns.entries()) enter.run(rollout, turn.id, turn.stage, position, now);
    })();
    void offers.refresh(turns.filter(({ stage }) => stage === 0).map((turn) => turn.id));
    changes.announce('rollout', rollout);
    return this.#rows.view(rollout);
  }

  /** A person stops it for now. @throws Failure `not-found`; `rollout-not-running` 409. */
  halt(id: string): Rollout {
    const row = this.#rows.row(id);
    if (row.state !== 'running') throw wrongState('rollout-not-running', 'This rollout is not under way.');
    this.#course.end(row, 'halted', 'by-hand');
    return this.#rows.view(id);
  }

  /** A person has seen why it was halted: the failures so far are let pass. @throws Failure `not-found`; `rollout-not-halted` 409. */
  resume(id: string): Rollout {
    const { store, clock, offers, changes } = this.#deps;
    const row = this.#rows.row(id);
    if (row.state !== 'halted')
      throw wrongState('rollout-not-halted', 'Only a rollout that was halted can go on.');
    const now = clock.now();
    store.sqlite
      .prepare(
        `UPDATE rollout SET state = 'running', reason = NULL, stage_started_at = @now, updated_at = @now,
          forgiven = (SELECT count(*) FROM rollout_device WHERE rollout_id = @id AND step = 'failed') WHERE id = @id`,
      )
      .run({ id, now });
    void offers.publishAll();
    changes.announce('rollout', id);
    this.#happened.add(id);
    return this.#rows.view(id);
  }

  /** For good. @throws Failure `not-found`; `rollout-over` 409. */
  cancel(id: string): Rollout {
    const row = this.#rows.row(id);
    if (row.state !== 'running' && row.state !== 'halted') {
      throw wrongState('rollout-over', 'This rollout is over already.');
    }
    this.#course.end(row, 'cancelled', null);
    return this.#rows.view(id);
  }

  /** Writes and judges what waits. Called by the clock; a test calls it when it has turned its own. */
  tick(): void {
    this.#batch.flush();
    this.#look();
    this.#course.tick();
  }

  #look(): void {
    for (const rollout of [...this.#happened]) {
      this.#happened.delete(rollout);
      this.#course.look(rollout);
    }
  }

  #image(id: string): Row<'firmware_image'> {
    const row = this.#rows.image(id);
    if (row.removed_at !== null) throw notFound('firmware', id);
    return row;
  }

  #mustBeAlone(model: string): void {
    const open = this.#deps.store.sqlite
      .prepare("SELECT 1 FROM rollout WHERE model = ? AND state IN ('running','halted')")
      .get(model);
    if (open === undefined) return;
    throw new Failure(
      'rollout-open',
      `A rollout for ${model} goes on, or was halted; wait for its end, or cancel it.`,
      { status: 409, params: { model } },
    );
  }

  /** Devices of the image's model that run something older, or do not say what; and how many are as new already. */
  #candidates({ model, version }: Row<'firmware_image'>): { devices: Candidate[]; already: number } {
    const all = this.#deps.store.sqlite
      .prepare<[string], { id: string; firmware: string | null; connected: number }>(
        'SELECT id, firmware, connected FROM device WHERE model = ? AND removed_at IS NULL ORDER BY id',
      )
      .all(model);
    const devices = all
      .filter(({ firmware }) => {
        const running = FirmwareVersion.safeParse(firmware);
        return !running.success || compareVersions(running.data, version) < 0;
      })
      .map(({ id, connected }) => ({ id, online: connected === 1 }));
    return { devices, already: all.length - devices.length };
  }
}

const wrongState = (code: string, detail: string): Failure => new Failure(code, detail, { status: 409 });
