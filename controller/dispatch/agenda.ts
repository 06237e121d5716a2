import { z } from 'zod';
import type { Store } from '../database/open.ts';

const Starts = z.array(z.number());

/** When each plan next has something to play, kept in memory so that a tick opens only the plans that are due. */
export class Agenda {
  readonly #store: Store;
  /** First start at or after the mark at which it was looked up. Infinity: none any more. */
  readonly #next = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * The plans that were in force at any time since `mark` and have a start in `[mark, until)`, or were issued since
   * and may have something under way. Plans that are no longer in force are forgotten.
   */
  due(mark: number, until: number): string[] {
    const inForce = this.#store.sqlite
      .prepare<[number], { sha256: string; issued_at: number }>(
        `SELECT plan_sha256 AS sha256, max(issued_at) AS issued_at FROM
          (SELECT plan_sha256, issued_at FROM device_plan WHERE superseded_at IS NULL
            UNION ALL SELECT plan_sha256, issued_at FROM device_plan WHERE superseded_at > ?)
          GROUP BY plan_sha256`,
      )
      .all(mark);
    const known = new Set(inForce.map(({ sha256 }) => sha256));
    for (const sha256 of this.#next.keys()) if (!known.has(sha256)) this.#next.delete(sha256);
    const read = this.#store.sqlite
      .prepare<[string], string>('SELECT starts FROM plan_agenda WHERE plan_sha256 = ?')
      .pluck();
    return inForce.flatMap(({ sha256, issued_at }) => {
      let next = this.#next.get(sha256);
      let underWay = false;
      if (next === undefined || next < mark) {
        const starts = Starts.parse(JSON.parse(read.get(sha256) ?? '[]'));
        underWay = (starts[0] ?? Number.POSITIVE_INFINITY) < mark;
        next = starts.find((start) => start >= mark) ?? Number.POSITIVE_INFINITY;
        this.#next.set(sha256, next);
      }
      return next < until || (underWay && issued_at >= mark) ? sha256 : [];
    });
  }
}
