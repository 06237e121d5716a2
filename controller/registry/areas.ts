import type { z } from 'zod';
import type { Store } from '../database/open.ts';
import { Failure, notFound } from '../failure.ts';
import type { Area, areaRoutes } from '../http/contract/areas.ts';
import { newGroupId } from './device-id.ts';

type NewArea = z.output<(typeof areaRoutes)['POST /areas']['body']>;
type AreaChange = z.output<(typeof areaRoutes)['PATCH /areas/{id}']['body']>;

const MOST_LEVELS = 8;

/** The tree, parents before children, with the devices in and below each area counted in the same query. */
export function listAreas(store: Store): Area[] {
  return store.sqlite
    .prepare<[], Area>(
      `WITH RECURSIVE below(top, id) AS (
         SELECT id, id FROM area WHERE removed_at IS NULL
         UNION SELECT below.top, area.id FROM below JOIN area ON area.parent_id = below.id WHERE area.removed_at IS NULL
       ),
       inside(top, devices) AS (
         SELECT below.top, count(d.id) FROM below LEFT JOIN device d ON d.area_id = below.id AND d.removed_at IS NULL
         GROUP BY below.top
       ),
       tree(id, level, path) AS (
         SELECT id, 0, printf('%06d %s', position, name) FROM area WHERE parent_id IS NULL AND removed_at IS NULL
         UNION ALL
         SELECT area.id, level + 1, path || char(1) || printf('%06d %s', area.position, area.name)
           FROM area JOIN tree ON area.parent_id = tree.id WHERE area.removed_at IS NULL AND level < ${MOST_LEVELS}
       )
       SELECT area.id, area.parent_id AS parentId, area.kind, area.name, inside.devices
       FROM tree JOIN area ON area.id = tree.id JOIN inside ON inside.top = area.id ORDER BY tree.path`,
    )
    .all();
}

export function areaById(store: Store, id: string): Area {
  const area = listAreas(store).find((each) => each.id === id);
  if (area === undefined) throw notFound('area', id);
  return area;
}

export function addArea(store: Store, { name, kind, parentId }: NewArea, now: number): string {
  if (parentId !== null) mustBeArea(store, parentId);
  const id = newGroupId('kv');
  store.sqlite
    .prepare('INSERT INTO area (id, parent_id, kind, name, created_at) VALUES (?, ?, ?, ?, ?)')
    .run(id, parentId, kind, name, now);
  return id;
}

/** @throws Failure 409 `area-circle` when it would come to lie inside itself. */
export function changeArea(store: Store, id: string, { name, kind, parentId }: AreaChange): void {
  const { sqlite } = store;
  mustBeArea(store, id);
  if (parentId !== undefined && parentId !== null) {
    mustBeArea(store, parentId);
    const inside = sqlite
      .prepare<[string, string], number>(
        `WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT area.id FROM area JOIN below ON area.parent_id = below.id)
          SELECT 1 FROM below WHERE id = ?`,
      )
      .pluck()
      .get(id, parentId);
    if (inside !== undefined) {
      throw new Failure('area-circle', 'An area cannot lie inside itself; choose another one above it.', {
        status: 409,
      });
    }
  }
  if (name !== undefined) sqlite.prepare('UPDATE area SET name = ? WHERE id = ?').run(name, id);
  if (kind !== undefined) sqlite.prepare('UPDATE area SET kind = ? WHERE id = ?').run(kind, id);
  if (parentId !== undefined) sqlite.prepare('UPDATE area SET parent_id = ? WHERE id = ?').run(parentId, id);
}

/** @throws Failure 409 `area-not-empty` while devices, areas or schedules are in it. */
export function removeArea(store: Store, id: string, now: number): void {
  mustBeArea(store, id);
  const held = store.sqlite
    .prepare<[string, string, string], { devices: number; areas: number; schedules: number }>(
      `SELECT (SELECT count(*) FROM device WHERE area_id = ? AND removed_at IS NULL) AS devices,
        (SELECT count(*) FROM area WHERE parent_id = ? AND removed_at IS NULL) AS areas,
        (SELECT count(*) FROM schedule_target t JOIN schedule s ON s.id = t.schedule_id AND s.removed_at IS NULL
          WHERE t.kind = 'area' AND t.target_id = ?) AS schedules`,
    )
    .get(id, id, id);
  const { devices = 0, areas = 0, schedules = 0 } = held ?? {};
  if (devices + areas + schedules > 0) {
    throw new Failure(
      'area-not-empty',
      `The area still holds ${devices} devices and ${areas} areas, and ${schedules} schedules name it; move them first.`,
      { status: 409, params: { devices, areas, schedules } },
    );
  }
  store.sqlite.prepare('UPDATE area SET removed_at = ? WHERE id = ?').run(now, id);
}

/** Devices in an area and below it. */
export function devicesWithin(store: Store, area: string): string[] {
  return store.sqlite
    .prepare<[string], string>(
      `WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT area.id FROM area JOIN below ON area.parent_id = below.id)
        SELECT d.id FROM device d WHERE d.area_id IN below AND d.removed_at IS NULL`,
    )
    .pluck()
    .all(area);
}

function mustBeArea(store: Store, id: string): void {
  const found = store.sqlite.prepare('SELECT 1 FROM area WHERE id = ? AND removed_at IS NULL').get(id);
  if (found === undefined) throw notFound('area', id);
}
