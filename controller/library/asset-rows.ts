import type { Database, Statement } from 'better-sqlite3';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { foldText } from '../fold-text.ts';

export type AssetRow = Row<'asset'>;
/** Without the waveform, and with how many programmes are made of it. */
export type ListedAsset = Omit<AssetRow, 'peaks'> & { readonly used_by: number };

const COLUMNS = `a.id, a.title, a.filename, a.source, a.language, a.text, a.sha256, a.bytes, a.format, a.state, a.stage,
  a.progress, a.refusal, a.refusal_params, a.duration_ms, a.loudness_lufs, a.true_peak_dbtp, a.source_loudness_lufs,
  a.opus_sha256, a.mp3_sha256, a.created_by, a.created_at, a.updated_at, a.removed_at`;
const USED = `(SELECT count(*) FROM programme p WHERE p.asset_id = a.id AND p.removed_at IS NULL) AS used_by`;

/** More rows than a person looks through; the search narrows them down. */
const MOST_LISTED = 2_000;

/** The columns that change while a file is taken in. */
export type AssetChange = Partial<
  Pick<
    AssetRow,
    | 'title'
    | 'sha256'
    | 'bytes'
    | 'format'
    | 'state'
    | 'stage'
    | 'progress'
    | 'refusal'
    | 'refusal_params'
    | 'duration_ms'
    | 'loudness_lufs'
    | 'true_peak_dbtp'
    | 'source_loudness_lufs'
    | 'peaks'
    | 'opus_sha256'
    | 'mp3_sha256'
    | 'removed_at'
  >
>;

/** Speech does not wait behind files: it is short, and somebody waits to hear it. */
export type Lane = 'speech' | 'files';

/** The table `asset`. */
export class AssetRows {
  readonly #sqlite: Database;
  readonly #statements = new Map<string, Statement>();

  constructor(store: Store) {
    this.#sqlite = store.sqlite;
  }

  /** @param search matches in the title, the file's name and the spoken text. */
  list(filter: { search?: string | undefined; state?: AssetRow['state'] | undefined }): ListedAsset[] {
    const { search = '', state = null } = filter;
    return this.#prepare<ListedAsset>(
      `SELECT ${COLUMNS}, ${USED} FROM asset a
        WHERE a.removed_at IS NULL AND (:state IS NULL OR a.state = :state)
          AND (:search = '' OR instr(fold(a.title), :search) OR instr(fold(ifnull(a.filename, '')), :search)
            OR instr(fold(ifnull(a.text, '')), :search))
        ORDER BY a.created_at DESC, a.id DESC LIMIT ${MOST_LISTED}`,
    ).all({ state, search: foldText(search) });
  }

  /** Also a removed one. */
  find(id: string): ListedAsset | undefined {
    return this.#prepare<ListedAsset>(`SELECT ${COLUMNS}, ${USED} FROM asset a WHERE a.id = ?`).get(id);
  }

  peaks(id: string): Uint8Array | null {
    return (
      this.#prepare<Pick<AssetRow, 'peaks'>>('SELECT peaks FROM asset WHERE id = ?').get(id)?.peaks ?? null
    );
  }

  insert(
    row: Pick<
      AssetRow,
      'id' | 'title' | 'filename' | 'source' | 'language' | 'text' | 'state' | 'created_by'
    >,
    now: number,
  ): void {
    this.#prepare(
      `INSERT INTO asset (id, title, filename, source, language, text, state, created_by, created_at, updated_at)
        VALUES (:id, :title, :filename, :source, :language, :text, :state, :created_by, :now, :now)`,
    ).run({ ...row, now });
  }

  change(id: string, change: AssetChange, now: number): void {
    const names = Object.keys(change);
    this.#prepare(
      `UPDATE asset SET ${names.map((name) => `${name} = :${name}, `).join('')} updated_at = :now WHERE id = :id`,
    ).run({ ...change, id, now });
  }

  /** Of an upload that never became a file: nothing can refer to it. */
  forget(id: string): void {
    this.#prepare(`DELETE FROM asset WHERE id = ? AND state = 'receiving'`).run(id);
  }

  inStates(states: readonly AssetRow['state'][]): Pick<AssetRow, 'id' | 'state' | 'source' | 'removed_at'>[] {
    return this.#prepare<Pick<AssetRow, 'id' | 'state' | 'source' | 'removed_at'>>(
      `SELECT id, state, source, removed_at FROM asset WHERE state IN (SELECT value FROM json_each(?))
        ORDER BY created_at, id`,
    ).all(JSON.stringify(states));
  }

  count(states: readonly AssetRow['state'][]): number {
    return (
      this.#prepare<{ n: number }>(
        'SELECT count(*) AS n FROM asset WHERE state IN (SELECT value FROM json_each(?))',
      ).get(JSON.stringify(states))?.n ?? 0
    );
  }

  /** Takes the oldest that waits: of speech, or of anything else. */
  takeNext(lane: Lane, now: number): string | undefined {
    return this.#prepare<{ id: string }>(
      `UPDATE asset SET state = 'working', progress = 0, updated_at = ? WHERE id =
        (SELECT id FROM asset WHERE state = 'queued' AND (source ${lane === 'speech' ? '=' : '<>'} 'speech')
          ORDER BY created_at, id LIMIT 1) RETURNING id`,
    ).get(now)?.id;
  }

  #prepare<Result = unknown>(sql: string): Statement<unknown[], Result> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement as Statement<unknown[], Result>;
  }
}
