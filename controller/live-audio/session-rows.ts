import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import type { LiveEnd } from '../http/contract/live.ts';

export type SessionRow = Row<'live_session'>;

/** What is written of a session while it goes on. */
export interface SessionProgress {
  readonly leadMs: number;
  readonly lateShare: number;
  readonly listened: number;
  readonly onAirAt: number | null;
}

/** The table `live_session`. */
export class SessionRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  insert(row: {
    readonly id: string;
    readonly title: string;
    readonly endChime: boolean;
    readonly by: string | null;
    readonly now: number;
  }): void {
    this.#store.sqlite
      .prepare(
        `INSERT INTO live_session (id, title, end_chime, lead_ms, created_by, created_at)
          VALUES (@id, @title, @endChime, 0, @by, @now)`,
      )
      .run({ ...row, endChime: row.endChime ? 1 : 0, now: Math.round(row.now) });
  }

  /** Of one that never went on the air. */
  forget(id: string): void {
    this.#store.sqlite.prepare('DELETE FROM live_session WHERE id = ?').run(id);
  }

  find(id: string): SessionRow | undefined {
    return this.#store.sqlite
      .prepare<[string], SessionRow>('SELECT * FROM live_session WHERE id = ?')
      .get(id);
  }

  /** Those that no end was written of. */
  open(): SessionRow[] {
    return this.#store.sqlite
      .prepare<[], SessionRow>('SELECT * FROM live_session WHERE end IS NULL ORDER BY id')
      .all();
  }

  progress(id: string, { leadMs, lateShare, listened, onAirAt }: SessionProgress): void {
    this.#store.sqlite
      .prepare(
        `UPDATE live_session SET lead_ms = @leadMs, late_share = @lateShare,
            listened = max(listened, @listened), on_air_at = coalesce(on_air_at, @onAirAt) WHERE id = @id`,
      )
      .run({
        ...{ id, leadMs, lateShare, listened },
        onAirAt: onAirAt === null ? null : Math.round(onAirAt),
      });
  }

  ask(id: string, asked: number): void {
    this.#store.sqlite.prepare('UPDATE live_session SET asked = ? WHERE id = ?').run(asked, id);
  }

  end(id: string, end: LiveEnd, endedAt: number): void {
    this.#store.sqlite
      .prepare('UPDATE live_session SET end = ?, ended_at = ? WHERE id = ? AND end IS NULL')
      .run(end, Math.round(endedAt), id);
  }

  keep(id: string, assetId: string): void {
    this.#store.sqlite
      .prepare('UPDATE live_session SET recording_asset_id = ? WHERE id = ?')
      .run(assetId, id);
  }

  /** How many devices a broadcast asked. */
  asked(id: string): number {
    return (
      this.#store.sqlite
        .prepare<[string], number>('SELECT count(*) FROM broadcast_device WHERE broadcast_id = ?')
        .pluck()
        .get(id) ?? 0
    );
  }
}
