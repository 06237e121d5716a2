import type { Changes } from '../changes.ts';
import type { Store } from '../database/open.ts';
import { inUse } from '../library/uses.ts';

/** Which programmes are made of which pictures and films. Read once, and again when programmes change. */
export class VisualUses {
  readonly #store: Store;
  #users: Map<string, { readonly title: string; readonly uses: number }> | null = null;

  constructor({ store, changes }: { readonly store: Store; readonly changes: Changes }) {
    this.#store = store;
    changes.listen((entity) => {
      if (entity === 'programme') this.#users = null;
    });
  }

  count(visual: string): number {
    return this.#all().get(visual)?.uses ?? 0;
  }

  /** @throws Failure 409 `in-use`, naming a programme. */
  refuseUsed(visual: string): void {
    const user = this.#all().get(visual);
    if (user !== undefined) throw inUse('picture or film', { kind: 'programme', ...user });
  }

  #all(): ReadonlyMap<string, { readonly title: string; readonly uses: number }> {
    if (this.#users !== null) return this.#users;
    const users = new Map<string, { title: string; uses: number }>();
    const rows = this.#store.sqlite
      .prepare<[], { title: string; board: string }>(
        `SELECT title, board FROM programme WHERE removed_at IS NULL AND board LIKE '%"visual":"%' ORDER BY created_at DESC`,
      )
      .iterate();
    for (const { title, board } of rows) {
      const named = new Set([...board.matchAll(/"visual":"([^"\\]{1,32})"/g)].map(([, id = '']) => id));
      for (const id of named) users.set(id, { title, uses: (users.get(id)?.uses ?? 0) + 1 });
    }
    this.#users = users;
    return users;
  }
}
