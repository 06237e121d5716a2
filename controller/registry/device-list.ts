import { z } from 'zod';
import type { Guards } from '#devices/guards';
import { Heartbeat } from '#devices/messages/heartbeat';
import { zoneOf } from '#schedules/zone';
import { FROZEN } from '../boards/frozen.ts';
import type { Store } from '../database/open.ts';
import { BoardSite } from '../desired/board-settings.ts';
import { OF_MODEL, SETTINGS_COLUMNS, type SettingsRow, settingsOf } from '../desired/settings-of.ts';
import { Failure } from '../failure.ts';
import { foldText } from '../fold-text.ts';
import type { DeviceStatus, DeviceSummary, deviceRoutes } from '../http/contract/devices.ts';
import { differences, type Following } from './setting-differences.ts';

type Question = z.output<(typeof deviceRoutes)['GET /devices']['query']>;
type Answer = z.output<(typeof deviceRoutes)['GET /devices']['response']>;

/** What a list shows of the last heartbeat. */
const Shown = Heartbeat.pick({
  playing: true,
  fetching: true,
  faults: true,
  volume: true,
  muted: true,
  brightness: true,
  outputDelayMs: true,
  board: true,
});

/** From where devices are looked at. */
export interface View {
  readonly now: number;
  /** The wall clock of the site, by its IANA name. */
  readonly zone: string;
  /** Of the site; those of an area differ from them in nothing that is compared here. */
  readonly guards: Guards;
  /** What is known of a device's last word beyond the database, where short heartbeats leave no trace for a while. */
  readonly heardAt: (device: string) => number | null;
}

interface Line extends Following, SettingsRow {
  readonly kind: DeviceSummary['kind'];
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly serial: string;
  readonly area_name: string | null;
  readonly address: string | null;
  readonly status: DeviceStatus;
  readonly status_since: number;
  readonly last_heard_at: number | null;
  readonly last_heartbeat: string | null;
  readonly acknowledged_revision: number;
  readonly held_plan_since: number | null;
  readonly frozen_since: number | null;
  readonly refusals: number;
}

/** Everything a line needs in one query, however many lines. */
const LINES = `
  SELECT d.*, ${SETTINGS_COLUMNS}, a.name AS area_name, dp.revision AS plan_revision, dp.plan_sha256,
    dp.issued_at AS plan_issued_at, held.superseded_at AS held_superseded_at,
    coalesce((SELECT sum(count) FROM refusal r WHERE r.device_id = d.id), 0) AS refusals
  FROM device d ${OF_MODEL}
  LEFT JOIN device_plan held ON held.device_id = d.id AND held.revision = d.held_plan_revision
    AND held.plan_sha256 = d.held_plan_sha256
  LEFT JOIN area a ON a.id = d.area_id
  LEFT JOIN device_plan dp ON dp.device_id = d.id
    AND dp.revision = (SELECT max(revision) FROM device_plan WHERE device_id = d.id AND superseded_at IS NULL)`;

const WITHIN_AREA = `WITH RECURSIVE below(id) AS (SELECT @area UNION SELECT area.id FROM area JOIN below ON area.parent_id = below.id)`;

const FILTER = `d.removed_at IS NULL
  AND (@kind IS NULL OR d.kind = @kind)
  AND (@area IS NULL OR d.area_id IN below)
  AND (@group IS NULL OR EXISTS (SELECT 1 FROM device_group_member m WHERE m.device_id = d.id AND m.group_id = @group))
  AND (@search IS NULL OR instr(fold(d.name || ' ' || d.id || ' ' || d.serial || ' ' || d.model || ' ' || coalesce(d.address, '')), @search) > 0)`;

