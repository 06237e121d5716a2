import { z } from 'zod';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure, notFound } from '../failure.ts';
import { Alert, type AlertState } from '../http/contract/alerts.ts';
import type { CapReference } from './message.ts';

export type AlertRow = Row<'cap_alert'>;
export type AlertChange = Partial<
  Pick<AlertRow, 'state' | 'reason' | 'incident_id' | 'bulletin_id' | 'follows_id'>
>;

/** Of what was turned away only so much is kept, so that nobody fills the disk with it. */
const MOST_REFUSED = 500;
const Cursor = z.tuple([z.number(), z.string()]);

/** The table `cap_alert`, with `cap_reference`. */
export class AlertRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws Failure `not-found`. */
  get(id: string): AlertRow {
    const row = this.#one('SELECT * FROM cap_alert WHERE id = ?', id);
    if (row === undefined) throw notFound('alert', id);
    return row;
  }

  byName({ sender, identifier, sent }: CapReference): AlertRow | undefined {
    return this.#one(
      'SELECT * FROM cap_alert WHERE sender = ? AND identifier = ? AND sent = ?',
      sender,
      identifier,
      sent,
    );
  }

  /** Those of the messages that came and were not turned away, the newest first. */
  named(references: readonly CapReference[]): AlertRow[] {
    return references
      .flatMap((reference) => this.byName(reference) ?? [])
      .filter(({ state }) => state !== 'refused')
      .sort((a, b) => b.sent - a.sent);
  }

  /** An update or cancellation of the message that came before it, from the same sender; the newest. */
  overtaking({ sender, identifier, sent }: CapReference, status: string): AlertRow | undefined {
    return this.#one(
      `SELECT a.* FROM cap_reference r JOIN cap_alert a ON a.id = r.alert_id
        WHERE r.sender = ? AND r.identifier = ? AND r.sent = ? AND a.sender = r.sender AND a.status = ?
          AND a.msg_type IN ('Update', 'Cancel') AND a.state <> 'refused' ORDER BY a.sent DESC LIMIT 1`,
      sender,
      identifier,
      sent,
      status,
    );
  }

  ofIncident(incident: string): AlertRow[] {
    return this.#store.sqlite
      .prepare<[string], AlertRow>(
        `SELECT * FROM cap_alert WHERE incident_id = ? AND state IN ('waiting', 'playing')`,
      )
      .all(incident);
  }

  /** Waiting ones that hold no longer. */
  lapsed(now: number): AlertRow[] {
    return this.#store.sqlite
      .prepare<[number], AlertRow>(`SELECT * FROM cap_alert WHERE state = 'waiting' AND expires < ?`)
      .all(now);
  }

  /** Which were to be sounded, and were not yet. */
  begun(): AlertRow[] {
    return this.#store.sqlite
      .prepare<[], AlertRow>(`SELECT * FROM cap_alert WHERE state = 'waiting' AND reason = 'starting'`)
      .all();
  }

  insert(row: AlertRow, references: readonly CapReference[]): void {
    const { sqlite } = this.#store;
    const columns = Object.keys(row);
    sqlite.transaction(() => {
      sqlite
        .prepare(
          `INSERT INTO cap_alert (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
        )
        .run(row);
      const refer = sqlite.prepare(
        'INSERT OR IGNORE INTO cap_reference (sender, identifier, sent, alert_id) VALUES (?, ?, ?, ?)',
      );
      for (const { sender, identifier, sent } of references) refer.run(sender, identifier, sent, row.id);
      if (row.state === 'refused') this.#forgetOldRefusals();
    })();
  }

  change(id: string, change: AlertChange, now: number): void {
    const names = Object.keys(change);
    this.#store.sqlite
      .prepare(
        `UPDATE cap_alert SET ${names.map((name) => `${name} = @${name}, `).join('')} updated_at = @now WHERE id = @id`,
      )
      .run({ ...change, id, now });
  }

  /** One that was turned away, and comes again. */
  forget(id: string): void {
    this.#store.sqlite.prepare(`DELETE FROM cap_alert WHERE id = ? AND state = 'refused'`).run(id);
  }

  /** Newest first. @throws Failure `bad-cursor`. */
  page(query: { state?: AlertState | undefined; limit: number; cursor?: string | undefined }): {
    items: Alert[];
    total: number;
    next: string | null;
  } {
    const { sqlite } = this.#store;
    const [at, id] = query.cursor === undefined ? [null, null] : readCursor(query.cursor);
    const values = { state: query.state ?? null, at, id, limit: query.limit + 1 };
    const where = '(@state IS NULL OR state = @state)';
    const rows = sqlite
      .prepare<[object], AlertRow>(
        `SELECT * FROM cap_alert WHERE ${where} AND (@at IS NULL OR (received_at, id) < (@at, @id))
          ORDER BY received_at DESC, id DESC LIMIT @limit`,
      )
      .all(values);
    const total = sqlite
      .prepare<[object], number>(`SELECT count(*) FROM cap_alert WHERE ${where}`)
      .pluck()
      .get({ state: values.state });
    const items = rows.slice(0, query.limit);
    const last = items.at(-1);
    const next = rows.length > query.limit && last !== undefined ? cursorOf(last) : null;
    return { items: items.map(viewOf), total: total ?? 0, next };
  }

  #forgetOldRefusals(): void {
    this.#store.sqlite
      .prepare(
        `DELETE FROM cap_alert WHERE state = 'refused' AND id NOT IN
          (SELECT id FROM cap_alert WHERE state = 'refused' ORDER BY received_at DESC, id DESC LIMIT ${MOST_REFUSED})`,
      )
      .run();
  }

  #one(sql: string, ...values: (string | number)[]): AlertRow | undefined {
    return this.#store.sqlite.prepare<(string | number)[], AlertRow>(sql).get(...values);
  }
}

/** An alert as the interface shows it. */
export function viewOf(row: AlertRow): Alert {
  return Alert.parse({
    ...row,
    msgType: row.msg_type,
    areaText: row.area_text,
    incidentId: row.incident_id,
    receivedAt: row.received_at,
  });
}

const cursorOf = (row: AlertRow): string =>
  Buffer.from(JSON.stringify([row.received_at, row.id])).toString('base64url');

function readCursor(text: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new Failure('bad-cursor', 'There is no such page; begin with the first one.', { status: 400 });
  }
}
