import { z } from 'zod';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure, notFound } from '../failure.ts';
import { Bulletin, type BulletinState } from '../http/contract/bulletins.ts';
import { Target } from '../http/contract/schedules.ts';

export type BulletinRow = Row<'bulletin'>;
export type BulletinChange = Partial<
  Omit<BulletinRow, 'id' | 'sender' | 'external_id' | 'received_at' | 'updated_at'>
>;
/** Who moved it there, and why. */
export interface Move {
  readonly state: BulletinState;
  readonly by: string | null;
  readonly reason: string | null;
}

export interface BulletinEvent {
  readonly at: number;
  readonly state: BulletinState;
  readonly by: string | null;
  readonly reason: string | null;
}

export const Collisions = Bulletin.shape.collisions;
/** What a person asked for when a choice had to be made first. */
export const Wish = z.object({ at: z.number(), targets: z.array(Target) });

const Cursor = z.tuple([z.number(), z.string()]);

/** The tables `bulletin` and `bulletin_event`. */
export class BulletinRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws Failure `not-found`. */
  get(id: string): BulletinRow {
    const row = this.#all('SELECT * FROM bulletin WHERE id = ?', id)[0];
    if (row === undefined) throw notFound('bulletin', id);
    return row;
  }

  byName(sender: string, externalId: string): BulletinRow | undefined {
    return this.#all('SELECT * FROM bulletin WHERE sender = ? AND external_id = ?', sender, externalId)[0];
  }

  ofSchedule(schedule: string): BulletinRow | undefined {
    return this.#all('SELECT * FROM bulletin WHERE schedule_id = ?', schedule)[0];
  }

  ofIncident(incident: string): BulletinRow | undefined {
    return this.#all('SELECT * FROM bulletin WHERE incident_id = ?', incident)[0];
  }

  /** Not on the air yet, and of no use any more. */
  lapsed(now: number): BulletinRow[] {
    return this.#all(
      `SELECT * FROM bulletin WHERE state IN ('received', 'choose', 'accepted') AND expires_at < ?`,
      now,
    );
  }

  /** What another life of the program was about to sound, or to fetch. */
  unfinished(): BulletinRow[] {
    return this.#all(`SELECT * FROM bulletin WHERE state = 'received' AND
      (reason = 'starting' OR (audio_url IS NOT NULL AND asset_id IS NULL))`);
  }

  insert(row: BulletinRow, by: string | null): void {
    const names = Object.keys(row);
    this.#store.sqlite.transaction(() => {
      this.#store.sqlite
        .prepare(
          `INSERT INTO bulletin (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
        )
        .run(row);
      this.#note(row.id, row.received_at, { state: row.state as BulletinState, by, reason: row.reason });
    })();
  }

  /** Changes it, and writes into its history where it went. */
  move(id: string, move: Move, change: BulletinChange, now: number): void {
    this.#store.sqlite.transaction(() => {
      this.change(id, { ...change, state: move.state, reason: move.reason }, now);
      this.#note(id, now, move);
    })();
  }

  change(id: string, change: BulletinChange, now: number): void {
    const names = Object.keys(change);
    this.#store.sqlite
      .prepare(
        `UPDATE bulletin SET ${names.map((name) => `${name} = @${name}, `).join('')} updated_at = @now WHERE id = @id`,
      )
      .run({ ...change, id, now });
  }

  history(id: string): BulletinEvent[] {
    return this.#store.sqlite
      .prepare<[string], BulletinEvent>(
        'SELECT at, state, by, reason FROM bulletin_event WHERE bulletin_id = ? ORDER BY at, rowid',
      )
      .all(id);
  }

  /** Newest first. @throws Failure `bad-cursor`. */
  page(query: { state?: BulletinState | undefined; limit: number; cursor?: string | undefined }): {
    items: Bulletin[];
    total: number;
    next: string | null;
  } {
    const { sqlite } = this.#store;
    const [at, id] = query.cursor === undefined ? [null, null] : readCursor(query.cursor);
    const state = query.state ?? null;
    const rows = sqlite
      .prepare<[object], BulletinRow>(
        `SELECT * FROM bulletin WHERE (@state IS NULL OR state = @state)
          AND (@at IS NULL OR (received_at, id) < (@at, @id)) ORDER BY received_at DESC, id DESC LIMIT @limit`,
      )
      .all({ state, at, id, limit: query.limit + 1 });
    const total = sqlite
      .prepare<[object], number>('SELECT count(*) FROM bulletin WHERE @state IS NULL OR state = @state')
      .pluck()
      .get({ state });
    const items = rows.slice(0, query.limit);
    const last = items.at(-1);
    const next = rows.length > query.limit && last !== undefined ? cursorOf(last) : null;
    return { items: items.map((row) => this.view(row)), total: total ?? 0, next };
  }

  /** As the interface shows it. */
  view(row: BulletinRow): Bulletin {
    return Bulletin.parse({
      ...row,
      externalId: row.external_id,
      wantedAt: row.wanted_at,
      expiresAt: row.expires_at,
      assetId: row.asset_id,
      programmeId: row.programme_id,
      scheduleId: row.schedule_id,
      incidentId: row.incident_id,
      collisions: JSON.parse(row.collisions),
      receivedAt: row.received_at,
      updatedAt: row.updated_at,
      history: this.history(row.id),
    });
  }

  #note(id: string, at: number, { state, by, reason }: Move): void {
    this.#store.sqlite
      .prepare('INSERT INTO bulletin_event (bulletin_id, at, state, by, reason) VALUES (?, ?, ?, ?, ?)')
      .run(id, at, state, by, reason);
  }

  #all(sql: string, ...values: (string | number)[]): BulletinRow[] {
    return this.#store.sqlite.prepare<(string | number)[], BulletinRow>(sql).all(...values);
  }
}

const cursorOf = (row: BulletinRow): string =>
  Buffer.from(JSON.stringify([row.received_at, row.id])).toString('base64url');

function readCursor(text: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new Failure('bad-cursor', 'There is no such page; begin with the first one.', { status: 400 });
  }
}
