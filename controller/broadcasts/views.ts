import { PriorityClass, ResumePolicy } from '#devices/plan';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { notFound } from '../failure.ts';
import {
  type BroadcastDetail,
  type BroadcastShare,
  BroadcastState,
  BroadcastSummary,
  ShareState,
} from '../http/contract/broadcasts.ts';
import type { Target } from '../http/contract/schedules.ts';

type Named = Target & { name: string };

export interface BroadcastFilter {
  readonly state?: BroadcastState | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Newest first. @param cursor the id of the last one of the page before: ids sort by time. */
export function listBroadcasts(
  store: Store,
  { state, from, to }: BroadcastFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
): { items: BroadcastSummary[]; total: number; next: string | null } {
  const where = `(@state IS NULL OR state = @state) AND (@from IS NULL OR created_at >= @from)
    AND (@to IS NULL OR created_at < @to)`;
  const values = { state: state ?? null, from: from ?? null, to: to ?? null };
  const rows = store.sqlite
    .prepare<[object], Row<'broadcast'>>(
      `SELECT * FROM broadcast WHERE ${where} AND (@cursor IS NULL OR id < @cursor) ORDER BY id DESC LIMIT @more`,
    )
    .all({ ...values, cursor: cursor ?? null, more: limit + 1 });
  const total = store.sqlite
    .prepare<[object], number>(`SELECT count(*) FROM broadcast WHERE ${where}`)
    .pluck()
    .get(values);
  const items = rows.slice(0, limit);
  const next = rows.length > limit ? (items.at(-1)?.id ?? null) : null;
  return { items: summaries(store, items), total: total ?? 0, next };
}

/** @throws Failure `not-found`. */
export function broadcastSummary(store: Store, id: string): BroadcastSummary {
  const [summary] = summaries(store, [broadcastRow(store, id)]);
  if (summary === undefined) throw notFound('broadcast', id);
  return summary;
}

/** With every device: those with a reason first, then by name. @throws Failure `not-found`. */
export function broadcastDetail(store: Store, id: string): BroadcastDetail {
  const devices = store.sqlite
    .prepare<[string], BroadcastShare>(
      `SELECT s.device_id AS deviceId, coalesce(d.name, s.device_id) AS name, a.name AS areaName, s.state, s.reason,
          s.started_at AS startedAt, s.updated_at AS updatedAt
        FROM broadcast_device s LEFT JOIN device d ON d.id = s.device_id LEFT JOIN area a ON a.id = d.area_id
        WHERE s.broadcast_id = ? ORDER BY s.reason IS NULL, name`,
    )
    .all(id)
    .map((share) => ({ ...share, state: ShareState.parse(share.state) }));
  return { ...broadcastSummary(store, id), devices };
}

/** @throws Failure `not-found`. */
export function broadcastRow({ sqlite }: Store, id: string): Row<'broadcast'> {
  const row = sqlite.prepare<[string], Row<'broadcast'>>('SELECT * FROM broadcast WHERE id = ?').get(id);
  if (row === undefined) throw notFound('broadcast', id);
  return row;
}

function summaries(store: Store, rows: readonly Row<'broadcast'>[]): BroadcastSummary[] {
  const targets = targetsOf(
    store,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    priority: PriorityClass.parse(row.priority),
    resume: ResumePolicy.parse(row.resume),
    state: BroadcastState.parse(row.state),
    reason: row.reason,
    content: { kind: row.content_kind, id: row.content_id },
    targets: targets.get(row.id) ?? [],
    durationMs: row.duration_ms,
    volume: row.volume,
    createdAt: row.created_at,
    createdBy: row.created_by,
    t0: row.t0,
    endedAt: row.ended_at,
    counts: BroadcastSummary.shape.counts.parse(JSON.parse(row.counts)),
  }));
}

/** The targets with their names; one that was removed since keeps its id for a name. */
function targetsOf({ sqlite }: Store, ids: readonly string[]): Map<string, Named[]> {
  const rows = sqlite
    .prepare<[string], { broadcast: string; kind: Target['kind']; id: string; name: string | null }>(
      `SELECT b.id AS broadcast, t.value ->> 'kind' AS kind, t.value ->> 'id' AS id,
          CASE t.value ->> 'kind' WHEN 'device' THEN (SELECT name FROM device WHERE id = t.value ->> 'id')
            WHEN 'group' THEN (SELECT name FROM device_group WHERE id = t.value ->> 'id')
            WHEN 'area' THEN (SELECT name FROM area WHERE id = t.value ->> 'id') END AS name
        FROM json_each(?) j JOIN broadcast b ON b.id = j.value, json_each(b.targets) t`,
    )
    .all(JSON.stringify(ids));
  const targets = new Map<string, Named[]>();
  for (const { broadcast, kind, id, name } of rows) {
    const list = targets.get(broadcast) ?? [];
    list.push({ kind, id, name: name ?? id });
    targets.set(broadcast, list);
  }
  return targets;
}
