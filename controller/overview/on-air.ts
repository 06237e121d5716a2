import { parseOccurrenceId } from '#schedules/schedule';
import type { Store } from '../database/open.ts';
import type { Overview } from '../http/contract/overview.ts';

type OnAir = Overview['onAir'][number];

/** No occurrence is looked for that began earlier than this. */
const LONGEST_MS = 24 * 3_600_000;
/** What was said longer ago is no news. */
const FRESH_MS = 120_000;

interface DueRow {
  readonly occurrence: string;
  readonly title: string;
  readonly startAt: number;
  readonly endAt: number;
  readonly due: number;
}

interface PlayingRow {
  readonly occurrence: string;
  readonly title: string;
  readonly playing: number;
  readonly levelDbfs: number | null;
}

/**
 * What is on air: occurrences whose time it is, by the log, with the number of devices that say in their last heartbeat
 * that they play them; and what devices play though the log no longer has it now.
 */
export function onAir({ sqlite }: Store, now: number): OnAir[] {
  const due = sqlite
    .prepare<[object], DueRow>(
      `SELECT occurrence, title, start_at AS startAt, end_at AS endAt, count(*) AS due FROM play
        WHERE start_at > @earliest AND start_at <= @now AND end_at > @now GROUP BY occurrence`,
    )
    .all({ now, earliest: now - LONGEST_MS });
  const playing = sqlite
    .prepare<[object], PlayingRow>(
      `SELECT last_heartbeat ->> '$.playing.occurrence' AS occurrence, last_heartbeat ->> '$.playing.title' AS title,
          count(*) AS playing, max(last_heartbeat ->> '$.playing.levelDbfs') AS levelDbfs
        FROM device WHERE removed_at IS NULL AND connected = 1 AND last_heard_at > @since
          AND last_heartbeat ->> '$.playing.occurrence' IS NOT NULL GROUP BY 1`,
    )
    .all({ since: now - FRESH_MS });
  const said = new Map(playing.map((row) => [row.occurrence, row]));
  const rows: DueRow[] = [...due];
  for (const row of playing) {
    if (due.some(({ occurrence }) => occurrence === row.occurrence)) continue;
    const logged = sqlite
      .prepare<[string], DueRow>(
        `SELECT occurrence, title, start_at AS startAt, max(end_at) AS endAt, count(*) AS due FROM play
          WHERE occurrence = ? GROUP BY occurrence`,
      )
      .get(row.occurrence);
    // Over by the log: a heartbeat from just before its end is still the last one.
    if (logged !== undefined) continue;
    const startAt = parseOccurrenceId(row.occurrence)?.startAt ?? now;
    rows.push({ occurrence: row.occurrence, title: row.title, startAt, endAt: now, due: 0 });
  }
  return rows
    .sort((a, b) => a.startAt - b.startAt)
    .map(({ due: devices, ...row }) => ({
      ...row,
      devices: { due: devices, playing: said.get(row.occurrence)?.playing ?? 0 },
      levelDbfs: said.get(row.occurrence)?.levelDbfs ?? null,
      areas: areasOf(sqlite, row.occurrence),
    }));
}

/** The areas in which it is due or said to play, by name. */
function areasOf(sqlite: Store['sqlite'], occurrence: string): string[] {
  return sqlite
    .prepare<[object], string>(
      `SELECT DISTINCT a.name FROM (
          SELECT device_id FROM play WHERE occurrence = @occurrence
          UNION SELECT id FROM device WHERE last_heartbeat ->> '$.playing.occurrence' = @occurrence
        ) x JOIN device d ON d.id = x.device_id JOIN area a ON a.id = d.area_id ORDER BY a.name LIMIT 50`,
    )
    .pluck()
    .all({ occurrence });
}
