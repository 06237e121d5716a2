import type { Ack } from '#devices/messages/ack';
import { compareVersions, FirmwareVersion } from '#devices/messages/firmware';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { RolloutStep } from '../http/contract/firmware.ts';
import { type Offers, rolloutOf } from './offers.ts';

export interface ProgressDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly offers: Pick<Offers, 'refresh' | 'expired'>;
  /** Something happened in a rollout: it is to be judged again soon. */
  readonly happened: (rollout: string) => void;
}

/** How far a device came. It only moves forward: acknowledgements may come twice, late, or in another order. */
const RANK: Record<RolloutStep, number> = {
  waiting: 0,
  offered: 1,
  downloaded: 2,
  restarting: 3,
  failed: 4,
  committed: 5,
};

const STEP: Record<Ack['state'], RolloutStep> = {
  received: 'offered',
  ready: 'downloaded',
  started: 'restarting',
  ended: 'committed',
  rejected: 'failed',
};

/** What devices say of their firmware, entered into the rollouts that it concerns. Each call touches one row. */
export class Progress {
  readonly #deps: ProgressDeps;

  constructor(deps: ProgressDeps) {
    this.#deps = deps;
  }

  /** An acknowledgement with the subject `firmware`. */
  acknowledged(device: string, { id, state, reason }: Ack): void {
    if (id === null) return;
    // Nobody failed: the offer was old, or the device's clock is wrong, which the second try shows.
    if (reason === 'expired' && this.#deps.offers.expired(device, id)) return;
    this.#move(rolloutOf(id), device, STEP[state], state === 'rejected' ? (reason ?? 'unsupported') : null);
  }

  /**
   * What a device runs, by its own word. On trial it tells the new version too, so that this alone commits nothing; but
   * it shows that the restart has come, and that a version which was committed is not there any more.
   */
  born(device: string, running: string): void {
    const row = this.#deps.store.sqlite
      .prepare<[string], { rollout_id: string; step: RolloutStep; version: string }>(
        `SELECT rd.rollout_id, rd.step, i.version FROM rollout_device rd
          JOIN rollout r ON r.id = rd.rollout_id JOIN firmware_image i ON i.id = r.image_id
          WHERE rd.device_id = ? AND r.state IN ('running','halted') ORDER BY rd.rollout_id DESC LIMIT 1`,
      )
      .get(device);
    const version = FirmwareVersion.safeParse(running);
    if (row === undefined || !version.success) return;
    const difference = compareVersions(version.data, row.version);
    if (difference === 0 && (row.step === 'offered' || row.step === 'downloaded')) {
      this.#move(row.rollout_id, device, 'restarting', null);
    }
    if (difference < 0 && row.step === 'committed')
      this.#write(row.rollout_id, device, 'failed', 'fell-back');
  }

  #move(rollout: string, device: string, step: RolloutStep, reason: string | null): void {
    const before = this.#deps.store.sqlite
      .prepare<[string, string], RolloutStep>(
        'SELECT step FROM rollout_device WHERE rollout_id = ? AND device_id = ?',
      )
      .pluck()
      .get(rollout, device);
    if (before === undefined || RANK[step] <= RANK[before]) return;
    this.#write(rollout, device, step, reason);
  }

  #write(rollout: string, device: string, step: RolloutStep, reason: string | null): void {
    const { store, clock, changes, offers, happened } = this.#deps;
    store.sqlite
      .prepare(
        'UPDATE rollout_device SET step = ?, reason = ?, updated_at = ? WHERE rollout_id = ? AND device_id = ?',
      )
      .run(step, reason, clock.now(), rollout, device);
    if (step === 'committed' || step === 'failed') void offers.refresh([device]);
    changes.announce('rollout', rollout);
    happened(rollout);
  }
}
