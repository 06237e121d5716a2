import { ulid } from 'ulid';
import type { z } from 'zod';
import type { Row } from '../database/schema.ts';
import { notFound } from '../failure.ts';
import type { libraryRoutes, Playlist } from '../http/contract/library.ts';
import { type ContentDeps, refuseUnusableAsset } from './programmes.ts';
import { inUse } from './uses.ts';

type NewPlaylist = z.output<(typeof libraryRoutes)['POST /playlists']['body']>;
type PlaylistChange = z.output<(typeof libraryRoutes)['PATCH /playlists/{id}']['body']>;

type Head = Row<'playlist'> & {
  readonly chime_state: Row<'asset'>['state'] | null;
  readonly chime_duration_ms: number | null;
  readonly used_by: number;
};
interface Item {
  readonly playlist_id: string;
  readonly programme_id: string;
  readonly title: string;
  readonly duration_ms: number | null;
}

const HEADS = `SELECT l.*, a.state AS chime_state, a.duration_ms AS chime_duration_ms,
    (SELECT count(*) FROM schedule s WHERE s.playlist_id = l.id AND s.removed_at IS NULL) AS used_by
  FROM playlist l LEFT JOIN asset a ON a.id = l.chime_asset_id`;
const ITEMS = `SELECT i.playlist_id, i.programme_id, p.title,
    CASE WHEN p.asset_id IS NULL THEN p.notice_duration_ms WHEN a.state = 'ready' THEN a.duration_ms END AS duration_ms
  FROM playlist_item i JOIN programme p ON p.id = i.programme_id LEFT JOIN asset a ON a.id = p.asset_id`;
const MOST_LISTED = 2_000;

/** Programmes in a row, with a start chime or without. */
export class Playlists {
  readonly #deps: ContentDeps;

  constructor(deps: ContentDeps) {
    this.#deps = deps;
  }

  list(): Playlist[] {
    const { sqlite } = this.#deps.store;
    const heads = sqlite
      .prepare<[], Head>(
        `${HEADS} WHERE l.removed_at IS NULL ORDER BY l.created_at DESC, l.id DESC LIMIT ${MOST_LISTED}`,
      )
      .all();
    const ids = JSON.stringify(heads.map(({ id }) => id));
    const items = sqlite
      .prepare<[string], Item>(
        `${ITEMS} WHERE i.playlist_id IN (SELECT value FROM json_each(?)) ORDER BY i.playlist_id, i.position`,
      )
      .all(ids);
    const lists = new Map<string, Item[]>();
    for (const item of items) lists.set(item.playlist_id, [...(lists.get(item.playlist_id) ?? []), item]);
    return heads.map((head) => view(head, lists.get(head.id) ?? []));
  }

  get(id: string): Playlist {
    const head = this.#head(id);
    const items = this.#deps.store.sqlite
      .prepare<[string], Item>(`${ITEMS} WHERE i.playlist_id = ? ORDER BY i.position`)
      .all(id);
    return view(head, items);
  }

  /** @throws Failure `not-found` for a programme or the chime, `not-usable` for the chime. */
  add({ title, chimeAssetId, items }: NewPlaylist, by: string | null): Playlist {
    const { store, clock } = this.#deps;
    this.#refuseUnknown(items);
    if (chimeAssetId !== null) refuseUnusableAsset(store, chimeAssetId);
    const id = ulid();
    store.sqlite.transaction(() => {
      store.sqlite
        .prepare(
          `INSERT INTO playlist (id, title, chime_asset_id, created_by, created_at, updated_at)
            VALUES (:id, :title, :chimeAssetId, :by, :now, :now)`,
        )
        .run({ id, title, chimeAssetId, by, now: clock.now() });
      this.#setItems(id, items);
    })();
    return this.#announced(id, items);
  }

  /** What is left out stays as it is. */
  change(id: string, change: PlaylistChange): Playlist {
    const { store, clock } = this.#deps;
    const head = this.#head(id);
    const before = this.get(id).items.map(({ programmeId }) => programmeId);
    const items = change.items;
    if (items !== undefined) this.#refuseUnknown(items);
    const chime = change.chimeAssetId === undefined ? head.chime_asset_id : change.chimeAssetId;
    if (chime !== null && chime !== head.chime_asset_id) refuseUnusableAsset(store, chime);
    store.sqlite.transaction(() => {
      store.sqlite
        .prepare('UPDATE playlist SET title = ?, chime_asset_id = ?, updated_at = ? WHERE id = ?')
        .run(change.title ?? head.title, chime, clock.now(), id);
      if (items !== undefined) this.#setItems(id, items);
    })();
    return this.#announced(id, items === undefined ? [] : [...before, ...items]);
  }

