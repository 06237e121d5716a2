import { z } from 'zod';
import { wordsOf } from '#devices/render/words';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import type { PastItem, StandingItem } from './standing-item.ts';

const Names = z.array(z.string());
/** More boards than a person reads the names of. */
const MOST_NAMES = 200;
const MOST_LISTED = 60;

/** The table `public_board_item`: what stood on boards, and when last. */
export class PublicItems {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Writes down what stands now. */
  note(items: readonly StandingItem[], now: number): void {
    const { sqlite } = this.#store;
    const known = sqlite
      .prepare<[string], string>('SELECT boards FROM public_board_item WHERE id = ?')
      .pluck();
    const write = sqlite.prepare(
      `INSERT INTO public_board_item (id, scene_sha256, title, language, words, priority, boards, width, height, first_at, last_at)
        VALUES (@id, @scene, @title, @language, @words, @priority, @boards, @width, @height, @since, @now)
        ON CONFLICT (id) DO UPDATE SET title = @title, priority = @priority, boards = @boards, last_at = @now`,
    );
    sqlite.transaction(() => {
      for (const { id, sceneSha256: scene, scene: whole, title, priority, since, boards, size } of items) {
        const before = known.get(id);
        const names = new Set(before === undefined ? [] : Names.parse(JSON.parse(before)));
        for (const { name } of boards) if (names.size < MOST_NAMES) names.add(name);
        write.run({
          ...{ id, scene, title, priority, ...size, since: Math.min(since, now), now },
          ...{ language: whole.language, words: wordsOf(whole), boards: JSON.stringify([...names]) },
        });
      }
    })();
  }

  /** What stood after a moment, the latest first; without what was withdrawn. */
  since(from: number, without: ReadonlySet<string>): PastItem[] {
    return this.#store.sqlite
      .prepare<[number], Row<'public_board_item'>>(
        `SELECT * FROM public_board_item WHERE last_at >= ? ORDER BY last_at DESC, id LIMIT ${MOST_LISTED * 4}`,
      )
      .all(from)
      .filter(({ id }) => !without.has(id))
      .map((row) => this.#view(row))
      .filter(({ withdrawn }) => !withdrawn)
      .slice(0, MOST_LISTED);
  }

  /** Whether it stood on a board before. */
  has(id: string): boolean {
    return (
      this.#store.sqlite.prepare<[string], 1>('SELECT 1 FROM public_board_item WHERE id = ?').get(id) !==
      undefined
    );
  }

  find(id: string): PastItem | null {
    const row = this.#store.sqlite
      .prepare<[string], Row<'public_board_item'>>('SELECT * FROM public_board_item WHERE id = ?')
      .get(id);
    return row === undefined ? null : this.#view(row);
  }

  #view(row: Row<'public_board_item'>): PastItem {
    const withdrawn = this.#store.sqlite
      .prepare<[string], number | null>(
        'SELECT min(removed_at IS NOT NULL) FROM programme WHERE scene_sha256 = ?',
      )
      .pluck()
      .get(row.scene_sha256);
    return {
      ...{ id: row.id, sceneSha256: row.scene_sha256, title: row.title, language: row.language },
      ...{ words: row.words, priority: row.priority, boards: Names.parse(JSON.parse(row.boards)) },
      ...{ size: { width: row.width, height: row.height }, firstAt: row.first_at, lastAt: row.last_at },
      withdrawn: withdrawn === 1,
    };
  }
}
