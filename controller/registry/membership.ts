import type { Admission } from '../broker/thread-messages.ts';
import type { Store } from '../database/open.ts';

/** Devices `d` by a JSON list of ids in `@ids`, or all of them when it is null. */
const WANTED = 'd.removed_at IS NULL AND (@ids IS NULL OR d.id IN (SELECT value FROM json_each(@ids)))';

/**
 * The groups that each device hears commands of: those it was put in, and its area with every area above.
 * @param ids null for all devices. Devices without any group are left out.
 * @returns the groups in the order of their ids.
 */
export function groupsOf(store: Store, ids: readonly string[] | null): Map<string, string[]> {
  const rows = store.sqlite
    .prepare<{ ids: string | null }, { device: string; name: string }>(
      `WITH RECURSIVE above(device, area) AS (
         SELECT d.id, d.area_id FROM device d WHERE d.area_id IS NOT NULL AND ${WANTED}
         UNION
         SELECT above.device, area.parent_id FROM above JOIN area ON area.id = above.area WHERE area.parent_id IS NOT NULL
       )
       SELECT device, area AS name FROM above
       UNION
       SELECT d.id, m.group_id FROM device d
         JOIN device_group_member m ON m.device_id = d.id
         JOIN device_group g ON g.id = m.group_id AND g.removed_at IS NULL
         WHERE ${WANTED}
       ORDER BY device, name`,
    )
    .all({ ids: ids === null ? null : JSON.stringify(ids) });
  const groups = new Map<string, string[]>();
  for (const { device, name } of rows) {
    const list = groups.get(device);
    if (list === undefined) groups.set(device, [name]);
    else list.push(name);
  }
  return groups;
}

/** Who may use the broker, as the database knows it. @param ids null for all devices. */
export function admissions(store: Store, ids: readonly string[] | null = null): Admission[] {
  const groups = groupsOf(store, ids);
  return store.sqlite
    .prepare<{ ids: string | null }, { device: string; credentialHash: string }>(
      `SELECT d.id AS device, d.credential_hash AS credentialHash FROM device d WHERE ${WANTED}`,
    )
    .all({ ids: ids === null ? null : JSON.stringify(ids) })
    .map((row) => ({ ...row, groups: groups.get(row.device) ?? [] }));
}
