import type { Store } from '../database/open.ts';

/**
 * What reaches a device: schedules for itself, for its groups, for the areas that it lies in, and for all. Devices are
 * joined with their targets and targets with their schedules, never devices with schedules: a thousand schedules for
 * all of ten thousand devices are eleven thousand rows, not ten million.
 */
const TARGETS_OF_DEVICES = `WITH RECURSIVE
  wanted(device_id, area_id) AS (
    SELECT d.id, d.area_id FROM json_each(?) j JOIN device d ON d.id = j.value WHERE d.removed_at IS NULL
  ),
  above(device_id, area_id) AS (
    SELECT w.device_id, a.id FROM wanted w JOIN area a ON a.id = w.area_id WHERE a.removed_at IS NULL
    UNION
    SELECT u.device_id, p.id FROM above u JOIN area a ON a.id = u.area_id JOIN area p ON p.id = a.parent_id
      WHERE p.removed_at IS NULL
  )
  SELECT device_id AS device, 'all' AS kind, '' AS id FROM wanted
  UNION ALL SELECT device_id, 'device', device_id FROM wanted
  UNION ALL SELECT w.device_id, 'group', g.id FROM wanted w
    JOIN device_group_member m ON m.device_id = w.device_id
    JOIN device_group g ON g.id = m.group_id AND g.removed_at IS NULL
  UNION ALL SELECT device_id, 'area', area_id FROM above`;

/** Enabled schedules that are there, by one of their targets. */
const SCHEDULES_OF_TARGETS = `
  SELECT t.kind, t.target_id AS id, t.schedule_id AS schedule
  FROM json_each(?) j
  JOIN schedule_target t ON t.kind = j.value ->> 'kind' AND t.target_id = j.value ->> 'id'
  JOIN schedule s ON s.id = t.schedule_id AND s.enabled = 1 AND s.removed_at IS NULL`;

interface TargetRow {
  readonly kind: string;
  readonly id: string;
}

const keyOf = ({ kind, id }: TargetRow): string => `${kind} ${id}`;

/**
 * The schedules that each device has to follow; a device without any is absent. Devices that follow the same ones share
 * one set.
 */
export function schedulesOfDevices(
  store: Store,
  devices: Iterable<string>,
): Map<string, ReadonlySet<string>> {
  const targets = targetsOfDevices(store, devices);
  const schedules = schedulesOfTargets(store, targets);
  const named = new Map<string, string[]>();
  for (const target of targets) {
    const key = keyOf(target);
    if (!schedules.has(key)) continue;
    const list = named.get(target.device);
    if (list === undefined) named.set(target.device, [key]);
    else list.push(key);
  }
  const sets = new Map<string, ReadonlySet<string>>();
  const following = new Map<string, ReadonlySet<string>>();
  for (const [device, keys] of named) {
    const together = keys.sort().join('\n');
    const set = sets.get(together) ?? new Set(keys.flatMap((key) => schedules.get(key) ?? []));
    sets.set(together, set);
    following.set(device, set);
  }
  return following;
}

/** The schedules that any of the devices has to follow. */
export function schedulesAmong(store: Store, devices: Iterable<string>): Set<string> {
  return new Set([...schedulesOfTargets(store, targetsOfDevices(store, devices)).values()].flat());
}

function targetsOfDevices({ sqlite }: Store, devices: Iterable<string>): (TargetRow & { device: string })[] {
  return sqlite
    .prepare<[string], TargetRow & { device: string }>(TARGETS_OF_DEVICES)
    .all(JSON.stringify([...devices]));
}

function schedulesOfTargets({ sqlite }: Store, targets: readonly TargetRow[]): Map<string, string[]> {
  const distinct = new Map(targets.map((target) => [keyOf(target), { kind: target.kind, id: target.id }]));
  const schedules = new Map<string, string[]>();
  const rows = sqlite
    .prepare<[string], TargetRow & { schedule: string }>(SCHEDULES_OF_TARGETS)
    .all(JSON.stringify([...distinct.values()]));
  for (const row of rows) {
    const list = schedules.get(keyOf(row));
    if (list === undefined) schedules.set(keyOf(row), [row.schedule]);
    else list.push(row.schedule);
  }
  return schedules;
}
