import { ulid } from 'ulid';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure, notFound } from '../failure.ts';
import type { RelaySource } from '../http/contract/relays.ts';
import { inUse } from '../library/uses.ts';
import { Allowance, destinationOf } from './allowance.ts';
import type { Doorway } from './connect.ts';
import { webAddress } from './fetch.ts';
import { StreamTrouble } from './trouble.ts';

export interface SourcesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly doorway: Doorway;
}

type Body = Pick<RelaySource, 'title' | 'url' | 'fallbackPlaylistId' | 'silenceMs'>;
export type SourceChange = { readonly [K in keyof Body]?: Body[K] | undefined };

/** The streams that people may relay. */
export class Sources {
  readonly #deps: SourcesDeps;

  constructor(deps: SourcesDeps) {
    this.#deps = deps;
  }

  list(): RelaySource[] {
    return this.#deps.store.sqlite
      .prepare<[], Row<'relay_source'>>(
        'SELECT * FROM relay_source WHERE removed_at IS NULL ORDER BY title, id LIMIT 500',
      )
      .all()
      .map(view);
  }

  /** @throws Failure `not-found`. */
  row(id: string): Row<'relay_source'> {
    const row = this.#deps.store.sqlite
      .prepare<[string], Row<'relay_source'>>(
        'SELECT * FROM relay_source WHERE id = ? AND removed_at IS NULL',
      )
      .get(id);
    if (row === undefined) throw notFound('relay source', id);
    return row;
  }

  /** @throws Failure 422 `relay-refused`, `not-found` for the fallback. */
  add(body: Body, by: string | null): RelaySource {
    const { store, clock } = this.#deps;
    this.#check(body);
    const id = ulid(clock.now());
    store.sqlite
      .prepare(
        `INSERT INTO relay_source (id, title, url, fallback_playlist_id, silence_ms, created_by, created_at, updated_at)
          VALUES (@id, @title, @url, @fallbackPlaylistId, @silenceMs, @by, @now, @now)`,
      )
      .run({ ...body, id, by, now: Math.round(clock.now()) });
    return this.#announced(id);
  }

  /** What is left out stays as it is. A relay under way goes on as it began. */
  change(id: string, change: SourceChange): RelaySource {
    const { store, clock } = this.#deps;
    const before = view(this.row(id));
    const body: Body = {
      title: change.title ?? before.title,
      url: change.url ?? before.url,
      fallbackPlaylistId:
        change.fallbackPlaylistId === undefined ? before.fallbackPlaylistId : change.fallbackPlaylistId,
      silenceMs: change.silenceMs ?? before.silenceMs,
    };
    this.#check({ ...body, url: change.url });
    store.sqlite
      .prepare(
        `UPDATE relay_source SET title = @title, url = @url, fallback_playlist_id = @fallbackPlaylistId,
            silence_ms = @silenceMs, updated_at = @now WHERE id = @id`,
      )
      .run({ ...body, id, now: Math.round(clock.now()) });
    return this.#announced(id);
  }

  /** @throws Failure 409 `in-use` while a schedule names it. */
  remove(id: string): void {
    const { store, clock, changes } = this.#deps;
    this.row(id);
    const user = store.sqlite
      .prepare<[string], { kind: string; title: string; uses: number }>(
        `SELECT 'schedule' AS kind, title, count(*) OVER () AS uses FROM schedule
          WHERE relay_source_id = ? AND removed_at IS NULL LIMIT 1`,
      )
      .get(id);
    if (user !== undefined) throw inUse('stream', user);
    store.sqlite
      .prepare('UPDATE relay_source SET removed_at = ? WHERE id = ?')
      .run(Math.round(clock.now()), id);
    changes.announce('relay', id);
  }

  #check({
    url,
    fallbackPlaylistId,
  }: {
    readonly url: string | undefined;
    readonly fallbackPlaylistId: string | null;
  }): void {
    if (url !== undefined) refuseAddress(url, this.#deps.doorway);
    if (fallbackPlaylistId === null) return;
    const found = this.#deps.store.sqlite
      .prepare<[string], 1>('SELECT 1 FROM playlist WHERE id = ? AND removed_at IS NULL')
      .get(fallbackPlaylistId);
    if (found === undefined) throw notFound('playlist', fallbackPlaylistId);
  }

  #announced(id: string): RelaySource {
    this.#deps.changes.announce('relay', id);
    return view(this.row(id));
  }
}

/**
 * By the list alone, without asking the network: what the name leads to is judged whenever it is opened.
 * @throws Failure 422 `relay-refused`.
 */
function refuseAddress(url: string, { policy }: Doorway): void {
  try {
    const destination = destinationOf(webAddress(url));
    if (destination !== null && new Allowance(policy()).names(destination)) return;
    throw new Failure(
      'relay-refused',
      `${destination?.host}:${destination?.port} is not among the addresses that may be relayed. Ask an administrator to allow it.`,
      { status: 422, params: { reason: 'not-allowed', host: destination?.host ?? '' } },
    );
  } catch (error) {
    if (!(error instanceof StreamTrouble)) throw error;
    throw new Failure('relay-refused', error.message, {
      status: 422,
      params: { reason: error.code, host: '' },
    });
  }
}

function view(row: Row<'relay_source'>): RelaySource {
  return {
    id: row.id,
    title: row.title,
    url: row.url,
    fallbackPlaylistId: row.fallback_playlist_id,
    silenceMs: row.silence_ms,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
