import { z } from 'zod';
import type { Store } from '../database/open.ts';

const Starts = z.array(z.number());

/** A plan that has something to be entered in the log. */
export interface DuePlan {
  readonly sha256: string;
  /** When it was last given to a device, and to how many it was. */
  readonly issuedAt: number;
  readonly devices: number;
}

/** What was found when a plan was last looked at, for the devices that it had been given to until then. */
interface Known extends Omit<DuePlan, 'sha256'> {
  /** The first start that is not in the log; Infinity when there is none. */
  readonly next: number;
}

/** When each plan next has something to play, kept in memory so that a tick opens only the plans that are due. */
export class Agenda {
  readonly #store: Store;
  readonly #known = new Map<string, Known>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * The plans that were in force at any time since `mark` and have a start in `[mark, until)` that was not entered
   * yet, or were given to a device since and may have something under way. Others are forgotten.
   */
  due(mark: number, until: number): DuePlan[] {
    const inForce = this.#store.sqlite
      .prepare<[number], DuePlan>(
        `SELECT plan_sha256 AS sha256, max(issued_at) AS issuedAt, count(*) AS devices FROM
          (SELECT plan_sha256, issued_at FROM device_plan WHERE superseded_at IS NULL
            UNION ALL SELECT plan_sha256, issued_at FROM device_plan WHERE superseded_at > ?)
          GROUP BY plan_sha256`,
      )
      .all(mark);
    const names = new Set(inForce.map(({ sha256 }) => sha256));
    for (const sha256 of this.#known.keys()) if (!names.has(sha256)) this.#known.delete(sha256);
    return inForce.filter(({ sha256, issuedAt, devices }) => {
      const known = this.#known.get(sha256);
      if (known?.issuedAt === issuedAt && known.devices === devices) return known.next < until;
      const starts = this.#starts(sha256);
      const next = firstFrom(starts, mark);
      if (next < until || (issuedAt >= mark && firstFrom(starts, 0) < mark)) return true;
      this.#known.set(sha256, { issuedAt, devices, next });
      return false;
    });
  }

  /** Everything of these plans that starts before `until` is in the log. */
  entered(plans: readonly DuePlan[], until: number): void {
    for (const { sha256, issuedAt, devices } of plans) {
      this.#known.set(sha256, { issuedAt, devices, next: firstFrom(this.#starts(sha256), until) });
    }
  }

  #starts(sha256: string): number[] {
    const text = this.#store.sqlite
      .prepare<[string], string>('SELECT starts FROM plan_agenda WHERE plan_sha256 = ?')
      .pluck()
      .get(sha256);
    return Starts.parse(JSON.parse(text ?? '[]'));
  }
}

const firstFrom = (starts: readonly number[], from: number): number =>
  starts.find((start) => start >= from) ?? Number.POSITIVE_INFINITY;
