import type { z } from 'zod';
import type { Store } from '../database/open.ts';
import { Failure, notFound } from '../failure.ts';
import type { areaRoutes, Group } from '../http/contract/areas.ts';
import { newGroupId } from './device-id.ts';

type NewGroup = z.output<(typeof areaRoutes)['POST /groups']['body']>;
type GroupChange = z.output<(typeof areaRoutes)['PATCH /groups/{id}']['body']>;

export function listGroups(store: Store): Group[] {
  return store.sqlite
    .prepare<[], { id: string; name: string; devices: string }>(
      `SELECT g.id, g.name, json_group_array(d.id) FILTER (WHERE d.id IS NOT NULL) AS devices
        FROM device_group g
        LEFT JOIN device_group_member m ON m.group_id = g.id
        LEFT JOIN device d ON d.id = m.device_id AND d.removed_at IS NULL
        WHERE g.removed_at IS NULL GROUP BY g.id ORDER BY g.name, g.id`,
    )
    .all()
    .map(({ devices, ...group }) => ({ ...group, devices: JSON.parse(devices) as string[] }));
}

export function groupById(store: Store, id: string): Group {
  const group = listGroups(store).find((each) => each.id === id);
  if (group === undefined) throw notFound('group', id);
  return group;
}

export function addGroup(store: Store, { name, devices }: NewGroup, now: number): string {
  const id = newGroupId('nhom');
  store.sqlite.transaction(() => {
    store.sqlite
      .prepare('INSERT INTO device_group (id, name, created_at) VALUES (?, ?, ?)')
      .run(id, name, now);
    setMembers(store, id, devices);
  })();
  return id;
}

/** @returns every device that was or is in it. */
export function changeGroup(store: Store, id: string, { name, devices }: GroupChange): string[] {
  const before = groupById(store, id).devices;
  store.sqlite.transaction(() => {
    if (name !== undefined)
      store.sqlite.prepare('UPDATE device_group SET name = ? WHERE id = ?').run(name, id);
    if (devices !== undefined) setMembers(store, id, devices);
  })();
  return [...new Set([...before, ...(devices ?? [])])];
}

/** @returns the devices that were in it. @throws Failure 409 `group-in-use` while a schedule names it. */
export function removeGroup(store: Store, id: string, now: number): string[] {
  const { devices } = groupById(store, id);
  const schedules = store.sqlite
    .prepare<[string], number>(
      `SELECT count(*) FROM schedule_target t JOIN schedule s ON s.id = t.schedule_id AND s.removed_at IS NULL
        WHERE t.kind = 'group' AND t.target_id = ?`,
    )
    .pluck()
    .get(id);
  if (schedules !== undefined && schedules > 0) {
    throw new Failure('group-in-use', `${schedules} schedules name this group; change them first.`, {
      status: 409,
      params: { schedules },
    });
  }
  store.sqlite.prepare('UPDATE device_group SET removed_at = ? WHERE id = ?').run(now, id);
  return devices;
}

function setMembers(store: Store, group: string, devices: readonly string[]): void {
  const { sqlite } = store;
  const unknown = sqlite
    .prepare<[string], string>(
      `SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM device WHERE removed_at IS NULL) LIMIT 1`,
    )
    .pluck()
    .get(JSON.stringify(devices));
  if (unknown !== undefined) throw notFound('device', unknown);
  sqlite.prepare('DELETE FROM device_group_member WHERE group_id = ?').run(group);
  sqlite
    .prepare(
      'INSERT OR IGNORE INTO device_group_member (group_id, device_id) SELECT ?, value FROM json_each(?)',
    )
    .run(group, JSON.stringify(devices));
}
