import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { foldText } from '../fold-text.ts';

export type VisualRow = Row<'visual'>;
export type VisualChange = Partial<Omit<VisualRow, 'id' | 'created_at' | 'created_by' | 'updated_at'>>;

/** More rows than a person looks through; the search narrows them down. */
const MOST_LISTED = 2_000;

/** The table `visual`. */
export class VisualRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Newest first. @param search matches in the title, the file's name and the words about it. */
  list({
    search = '',
    kind,
  }: {
    search?: string | undefined;
    kind?: VisualRow['kind'] | undefined;
  }): VisualRow[] {
    return this.#store.sqlite
      .prepare<object, VisualRow>(
        `SELECT * FROM visual WHERE removed_at IS NULL AND (:kind IS NULL OR kind = :kind)
            AND (:search = '' OR instr(fold(title), :search) OR instr(fold(ifnull(filename, '')), :search)
              OR instr(fold(alt), :search))
          ORDER BY created_at DESC, id DESC LIMIT ${MOST_LISTED}`,
      )
      .all({ kind: kind ?? null, search: foldText(search) });
  }

  /** Also a removed one. */
  find(id: string): VisualRow | undefined {
    return this.#store.sqlite.prepare<[string], VisualRow>('SELECT * FROM visual WHERE id = ?').get(id);
  }

  insert(
    row: Pick<VisualRow, 'id' | 'kind' | 'title' | 'filename' | 'alt' | 'state' | 'created_by'>,
    now: number,
  ): void {
    this.#store.sqlite
      .prepare(
        `INSERT INTO visual (id, kind, title, filename, alt, state, created_by, created_at, updated_at)
          VALUES (:id, :kind, :title, :filename, :alt, :state, :created_by, :now, :now)`,
      )
      .run({ ...row, now });
  }

  change(id: string, change: VisualChange, now: number): void {
    const columns = Object.keys(change).map((name) => `${name} = :${name}, `);
    this.#store.sqlite
      .prepare(`UPDATE visual SET ${columns.join('')} updated_at = :now WHERE id = :id`)
      .run({ ...change, id, now });
  }

  /** Of an upload that never became a file: nothing can refer to it. */
  forget(id: string): void {
    this.#store.sqlite.prepare(`DELETE FROM visual WHERE id = ? AND state = 'receiving'`).run(id);
  }

  inStates(states: readonly VisualRow['state'][]): VisualRow[] {
    return this.#store.sqlite
      .prepare<[string], VisualRow>(
        'SELECT * FROM visual WHERE state IN (SELECT value FROM json_each(?)) ORDER BY created_at, id',
      )
      .all(JSON.stringify(states));
  }

  count(states: readonly VisualRow['state'][]): number {
    return (
      this.#store.sqlite
        .prepare<[string], number>(
          'SELECT count(*) FROM visual WHERE state IN (SELECT value FROM json_each(?))',
        )
        .pluck()
        .get(JSON.stringify(states)) ?? 0
    );
  }
}
