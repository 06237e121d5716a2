import { z } from 'zod';
import type { Store } from '../database/open.ts';
import type { Overview } from '../http/contract/overview.ts';

type Problem = Overview['problems'][number];

const DAY = 86_400_000;
/** How long a device may take to fetch a plan before that is worth a word. */
const FETCH_MS = 5 * 60_000;
/** Of one kind; more of them are the same trouble. */
const MOST = 30;

/** One kind of trouble: which rows are it. Each query gives since, deviceId, scheduleId, and the params as JSON. */
interface Trouble {
  readonly code: Problem['code'];
  readonly severity: Problem['severity'];
  readonly sql: string;
}

const plays = (verdict: 'missed' | 'unknown'): string => `
  SELECT min(start_at) AS since, NULL AS deviceId, schedule_id AS scheduleId,
    json_object('title', max(title), 'plays', count(*), 'devices', count(DISTINCT device_id),
      'occurrences', count(DISTINCT occurrence)) AS params
  FROM play WHERE start_at > @now - ${DAY} AND start_at <= @now AND verdict = '${verdict}'
  GROUP BY schedule_id ORDER BY count(*) DESC`;

/** What a board says of its panel has lines of its own, which tell more. */
const TOLD_APART = "('renderer-frozen', 'panel-power', 'panel-dead-pixels')";

const devices = (status: 'offline' | 'stale' | 'fault'): string => `
  SELECT d.status_since AS since, d.id AS deviceId, NULL AS scheduleId,
    json_object('name', d.name, 'area', coalesce(a.name, ''),
      'fault', coalesce(d.last_heartbeat ->> '$.faults[0]', '')) AS params
  FROM device d LEFT JOIN area a ON a.id = d.area_id
  WHERE d.removed_at IS NULL AND d.status = '${status}'
    AND NOT (d.kind = 'board' AND d.status = 'fault'
      AND coalesce(d.last_heartbeat ->> '$.faults[0]', 'renderer-frozen') IN ${TOLD_APART})
  ORDER BY d.status_since`;

/** Boards that say of themselves that something is wrong with what is seen on them. */
const boards = (since: string, where: string, more = ''): string => `
  SELECT ${since} AS since, d.id AS deviceId, NULL AS scheduleId,
    json_object('name', d.name, 'area', coalesce(a.name, '')${more}) AS params
  FROM device d LEFT JOIN area a ON a.id = d.area_id
  WHERE d.kind = 'board' AND d.removed_at IS NULL AND d.status IN ('online', 'fault') AND ${where} ORDER BY d.name`;
const SAID_AT = "d.last_heartbeat ->> '$.at'";

/** In the order of what they cost: what was not heard, then devices, then what may become either. */
const TROUBLES: readonly Trouble[] = [
  { code: 'plays-missed', severity: 'serious', sql: plays('missed') },
  { code: 'plays-unknown', severity: 'warning', sql: plays('unknown') },
  { code: 'device-offline', severity: 'serious', sql: devices('offline') },
  {
    code: 'board-frozen',
    severity: 'serious',
    sql: boards('d.frozen_since', 'd.frozen_since IS NOT NULL'),
  },
  {
    code: 'board-unpowered',
    severity: 'serious',
    sql: boards(
      SAID_AT,
      "d.last_heartbeat ->> '$.board.powered' = 0 AND d.last_heartbeat ->> '$.board.mode' <> 'off'",
    ),
  },
  { code: 'device-fault', severity: 'serious', sql: devices('fault') },
  { code: 'device-stale', severity: 'warning', sql: devices('stale') },
  {
    code: 'board-dead-pixels',
    severity: 'warning',
    sql: boards(
      SAID_AT,
      "d.last_heartbeat ->> '$.board.deadPixels' > 0",
      ", 'pixels', d.last_heartbeat ->> '$.board.deadPixels'",
    ),
  },
  {
    code: 'plan-not-held',
    severity: 'warning',
    sql: `
      SELECT p.issued_at AS since, d.id AS deviceId, NULL AS scheduleId,
        json_object('name', d.name, 'revision', p.revision, 'held', coalesce(d.held_plan_revision, 0)) AS params
      FROM device d JOIN device_plan p ON p.device_id = d.id AND p.superseded_at IS NULL
      WHERE d.removed_at IS NULL AND d.status IN ('online', 'fault') AND p.issued_at < @now - ${FETCH_MS}
        AND d.held_plan_sha256 IS NOT p.plan_sha256 ORDER BY p.issued_at`,
  },
  {
    code: 'records-lost',
    severity: 'warning',
    sql: `
      SELECT min(g.noticed_at) AS since, g.device_id AS deviceId, NULL AS scheduleId,
        json_object('name', d.name, 'records', sum(g.last_seq - g.first_seq + 1)) AS params
      FROM as_run_gap g JOIN device d ON d.id = g.device_id
      WHERE g.noticed_at > @now - ${7 * DAY} GROUP BY g.device_id ORDER BY since`,
  },
  {
    code: 'refusals',
    severity: 'warning',
    sql: `
      SELECT min(r.first_at) AS since, d.id AS deviceId, NULL AS scheduleId,
        json_object('name', coalesce(d.name, r.device_id), 'count', sum(r.count), 'reason', max(r.reason)) AS params
      FROM refusal r LEFT JOIN device d ON d.id = r.device_id
      WHERE r.last_at > @now - ${DAY} GROUP BY r.device_id ORDER BY sum(r.count) DESC`,
  },
  {
    code: 'asset-refused',
    severity: 'notice',
    sql: `
      SELECT updated_at AS since, NULL AS deviceId, NULL AS scheduleId,
        json_object('id', id, 'title', title, 'refusal', coalesce(refusal, '')) AS params
      FROM asset WHERE state = 'refused' AND removed_at IS NULL AND updated_at > @now - ${DAY}
      ORDER BY updated_at DESC`,
  },
  {
    code: 'pairing-waiting',
    severity: 'notice',
    sql: `
      SELECT requested_at AS since, NULL AS deviceId, NULL AS scheduleId,
        json_object('id', id, 'model', model, 'serial', serial) AS params
      FROM pairing WHERE state = 'pending' AND expires_at > @now ORDER BY requested_at`,
  },
];

const Params = z.record(z.string(), z.union([z.string(), z.number()]));

interface Row {
  readonly since: number;
  readonly deviceId: string | null;
  readonly scheduleId: string | null;
  readonly params: string;
}

/** A board that shows what nobody approved. */
export interface Differing {
  readonly id: string;
  readonly name: string;
  readonly since: number;
}

/**
 * What is wrong, by what it costs.
 * @param differing boards that show something else than they should: nothing costs more.
 */
export function problems({ sqlite }: Store, now: number, differing: readonly Differing[] = []): Problem[] {
  const others = differing.slice(0, MOST).map(
    ({ id, name, since }): Problem => ({
      ...{
        code: 'board-differs',
        severity: 'serious',
        since,
        deviceId: id,
        scheduleId: null,
        params: { name },
      },
    }),
  );
  const rest = TROUBLES.flatMap(({ code, severity, sql }) =>
    sqlite
      .prepare<[object], Row>(`${sql} LIMIT ${MOST}`)
      .all({ now })
      .map(({ params, ...row }) => ({ code, severity, ...row, params: Params.parse(JSON.parse(params)) })),
  );
  return [...others, ...rest];
}