/** The device list: two queries, one for the lines and one for how many there are of each status. */
export function listDevices(store: Store, question: Question, view: View): Answer {
  const { sqlite } = store;
  const search = foldText(question.search ?? '');
  const filter = {
    kind: question.kind ?? null,
    area: question.area ?? null,
    group: question.group ?? null,
    search: search === '' ? null : search,
  };
  const after = question.cursor === undefined ? null : readCursor(question.cursor);
  const lines = sqlite
    .prepare<[object], Line>(
      `${WITHIN_AREA} ${LINES} WHERE ${FILTER} AND (@status IS NULL OR d.status = @status)
        AND (@name IS NULL OR (d.name, d.id) > (@name, @id))
        ORDER BY d.name, d.id LIMIT @limit`,
    )
    .all({
      ...filter,
      status: question.status ?? null,
      name: after?.name ?? null,
      id: after?.id ?? null,
      limit: question.limit + 1,
    });
  const counts: Answer['counts'] = { unseen: 0, online: 0, stale: 0, offline: 0, fault: 0 };
  for (const { status, count } of sqlite
    .prepare<[object], { status: DeviceStatus; count: number }>(
      `${WITHIN_AREA} SELECT d.status, count(*) AS count FROM device d WHERE ${FILTER} GROUP BY d.status`,
    )
    .all(filter)) {
    counts[status] = count;
  }
  const boards = boardSiteOf(store, view);
  const page = lines.slice(0, question.limit);
  const last = page.at(-1);
  const total =
    question.status === undefined
      ? Object.values(counts).reduce((sum, count) => sum + count, 0)
      : counts[question.status];
  const next = lines.length > page.length && last !== undefined ? cursorAfter(last) : null;
  return { items: page.map((line) => summary(line, view, boards)), total, next, counts };
}

/** One line by id, also of a device that was retired; undefined when there is none. */
export function deviceLine(store: Store, id: string, view: View): DeviceSummary | undefined {
  const line = store.sqlite.prepare<[string], Line>(`${LINES} WHERE d.id = ?`).get(id);
  return line === undefined ? undefined : summary(line, view, boardSiteOf(store, view));
}

/** Their name is compared with nothing: a view does without it. */
export const boardSiteOf = (store: Store, { now, zone }: View): BoardSite =>
  new BoardSite(store, '', zoneOf(zone).toLocal(now) - now);

function summary(line: Line, { now, zone, guards, heardAt }: View, boards: BoardSite): DeviceSummary {
  // What plays is only known of a device that talks to us; the last word of a silent one is no news.
  const talks = line.status === 'online' || line.status === 'fault';
  const said = line.last_heartbeat === null ? null : Shown.parse(JSON.parse(line.last_heartbeat));
  const playing = talks ? (said?.playing ?? null) : null;
  const settings = settingsOf(line, zoneOf(zone).toLocal(now) - now, guards, boards);
  const heard = heardAt(line.id);
  return {
    id: line.id,
    kind: line.kind,
    name: line.name,
    model: line.model,
    serial: line.serial,
    areaId: line.area_id,
    areaName: line.area_name,
    address: line.address,
    status: line.status,
    statusSince: line.status_since,
    lastHeardAt: heard === null ? line.last_heard_at : Math.max(heard, line.last_heard_at ?? 0),
    playing,
    volume: line.volume,
    muted: line.muted === 1,
    brightness: line.brightness,
    desiredRevision: line.desired_revision,
    acknowledgedRevision: line.acknowledged_revision,
    reportedRevision: line.reported_revision,
    settingsDiffer: differences(line, said, settings, now),
    plan: {
      desired:
        line.plan_revision === null || line.plan_sha256 === null || line.plan_issued_at === null
          ? null
          : { revision: line.plan_revision, sha256: line.plan_sha256, issuedAt: line.plan_issued_at },
      held:
        line.held_plan_revision === null || line.held_plan_sha256 === null || line.held_plan_since === null
          ? null
          : { revision: line.held_plan_revision, sha256: line.held_plan_sha256, since: line.held_plan_since },
      fetching: talks ? (said?.fetching ?? null) : null,
    },
    faults: faultsOf(said?.faults ?? [], line.frozen_since),
    refusals: line.refusals,
  };
}

/** What the controller found out by itself is a fault as those are that a device tells of. */
const faultsOf = (told: readonly string[], frozenSince: number | null): string[] =>
  frozenSince === null || told.includes(FROZEN) ? [...told] : [...told, FROZEN];

const cursorAfter = ({ name, id }: Line): string =>
  Buffer.from(JSON.stringify([name, id])).toString('base64url');

const Cursor = z.tuple([z.string(), z.string()]);

/** @throws Failure `bad-cursor`: the first page in its place would let a program page on for ever. */
function readCursor(cursor: string): { name: string; id: string } {
  try {
    const [name, id] = Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { name, id };
  } catch (cause) {
    throw new Failure('bad-cursor', 'This is not the end of a page of the list; begin with its first page.', {
      cause,
    });
  }
}
