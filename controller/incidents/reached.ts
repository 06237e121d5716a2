import type { Store } from '../database/open.ts';
import { IncidentCounts, type SilentDevice } from '../http/contract/incidents.ts';

/** So long after the start a device may still be on its way to sounding; then it is silent. */
export const ANSWER_MS = 3_000;

/**
 * Of one message: the share of each device once. Where the siren went out before the words, the words count, unless they
 * have not begun yet and the siren sounds. `far` is how far it came: `silent` with the reason, `waited` for.
 */
const REACHED = `
  WITH ranked AS (
    SELECT s.device_id, s.state, s.reason, s.started_at, s.updated_at, b.rehearsal, b.volume,
        CASE b.rehearsal WHEN 1 THEN b.state = 'preparing' ELSE @now < coalesce(b.t0, b.created_at) + ${ANSWER_MS} END AS early,
        max(CASE WHEN w.role <> 'siren' AND s.state NOT IN ('asked', 'received', 'ready', 'absent') THEN 'c'
          WHEN s.state = 'started' THEN 'b' ELSE 'a' END || w.broadcast_id) AS best
      FROM incident_broadcast w JOIN broadcast b ON b.id = w.broadcast_id
      JOIN broadcast_device s ON s.broadcast_id = b.id
      WHERE w.message_id = @message GROUP BY s.device_id
  ),
  reached AS (
    SELECT r.*, d.name, d.kind, d.area_id, CASE
        WHEN d.kind = 'speaker' AND (d.muted = 1 OR r.volume = 0) THEN 'silent muted'
        WHEN r.rehearsal = 1 AND r.state = 'ready' THEN 'ready'
        WHEN r.state = 'started' THEN 'sounding'
        WHEN r.state IN ('ended', 'stopped') AND r.started_at IS NOT NULL THEN 'done'
        WHEN r.state IN ('received', 'ready') AND r.early THEN CASE r.rehearsal WHEN 1 THEN 'waited' ELSE 'ready' END
        WHEN r.state IN ('received', 'ready') THEN 'silent not-started'
        WHEN r.state = 'absent' THEN 'silent absent'
        WHEN r.state = 'asked' THEN CASE WHEN r.early THEN 'waited' ELSE 'silent no-word' END
        WHEN r.state = 'stopped' THEN 'silent stopped'
        ELSE 'silent ' || coalesce(r.reason, 'failed') END AS far
      FROM ranked r LEFT JOIN device d ON d.id = r.device_id
  )`;

/** How far the devices came with a message; counted, not walked through. */
export function countsOfMessage({ sqlite }: Store, message: string, now: number): IncidentCounts {
  const counts = noCounts();
  const rows = sqlite
    .prepare<[{ message: string; now: number }], { far: string; devices: number }>(
      `${REACHED} SELECT CASE WHEN far LIKE 'silent %' THEN 'silent' ELSE far END AS far, count(*) AS devices
        FROM reached GROUP BY 1`,
    )
    .all({ message, now });
  for (const { far, devices } of rows) {
    counts.asked += devices;
    const known = IncidentCounts.keyof().exclude(['asked']).safeParse(far);
    if (known.success) counts[known.data] += devices;
  }
  return counts;
}

/** More names than a person reads on a page; the counts are of all. */
const MOST_SILENT = 2_000;

/** Who has not sounded or shown a message, and why; by reason, then by name. */
export function silentOf({ sqlite }: Store, message: string, now: number): SilentDevice[] {
  return sqlite
    .prepare<
      [{ message: string; now: number }],
      Omit<SilentDevice, 'kind'> & { kind: SilentDevice['kind'] | null }
    >(
      `${REACHED} SELECT r.device_id AS deviceId, coalesce(r.name, r.device_id) AS name, a.name AS areaName, r.kind,
          substr(r.far, 8) AS reason, r.updated_at AS since
        FROM reached r LEFT JOIN area a ON a.id = r.area_id WHERE r.far LIKE 'silent %'
        ORDER BY reason, name, deviceId LIMIT ${MOST_SILENT}`,
    )
    .all({ message, now })
    .map((row) => ({ ...row, kind: row.kind ?? 'speaker' }));
}

export const noCounts = (): IncidentCounts => ({ asked: 0, ready: 0, sounding: 0, done: 0, silent: 0 });
