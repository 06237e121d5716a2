import { z } from 'zod';
import type { Store } from '../database/open.ts';
import { type Incident, IncidentCounts, type IncidentMessage } from '../http/contract/incidents.ts';
import { Target } from '../http/contract/schedules.ts';
import { type IncidentRow, IncidentRows, type MessageRow, newestAlert, type Way } from './incident-rows.ts';

export const Targets = z.array(Target);

export interface IncidentFilter {
  readonly state?: Incident['state'] | undefined;
  readonly drill?: 'only' | 'none' | undefined;
}

/** Newest first. @param cursor the id of the last one of the page before: ids sort by time. */
export function listIncidents(
  store: Store,
  { state, drill }: IncidentFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): { items: Incident[]; total: number; next: string | null } {
  const where = `(@state IS NULL OR state = @state)
    AND (@drill IS NULL OR (drill IS NULL) = (@drill = 'none'))`;
  const values = { state: state ?? null, drill: drill ?? null };
  const rows = store.sqlite
    .prepare<[object], IncidentRow>(
      `SELECT * FROM incident WHERE ${where} AND (@cursor IS NULL OR id < @cursor) ORDER BY id DESC LIMIT @more`,
    )
    .all({ ...values, cursor: cursor ?? null, more: limit + 1 });
  const total = store.sqlite
    .prepare<[object], number>(`SELECT count(*) FROM incident WHERE ${where}`)
    .pluck()
    .get(values);
  const items = rows.slice(0, limit);
  const next = rows.length > limit ? (items.at(-1)?.id ?? null) : null;
  return { items: items.map((row) => incidentView(store, row)), total: total ?? 0, next };
}

/** An incident as the interface shows it. */
export function incidentView(store: Store, row: IncidentRow): Incident {
  const rows = new IncidentRows(store);
  const messages = rows.messages(row.id);
  const ways = rows.ways(row.id);
  return {
    ...{ id: row.id, drill: row.drill, source: row.source, title: row.title, language: row.language },
    ...{ state: row.state, targets: namedTargets(store, row.targets), sirenAssetId: row.siren_asset_id },
    ...{ repeats: row.repeats, storedMessageId: row.stored_message_id },
    ...{ createdAt: row.created_at, createdBy: row.created_by },
    ...{ confirmedBy: row.confirmed_by, secondBy: row.second_by, breakGlass: breakGlassOf(row) },
    ...{ activatedAt: row.activated_at, expiresAt: row.expires_at },
    ...{ endedAt: row.ended_at, endedBy: row.ended_by },
    stoppedAt: row.state === 'active' ? stoppedAt(store, newestAlert(messages), ways) : null,
    counts: IncidentCounts.parse(JSON.parse(row.counts)),
    messages: messages.map((message) => messageView(message, ways)),
  };
}

function breakGlassOf(row: IncidentRow): Incident['breakGlass'] {
  const { glass_reason: reason, glass_by: by, glass_at: at } = row;
  if (reason === null || by === null || at === null) return null;
  const { reviewed_by: reviewedBy, reviewed_at: reviewedAt, verdict, review_note: note } = row;
  return { reason, by, at, reviewedBy, reviewedAt, verdict, note };
}

function messageView(message: MessageRow, ways: readonly Way[]): IncidentMessage {
  const last = (...roles: readonly Way['role'][]): string | null =>
    ways.findLast(
      (way) => way.message_id === message.id && way.state !== null && roles.some((role) => role === way.role),
    )?.broadcast_id ?? null;
  const { id, kind, heading, text, state, reason, sent_at: sentAt, by } = message;
  return {
    ...{ id, kind, heading, text, state, reason, sentAt, by },
    soundBroadcastId: last('sound') ?? last('siren'),
    boardBroadcastId: last('board'),
  };
}

/** While it is active nobody but a person who stops everything stops its newest message. */
function stoppedAt({ sqlite }: Store, message: MessageRow | undefined, ways: readonly Way[]): number | null {
  const stopped = ways.findLast(
    (way) => way.message_id === message?.id && way.role !== 'siren' && way.state === 'stopped',
  );
  if (stopped === undefined) return null;
  return (
    sqlite
      .prepare<[string], number>('SELECT ended_at FROM broadcast WHERE id = ?')
      .pluck()
      .get(stopped.broadcast_id) ?? null
  );
}

/** The targets with their names; one that was removed since keeps its id for a name. */
function namedTargets({ sqlite }: Store, targets: string): Incident['targets'] {
  return sqlite
    .prepare<[string], { kind: Target['kind']; id: string; name: string | null }>(
      `SELECT t.value ->> 'kind' AS kind, t.value ->> 'id' AS id,
          CASE t.value ->> 'kind' WHEN 'device' THEN (SELECT name FROM device WHERE id = t.value ->> 'id')
            WHEN 'group' THEN (SELECT name FROM device_group WHERE id = t.value ->> 'id')
            WHEN 'area' THEN (SELECT name FROM area WHERE id = t.value ->> 'id') END AS name
        FROM json_each(?) t`,
    )
    .all(targets)
    .map(({ kind, id, name }) => ({ kind, id, name: name ?? id }));
}
