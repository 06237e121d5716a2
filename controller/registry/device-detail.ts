import { Capabilities } from '#devices/kind';
import { SelfTest } from '#devices/messages/ack';
import { Heartbeat } from '#devices/messages/heartbeat';
import type { Plan } from '#devices/plan';
import { volumeAt } from '#devices/volume';
import { zoneOf } from '#schedules/zone';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { boardChoiceOf } from '../desired/board-choice.ts';
import {
  OF_MODEL,
  quirksOf,
  SETTINGS_COLUMNS,
  type SettingsRow,
  settingsOf,
  volumeByTimeOf,
} from '../desired/settings-of.ts';
import { notFound } from '../failure.ts';
import { type DeviceDetail, DeviceStatus, type Refusal } from '../http/contract/devices.ts';
import { PlanShelf } from '../timetable/plan-shelf.ts';
import { boardSiteOf, deviceLine, type View } from './device-list.ts';

/** @throws Failure 404 when there is no such device, or it was retired. */
export function deviceDetail(store: Store, id: string, view: View): DeviceDetail {
  const { sqlite } = store;
  const row = sqlite
    .prepare<[string], Row<'device'> & SettingsRow>(
      `SELECT d.*, ${SETTINGS_COLUMNS} FROM device d ${OF_MODEL} WHERE d.id = ? AND d.removed_at IS NULL`,
    )
    .get(id);
  const line = deviceLine(store, id, view);
  if (row === undefined || line === undefined) throw notFound('device', id);
  const groups = sqlite
    .prepare<[string], { id: string; name: string }>(
      `SELECT g.id, g.name FROM device_group_member m JOIN device_group g ON g.id = m.group_id
        WHERE m.device_id = ? AND g.removed_at IS NULL ORDER BY g.name`,
    )
    .all(id);
  const statusChanges = sqlite
    .prepare<[string], { at: number; status: string; reason: string | null }>(
      'SELECT at, status, reason FROM device_status_change WHERE device_id = ? ORDER BY at DESC LIMIT 100',
    )
    .all(id)
    .map((change) => ({ ...change, status: DeviceStatus.parse(change.status) }));
  const picture = sqlite
    .prepare<[string], NonNullable<DeviceDetail['picture']>>(
      `SELECT id, coalesce(taken_at, received_at) AS at, received_at AS receivedAt, type FROM evidence
        WHERE device_id = ? ORDER BY coalesce(taken_at, received_at) DESC LIMIT 1`,
    )
    .get(id);
  const gaps = sqlite
    .prepare<[string], DeviceDetail['gaps'][number]>(
      `SELECT boot, first_seq AS first, last_seq AS last, noticed_at AS noticedAt FROM as_run_gap
        WHERE device_id = ? ORDER BY noticed_at DESC LIMIT 100`,
    )
    .all(id);
  const boards = boardSiteOf(store, view);
  const settings = settingsOf(row, zoneOf(view.zone).toLocal(view.now) - view.now, view.guards, boards);
  const heartbeat = row.last_heartbeat === null ? null : Heartbeat.parse(JSON.parse(row.last_heartbeat));
  return {
    ...line,
    firmware: row.firmware,
    capabilities: Capabilities.parse(JSON.parse(row.capabilities)),
    latitude: row.latitude,
    longitude: row.longitude,
    owner: row.owner,
    warrantyEnd: row.warranty_end,
    volumeByTime: volumeByTimeOf(row),
    volumeNow: volumeAt(settings, view.now),
    outputDelayMs: settings.outputDelayMs,
    outputDelayTrimMs: row.output_delay_trim_ms,
    quirks: quirksOf(row),
    groups,
    desiredAt: row.desired_issued_at,
    acknowledgedAt: row.acknowledged_at,
    reportedAt: row.reported_at,
    heartbeat,
    heartbeatAt: heartbeat === null ? null : beatAt(store, id),
    statusChanges,
    picture: picture ?? null,
    board: row.kind === 'board' ? boardChoiceOf(row.board) : null,
    boardPlace: row.kind === 'board' ? boards.placeOf(row) : null,
    selfTest: selfTestOf(store, id),
    gaps,
    createdAt: row.created_at,
  };
}

const beatAt = (store: Store, id: string): number | null =>
  store.sqlite
    .prepare<[string], number | null>(
      `SELECT coalesce(repeated_until, received_at) FROM heartbeat WHERE device_id = ?
        ORDER BY received_at DESC LIMIT 1`,
    )
    .pluck()
    .get(id) ?? null;

/** The last self-test that came back. */
function selfTestOf(store: Store, id: string): DeviceDetail['selfTest'] {
  const row = store.sqlite
    .prepare<[string], { self_test: string; updated_at: number }>(
      `SELECT self_test, updated_at FROM command WHERE device_id = ? AND self_test IS NOT NULL
        ORDER BY issued_at DESC LIMIT 1`,
    )
    .get(id);
  return row === undefined ? null : { ...SelfTest.parse(JSON.parse(row.self_test)), at: row.updated_at };
}

/** What was refused, the latest first. */
export function refusalsOf(store: Store, id: string): Refusal[] {
  return store.sqlite
    .prepare<[string], Refusal>(
      `SELECT source, reason, topic, count, first_at AS firstAt, last_at AS lastAt, detail FROM refusal
        WHERE device_id = ? ORDER BY last_at DESC LIMIT 200`,
    )
    .all(id);
}

/** What the plan that the device holds, or is to hold, has in a window. */
export function planOf(
  store: Store,
  id: string,
  { which, from, to }: { which: 'held' | 'desired'; from: number; to: number },
  view: View,
): {
  revision: number | null;
  sha256: string | null;
  validUntil: number | null;
  occurrences: Plan['occurrences'];
} {
  const line = deviceLine(store, id, view);
  if (line === undefined) throw notFound('device', id);
  const pointer = line.plan[which];
  const nothing = { revision: null, sha256: null, validUntil: null, occurrences: [] };
  if (pointer === null) return nothing;
  const { revision, sha256 } = pointer;
  const plan = new PlanShelf(store).read(sha256);
  // A plan of another controller, before this one: it is held, but what is in it is not known here.
  if (plan === null) return { ...nothing, revision, sha256 };
  const { validUntil, occurrences } = plan;
  return {
    revision,
    sha256,
    validUntil,
    occurrences: occurrences.filter(({ startAt, endAt }) => startAt < to && endAt > from),
  };
}
