import type { z } from 'zod';
import type { Store } from '../database/open.ts';
import { boardChoiceOf, changedBoard, storedBoard, TROUBLES } from '../desired/board-choice.ts';
import { Failure, notFound } from '../failure.ts';
import type { BoardChoice } from '../http/contract/board-choice.ts';
import type { deviceRoutes } from '../http/contract/devices.ts';

type Change = z.output<(typeof deviceRoutes)['PATCH /devices/{id}']['body']>;
type ManyChange = z.output<(typeof deviceRoutes)['PATCH /devices']['body']>['change'];

const COLUMNS: Record<Exclude<keyof Change, 'groups' | 'board'>, string> = {
  name: 'name',
  areaId: 'area_id',
  address: 'address',
  latitude: 'latitude',
  longitude: 'longitude',
  owner: 'owner',
  warrantyEnd: 'warranty_end',
  volume: 'volume',
  muted: 'muted',
  brightness: 'brightness',
  outputDelayTrimMs: 'output_delay_trim_ms',
  volumeByTime: 'volume_by_time',
};

/**
 * Writes what a technician changed.
 * @throws Failure 404 for a device, an area, a group or a programme that is not there; 422 `not-a-board` for settings of
 *   a board that are sent to a loudspeaker, 422 `nothing-for-boards` for a fallback that boards cannot show.
 */
export function changeDevice(store: Store, id: string, change: Change): void {
  const { sqlite } = store;
  sqlite.transaction(() => {
    const known = sqlite.prepare('SELECT 1 FROM device WHERE id = ? AND removed_at IS NULL').get(id);
    if (known === undefined) throw notFound('device', id);
    if (change.areaId !== undefined && change.areaId !== null) mustBe(store, 'area', change.areaId);
    write(store, [id], change);
    if (change.board !== undefined) writeBoard(store, id, change.board);
    if (change.groups === undefined) return;
    sqlite.prepare('DELETE FROM device_group_member WHERE device_id = ?').run(id);
    const add = sqlite.prepare(
      'INSERT OR IGNORE INTO device_group_member (group_id, device_id) VALUES (?, ?)',
    );
    for (const group of change.groups) {
      mustBe(store, 'device_group', group);
      add.run(group, id);
    }
  })();
}

function writeBoard(store: Store, id: string, change: NonNullable<Change['board']>): void {
  const { sqlite } = store;
  const row = sqlite
    .prepare<[string], { kind: string; board: string | null }>('SELECT kind, board FROM device WHERE id = ?')
    .get(id);
  if (row?.kind !== 'board') {
    throw new Failure('not-a-board', `${id} is a loudspeaker; it has nothing to show.`, { status: 422 });
  }
  for (const trouble of TROUBLES) mustShow(store, change[trouble]);
  sqlite
    .prepare('UPDATE device SET board = ? WHERE id = ?')
    .run(storedBoard(changedBoard(boardChoiceOf(row.board), change)), id);
}

/** A fallback of a programme: there is one, and it has something for boards. */
function mustShow({ sqlite }: Store, fallback: BoardChoice[(typeof TROUBLES)[number]] | undefined): void {
  if (fallback?.show !== 'programme') return;
  const programme = sqlite
    .prepare<[string], { title: string; shown: number }>(
      `SELECT title, scene_sha256 IS NOT NULL OR board IS NOT NULL AS shown FROM programme
        WHERE id = ? AND removed_at IS NULL`,
    )
    .get(fallback.programmeId);
  if (programme === undefined) throw notFound('programme', fallback.programmeId);
  if (programme.shown === 1) return;
  const detail = `“${programme.title}” has nothing for boards; choose one that has a notice or was composed for boards.`;
  throw new Failure('nothing-for-boards', detail, { status: 422, params: { title: programme.title } });
}

/** The same settings for many devices, in one transaction; those of boards for the boards among them. */
export function changeDevices(store: Store, ids: readonly string[], change: ManyChange): void {
  store.sqlite.transaction(() => {
    write(store, ids, change);
    if (change.board === undefined) return;
    const boards = store.sqlite
      .prepare<[string], string>(
        "SELECT id FROM device WHERE kind = 'board' AND id IN (SELECT value FROM json_each(?))",
      )
      .pluck()
      .all(JSON.stringify(ids));
    for (const id of boards) writeBoard(store, id, change.board);
  })();
}

function write({ sqlite }: Store, ids: readonly string[], change: Change): void {
  const devices = JSON.stringify(ids);
  for (const [field, column] of Object.entries(COLUMNS) as [keyof typeof COLUMNS, string][]) {
    const value = change[field];
    if (value === undefined) continue;
    sqlite
      .prepare(`UPDATE device SET ${column} = ? WHERE id IN (SELECT value FROM json_each(?))`)
      .run(asStored(value), devices);
  }
}

function asStored(value: NonNullable<Change[keyof typeof COLUMNS]> | null): string | number | null {
  if (Array.isArray(value)) {
    return JSON.stringify([...value].sort((one, other) => one.from.localeCompare(other.from)));
  }
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Takes a device out of service. Its rows stay, for the log and for undoing it. */
export function retireDevice(store: Store, id: string, now: number): void {
  const { changes } = store.sqlite
    .prepare(
      "UPDATE device SET removed_at = ?, connected = 0, status = 'offline', status_since = ? WHERE id = ? AND removed_at IS NULL",
    )
    .run(now, now, id);
  if (changes === 0) throw notFound('device', id);
}

/**
 * Undoes a retirement; an area that was removed meanwhile is left.
 * @throws Failure 409 `serial-in-use` when the same model and serial number was let in anew meanwhile.
 */
export function restoreDevice(store: Store, id: string): void {
  const { sqlite } = store;
  const twin = sqlite
    .prepare<[string], string>(
      `SELECT other.id FROM device d JOIN device other ON other.kind = d.kind AND other.model = d.model
        AND other.serial = d.serial AND other.removed_at IS NULL AND other.id <> d.id WHERE d.id = ?`,
    )
    .pluck()
    .get(id);
  if (twin !== undefined) {
    throw new Failure('serial-in-use', `The device was let in again as ${twin}; retire that one first.`, {
      status: 409,
      params: { device: twin },
    });
  }
  const { changes } = sqlite
    .prepare(
      `UPDATE device SET removed_at = NULL,
        area_id = (SELECT a.id FROM area a WHERE a.id = device.area_id AND a.removed_at IS NULL) WHERE id = ?`,
    )
    .run(id);
  if (changes === 0) throw notFound('device', id);
}

function mustBe(store: Store, table: 'area' | 'device_group', id: string): void {
  const found = store.sqlite.prepare(`SELECT 1 FROM ${table} WHERE id = ? AND removed_at IS NULL`).get(id);
  if (found === undefined) throw notFound(table === 'area' ? 'area' : 'group', id);
}