  /** @throws Failure 409 `in-use`. */
  remove(id: string): void {
    const { store, clock } = this.#deps;
    const items = this.get(id).items.map(({ programmeId }) => programmeId);
    const user = store.sqlite
      .prepare<[object], { kind: string; title: string; uses: number }>(
        `SELECT kind, title, count(*) OVER () AS uses FROM (
            SELECT 'schedule' AS kind, title FROM schedule WHERE playlist_id = @id AND removed_at IS NULL
            UNION ALL SELECT 'relay source', title FROM relay_source
              WHERE fallback_playlist_id = @id AND removed_at IS NULL
          ) LIMIT 1`,
      )
      .get({ id });
    if (user !== undefined) throw inUse('playlist', user);
    store.sqlite.prepare('UPDATE playlist SET removed_at = ? WHERE id = ?').run(clock.now(), id);
    this.#announce(id, items);
  }

  /** Brings back the programmes and sounds that were removed since. @throws Failure `not-found`. */
  restore(id: string): Playlist {
    const { sqlite } = this.#deps.store;
    if (sqlite.prepare('SELECT 1 FROM playlist WHERE id = ?').get(id) === undefined)
      throw notFound('playlist', id);
    sqlite.transaction(() => {
      sqlite.prepare('UPDATE playlist SET removed_at = NULL WHERE id = ?').run(id);
      sqlite
        .prepare(
          `UPDATE programme SET removed_at = NULL WHERE id IN (SELECT programme_id FROM playlist_item WHERE playlist_id = ?)`,
        )
        .run(id);
      sqlite
        .prepare(
          `UPDATE asset SET removed_at = NULL WHERE id = (SELECT chime_asset_id FROM playlist WHERE id = :id)
            OR id IN (SELECT p.asset_id FROM programme p JOIN playlist_item i ON i.programme_id = p.id WHERE i.playlist_id = :id)`,
        )
        .run({ id });
    })();
    return this.#announced(
      id,
      this.get(id).items.map(({ programmeId }) => programmeId),
    );
  }

  #head(id: string): Head {
    const head = this.#deps.store.sqlite
      .prepare<[string], Head>(`${HEADS} WHERE l.id = ? AND l.removed_at IS NULL`)
      .get(id);
    if (head === undefined) throw notFound('playlist', id);
    return head;
  }

  #refuseUnknown(items: readonly string[]): void {
    const missing = this.#deps.store.sqlite
      .prepare<[string], string>(
        `SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM programme WHERE removed_at IS NULL) LIMIT 1`,
      )
      .pluck()
      .get(JSON.stringify(items));
    if (missing !== undefined) throw notFound('programme', missing);
  }

  #setItems(id: string, items: readonly string[]): void {
    const { sqlite } = this.#deps.store;
    sqlite.prepare('DELETE FROM playlist_item WHERE playlist_id = ?').run(id);
    const add = sqlite.prepare(
      'INSERT INTO playlist_item (playlist_id, position, programme_id) VALUES (?, ?, ?)',
    );
    for (const [position, programme] of items.entries()) add.run(id, position, programme);
  }

  #announced(id: string, programmes: readonly string[]): Playlist {
    this.#announce(id, programmes);
    return this.get(id);
  }

  /** The programmes too: their lists show how often they are used. */
  #announce(id: string, programmes: readonly string[]): void {
    this.#deps.changes.announce('playlist', id);
    for (const programme of new Set(programmes)) this.#deps.changes.announce('programme', programme);
  }
}

function view(head: Head, items: readonly Item[]): Playlist {
  const lengths = items.map(({ duration_ms }) => duration_ms);
  if (head.chime_asset_id !== null)
    lengths.push(head.chime_state === 'ready' ? head.chime_duration_ms : null);
  const durationMs = lengths.reduce<number | null>(
    (sum, length) => (sum === null || length === null ? null : sum + length),
    0,
  );
  return {
    id: head.id,
    title: head.title,
    chimeAssetId: head.chime_asset_id,
    items: items.map(({ programme_id, title, duration_ms }) => ({
      programmeId: programme_id,
      title,
      durationMs: duration_ms,
    })),
    durationMs,
    usedBy: head.used_by,
    createdAt: head.created_at,
    updatedAt: head.updated_at,
  };
}
