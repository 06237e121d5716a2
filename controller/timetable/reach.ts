import type { Store } from '../database/open.ts';
import type { Target } from '../http/contract/schedules.ts';

/**
 * Whom a schedule reaches, and what reaches a device: device, group, area with everything below it, all. Always asked
 * of the database, for a set at a time; the sets travel as JSON arrays, so that a statement is prepared once.
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

/** Enabled schedules that are there, for devices that are there. */
const OF_DEVICES = `WITH RECURSIVE
  wanted(device_id, area_id) AS (
    SELECT d.id, d.area_id FROM json_each(?) j JOIN device d ON d.id = j.value WHERE d.removed_at IS NULL
  ),
  above(device_id, area_id) AS (
    SELECT w.device_id, a.id FROM wanted w JOIN area a ON a.id = w.area_id WHERE a.removed_at IS NULL
    UNION
    SELECT u.device_id, p.id FROM above u JOIN area a ON a.id = u.area_id JOIN area p ON p.id = a.parent_id
      WHERE p.removed_at IS NULL
  ),
  reaching(device_id, schedule_id) AS (
    SELECT w.device_id, t.schedule_id FROM wanted w JOIN schedule_target t ON t.kind = 'all'
    UNION
    SELECT w.device_id, t.schedule_id FROM wanted w
      JOIN schedule_target t ON t.kind = 'device' AND t.target_id = w.device_id
    UNION
    SELECT w.device_id, t.schedule_id FROM wanted w
      JOIN device_group_member m ON m.device_id = w.device_id
      JOIN device_group g ON g.id = m.group_id AND g.removed_at IS NULL
      JOIN schedule_target t ON t.kind = 'group' AND t.target_id = g.id
    UNION
    SELECT u.device_id, t.schedule_id FROM above u
      JOIN schedule_target t ON t.kind = 'area' AND t.target_id = u.area_id
  )
  SELECT r.device_id AS device, r.schedule_id AS schedule
    FROM reaching r JOIN schedule s ON s.id = r.schedule_id
    WHERE s.enabled = 1 AND s.removed_at IS NULL`;

const json = (ids: Iterable<string>): string => JSON.stringify([...ids]);

/** Devices that any of the schedules names now; removed schedules too, since they may still be in a plan. */
export function devicesOfSchedules({ sqlite }: Store, schedules: Iterable<string>): string[] {
  return sqlite
    .prepare<[string], string>(`${OF_SCHEDULES} SELECT DISTINCT device_id FROM reached`)
    .pluck()
    .all(json(schedules));
}

/** How many devices each schedule reaches; a schedule that reaches none is absent. */
export function countsOfSchedules({ sqlite }: Store, schedules: Iterable<string>): Map<string, number> {
  const rows = sqlite
    .prepare<[string], { schedule: string; devices: number }>(
      `${OF_SCHEDULES} SELECT schedule_id AS schedule, count(*) AS devices FROM reached GROUP BY schedule_id`,
    )
    .all(json(schedules));
  return new Map(rows.map(({ schedule, devices }) => [schedule, devices]));
}

/** The devices of each schedule, all of them or only one. */
export function reachOfSchedules(
  { sqlite }: Store,
  schedules: Iterable<string>,
  only?: ReadonlySet<string>,
): Map<string, Set<string>> {
  const statement = sqlite.prepare<unknown[], { schedule: string; device: string }>(
    `${OF_SCHEDULES} SELECT schedule_id AS schedule, device_id AS device FROM reached
      ${only === undefined ? '' : 'WHERE device_id IN (SELECT value FROM json_each(?))'}`,
  );
  const rows =
    only === undefined ? statement.all(json(schedules)) : statement.all(json(schedules), json(only));
  return grouped(rows, 'schedule', 'device');
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

/** The schedules that each device has to follow; a device without any is absent. */
export function schedulesOfDevices({ sqlite }: Store, devices: Iterable<string>): Map<string, Set<string>> {
  const rows = sqlite.prepare<[string], { device: string; schedule: string }>(OF_DEVICES).all(json(devices));
  return grouped(rows, 'device', 'schedule');
}

/** The devices of an area and of everything below it. */
export function devicesOfArea(store: Store, area: string): string[] {
  return [...devicesOfTargets(store, [{ kind: 'area', id: area }])];
}

function grouped<K extends string, V extends string>(
  rows: readonly Record<K | V, string>[],
  key: K,
  value: V,
): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const row of rows) {
    const group = groups.get(row[key]);
    if (group === undefined) groups.set(row[key], new Set([row[value]]));
    else group.add(row[value]);
  }
  return groups;
}
