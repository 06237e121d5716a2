import { nextStarts } from '#schedules/occurrences';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import type { Schedule, Target } from '../http/contract/schedules.ts';
import { countsOfSchedules } from './reach.ts';
import { readSchedules, type StoredSchedule } from './schedule-rows.ts';

const NEXT = 5;

/** Schedules as the console shows them; a few queries, however many there are. */
export function viewSchedules(store: Store, rows: readonly Row<'schedule'>[], now: number): Schedule[] {
  const ids = rows.map(({ id }) => id);
  const counts = countsOfSchedules(store, ids);
  const targets = targetsOf(store, ids);
  return readSchedules(store, rows).map((stored) =>
    view(stored, targets.get(stored.row.id) ?? [], counts.get(stored.row.id) ?? 0, now),
  );
}

function view(
  { row, content, timetable, priority, resume, planned }: StoredSchedule,
  targets: (Target & { name: string })[],
  devices: number,
  now: number,
): Schedule {
  const durationMs = planned?.content.durationMs ?? null;
  const once = timetable.repeat;
  return {
    id: row.id,
    title: row.title,
    content: {
      ...content,
      durationMs: durationMs === null ? null : (durationMs - (once.count - 1) * once.gapMs) / once.count,
    },
    timetable,
    targets,
    priority,
    resume,
    maxLatenessMs: row.max_lateness_ms,
    gainDb: row.gain_db,
    boardMinutes: row.board_minutes,
    enabled: row.enabled === 1,
    devices,
    durationMs,
    next: row.enabled === 1 ? nextStarts(timetable, now, NEXT) : [],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The targets with their names; one that was removed since keeps its id for a name. */
function targetsOf({ sqlite }: Store, ids: readonly string[]): Map<string, (Target & { name: string })[]> {
  const rows = sqlite
    .prepare<[string], { schedule: string; kind: Target['kind']; id: string; name: string | null }>(
      `SELECT t.schedule_id AS schedule, t.kind, t.target_id AS id,
          CASE t.kind WHEN 'device' THEN (SELECT name FROM device WHERE id = t.target_id)
            WHEN 'group' THEN (SELECT name FROM device_group WHERE id = t.target_id)
            WHEN 'area' THEN (SELECT name FROM area WHERE id = t.target_id) END AS name
        FROM json_each(?) j JOIN schedule_target t ON t.schedule_id = j.value ORDER BY t.kind, t.target_id`,
    )
    .all(JSON.stringify(ids));
  const targets = new Map<string, (Target & { name: string })[]>();
  for (const { schedule, kind, id, name } of rows) {
    const list = targets.get(schedule) ?? [];
    list.push({ kind, id, name: name ?? id });
    targets.set(schedule, list);
  }
  return targets;
}
