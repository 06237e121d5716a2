import type { Store } from '../database/open.ts';
import type { Target } from '../http/contract/schedules.ts';

/**
 * Whom a schedule reaches: device, group, area with everything below it, all. Always asked of the database, for a set at a
 * time; the sets travel as JSON arrays, so that a statement is prepared once. What reaches a device is in `following.ts`.
 */

/** `wanted(schedule_id, kind, target_id)` becomes `reached(schedule_id, device_id)`. */
const DOWNWARDS = `
  below(schedule_id, area_id) AS (
    SELECT w.schedule_id, a.id FROM wanted w JOIN area a ON a.id = w.target_id
      WHERE w.kind = 'area' AND a.removed_at IS NULL
    UNION
    SELECT b.schedule_id, a.id FROM below b JOIN area a ON a.parent_id = b.area_id WHERE a.removed_at IS NULL
  ),
  reached(schedule_id, device_id) AS (
    SELECT w.schedule_id, d.id FROM wanted w JOIN device d WHERE w.kind = 'all' AND d.removed_at IS NULL
    UNION
    SELECT w.schedule_id, d.id FROM wanted w JOIN device d ON d.id = w.target_id
      WHERE w.kind = 'device' AND d.removed_at IS NULL
    UNION
    SELECT w.schedule_id, d.id FROM wanted w
      JOIN device_group g ON g.id = w.target_id AND g.removed_at IS NULL
      JOIN device_group_member m ON m.group_id = g.id
      JOIN device d ON d.id = m.device_id
      WHERE w.kind = 'group' AND d.removed_at IS NULL
    UNION
    SELECT b.schedule_id, d.id FROM below b JOIN device d ON d.area_id = b.area_id WHERE d.removed_at IS NULL
  )`;

const OF_SCHEDULES = `WITH RECURSIVE
  wanted(schedule_id, kind, target_id) AS (
    SELECT schedule_id, kind, target_id FROM schedule_target
      WHERE schedule_id IN (SELECT value FROM json_each(?))
  ), ${DOWNWARDS}`;

const OF_TARGETS = `WITH RECURSIVE
  wanted(schedule_id, kind, target_id) AS (
    SELECT '', value ->> 'kind', value ->> 'id' FROM json_each(?)
  ), ${DOWNWARDS}`;

const json = (ids: Iterable<string>): string => JSON.stringify([...ids]);

/** Devices that any of the schedules names now; removed schedules too, since they may still be in a plan. */
export function devicesOfSchedules({ sqlite }: Store, schedules: Iterable<string>): string[] {
  return sqlite
    .prepare<[string], string>(`${OF_SCHEDULES} SELECT DISTINCT device_id FROM reached`)
    .pluck()
    .all(json(schedules));
}

/** How many devices each schedule reaches; a schedule that reaches none is absent. */
export function countsOfSchedules(store: Store, schedules: Iterable<string>): Map<string, number> {
  const alike = schedulesByTargets(store, schedules);
  const rows = store.sqlite
    .prepare<[string], { schedule: string; devices: number }>(
      `${OF_SCHEDULES} SELECT schedule_id AS schedule, count(*) AS devices FROM reached GROUP BY schedule_id`,
    )
    .all(json(alike.keys()));
  return new Map(
    rows.flatMap(({ schedule, devices }) => alike.get(schedule)?.map((id) => [id, devices] as const) ?? []),
  );
}

/** Which of the devices each schedule reaches; one that reaches none of them is absent. */
export function reachOfSchedules(
  store: Store,
  schedules: Iterable<string>,
  only: Iterable<string>,
): Map<string, ReadonlySet<string>> {
  const alike = schedulesByTargets(store, schedules);
  const rows = store.sqlite
    .prepare<[string, string], { schedule: string; device: string }>(
      `${OF_SCHEDULES} SELECT schedule_id AS schedule, device_id AS device FROM reached
        WHERE device_id IN (SELECT value FROM json_each(?))`,
    )
    .all(json(alike.keys()), json(only));
  const reach = new Map<string, Set<string>>();
  for (const { schedule, device } of rows) {
    const devices = reach.get(schedule);
    if (devices !== undefined) devices.add(device);
    else {
      const fresh = new Set([device]);
      for (const id of alike.get(schedule) ?? []) reach.set(id, fresh);
    }
  }
  return reach;
}

/**
 * Most schedules of a site are aimed at the same few sets of targets: each set is followed to its devices once, by way
 * of one schedule that stands for all with that set.
 */
function schedulesByTargets({ sqlite }: Store, schedules: Iterable<string>): Map<string, string[]> {
  const rows = sqlite
    .prepare<[string], { schedule: string; targets: string }>(
      `SELECT schedule_id AS schedule, group_concat(kind || ' ' || target_id, char(10) ORDER BY kind, target_id) AS targets
        FROM schedule_target WHERE schedule_id IN (SELECT value FROM json_each(?)) GROUP BY schedule_id`,
    )
    .all(json(schedules));
  const byTargets = new Map<string, string[]>();
  for (const { schedule, targets } of rows) {
    const list = byTargets.get(targets);
    if (list === undefined) byTargets.set(targets, [schedule]);
    else list.push(schedule);
  }
  return new Map([...byTargets.values()].map((list) => [list[0] ?? '', list]));
}

/** Devices of targets that are not saved yet. */
export function devicesOfTargets({ sqlite }: Store, targets: readonly Target[]): Set<string> {
  return new Set(
    sqlite
      .prepare<[string], string>(`${OF_TARGETS} SELECT DISTINCT device_id FROM reached`)
      .pluck()
      .all(JSON.stringify(targets)),
  );
}

/** The devices of an area and of everything below it. */
export function devicesOfArea(store: Store, area: string): string[] {
  return [...devicesOfTargets(store, [{ kind: 'area', id: area }])];
}
