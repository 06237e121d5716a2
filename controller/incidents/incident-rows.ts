import type { Database } from 'better-sqlite3';
import type { Store } from '../database/open.ts';
import type { NewRow, Row } from '../database/schema.ts';
import { notFound } from '../failure.ts';

export type IncidentRow = Row<'incident'>;
export type MessageRow = Row<'incident_message'>;
export type Role = Row<'incident_broadcast'>['role'];

/** By which broadcast a message went out, and how that stands; null when it never got so far. */
export interface Way {
  readonly message_id: string;
  readonly broadcast_id: string;
  readonly role: Role;
  readonly kind: MessageRow['kind'];
  readonly state: Row<'broadcast'>['state'] | null;
}

/** The tables of incidents, their messages, and the broadcasts that these went out by. */
export class IncidentRows {
  readonly #sqlite: Database;

  constructor({ sqlite }: Store) {
    this.#sqlite = sqlite;
  }

  transaction(act: () => void): void {
    this.#sqlite.transaction(act)();
  }

  /** @throws Failure `not-found`. */
  incident(id: string): IncidentRow {
    const row = this.#sqlite.prepare<[string], IncidentRow>('SELECT * FROM incident WHERE id = ?').get(id);
    if (row === undefined) throw notFound('incident', id);
    return row;
  }

  /** The account that gave a stored message its words as they stand. */
  writerOf(storedMessage: string | null): string | null {
    return (
      this.#sqlite
        .prepare<[string | null], string | null>('SELECT created_by FROM stored_message WHERE id = ?')
        .pluck()
        .get(storedMessage) ?? null
    );
  }

  /** Oldest first. */
  messages(incident: string): MessageRow[] {
    return this.#sqlite
      .prepare<[string], MessageRow>('SELECT * FROM incident_message WHERE incident_id = ? ORDER BY id')
      .all(incident);
  }

  message(id: string): MessageRow {
    const row = this.#sqlite
      .prepare<[string], MessageRow>('SELECT * FROM incident_message WHERE id = ?')
      .get(id);
    if (row === undefined) throw notFound('message', id);
    return row;
  }

  /** The broadcasts of an incident, oldest first. */
  ways(incident: string): Way[] {
    return this.#sqlite
      .prepare<[string], Way>(
        `SELECT w.message_id, w.broadcast_id, w.role, m.kind, b.state FROM incident_message m
          JOIN incident_broadcast w ON w.message_id = m.id LEFT JOIN broadcast b ON b.id = w.broadcast_id
          WHERE m.incident_id = ? ORDER BY w.broadcast_id`,
      )
      .all(incident);
  }

  /** The incident that a broadcast belongs to. */
  ofBroadcast(broadcast: string): string | undefined {
    return this.#sqlite
      .prepare<[string], string>(
        `SELECT m.incident_id FROM incident_broadcast w JOIN incident_message m ON m.id = w.message_id
          WHERE w.broadcast_id = ?`,
      )
      .pluck()
      .get(broadcast);
  }

  /** Ended ones of which something other than the all-clear is on the air all the same. */
  unsilenced(): string[] {
    return this.#sqlite
      .prepare<[], string>(
        `SELECT DISTINCT m.incident_id FROM broadcast b JOIN incident_broadcast w ON w.broadcast_id = b.id
          JOIN incident_message m ON m.id = w.message_id JOIN incident i ON i.id = m.incident_id
          WHERE b.state IN ('preparing', 'started') AND m.kind <> 'all-clear'
            AND i.state IN ('cleared', 'expired', 'cancelled')`,
      )
      .pluck()
      .all();
  }

  active(): IncidentRow[] {
    return this.#sqlite
      .prepare<[], IncidentRow>("SELECT * FROM incident WHERE state = 'active' ORDER BY id")
      .all();
  }

  /** Messages whose words are being made, or that were not sent yet. @param asset only those that wait for it. */
  unsent(asset: string | null = null): MessageRow[] {
    return this.#sqlite
      .prepare<[{ asset: string | null }], MessageRow>(
        `SELECT m.* FROM incident_message m JOIN incident i ON i.id = m.incident_id
          WHERE m.state IN ('preparing', 'ready') AND i.state IN ('draft', 'waiting', 'active', 'cleared')
            AND (@asset IS NULL OR m.asset_id = @asset OR i.drill_asset_id = @asset) ORDER BY m.id`,
      )
      .all({ asset });
  }

  /** A scene that was stored. */
  scene(sha256: string): { sha256: string; bytes: number } {
    const bytes = this.#sqlite
      .prepare<[string], number>('SELECT bytes FROM blob WHERE sha256 = ?')
      .pluck()
      .get(sha256);
    if (bytes === undefined) throw notFound('file', sha256);
    return { sha256, bytes };
  }

  insert(row: NewRow<'incident'>): void {
    const names = Object.keys(row);
    this.#sqlite
      .prepare(
        `INSERT INTO incident (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
      )
      .run(row);
  }

  insertMessage(row: NewRow<'incident_message'>): void {
    this.#sqlite
      .prepare(
        `INSERT INTO incident_message (id, incident_id, kind, heading, text, asset_id, scene_sha256, siren, repeats, state,
            reason, created_at, sent_at, by)
          VALUES (@id, @incident_id, @kind, @heading, @text, @asset_id, @scene_sha256, @siren, @repeats, @state,
            @reason, @created_at, @sent_at, @by)`,
      )
      .run({ reason: null, sent_at: null, ...row });
  }

  insertWay(broadcast: string, message: string, role: Role, now: number): void {
    this.#sqlite
      .prepare(
        'INSERT INTO incident_broadcast (broadcast_id, message_id, role, created_at) VALUES (?, ?, ?, ?)',
      )
      .run(broadcast, message, role, now);
  }

  /** Column names come from the type, never from outside. */
  change(id: string, change: Partial<Omit<IncidentRow, 'id'>>): void {
    const set = Object.keys(change).map((name) => `${name} = @${name}`);
    this.#sqlite.prepare(`UPDATE incident SET ${set.join(', ')} WHERE id = @id`).run({ id, ...change });
  }

  changeMessage(id: string, change: Partial<Pick<MessageRow, 'state' | 'reason' | 'sent_at'>>): void {
    const set = Object.keys(change).map((name) => `${name} = @${name}`);
    this.#sqlite
      .prepare(`UPDATE incident_message SET ${set.join(', ')} WHERE id = @id`)
      .run({ id, ...change });
  }
}

/** The message that counts: the newest but for an all-clear. */
export const newestAlert = (messages: readonly MessageRow[]): MessageRow | undefined =>
  messages.findLast(({ kind }) => kind !== 'all-clear');
