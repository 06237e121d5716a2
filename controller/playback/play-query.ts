import { z } from 'zod';
import { PriorityClass } from '#devices/plan';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import { foldText } from '../fold-text.ts';
import { type Play, Verdict } from '../http/contract/plays.ts';

/** Which lines of the log: those that start in `[from, to)` and fit everything that is named. */
export interface PlayFilter {
  readonly from: number;
  readonly to: number;
  readonly device?: string | undefined;
  /** With everything below it. */
  readonly area?: string | undefined;
  readonly schedule?: string | undefined;
  readonly verdict?: Verdict | undefined;
  /** In titles and names of devices, without regard to case and marks. */
  readonly search?: string | undefined;
}

/** Where a page ends: the key of its last line. */
const Cursor = z.tuple([z.number(), z.string(), z.string()]);

const COLUMNS = `
  p.occurrence, p.device_id AS deviceId, coalesce(d.name, p.device_id) AS deviceName, a.name AS areaName,
  p.schedule_id AS scheduleId, p.title, p.priority, p.start_at AS startAt, p.end_at AS endAt, p.verdict, p.reason,
  p.first_sample_at AS firstSampleAt, p.lateness_ms AS latenessMs, p.played_ms AS playedMs, p.due_ms AS dueMs`;
const TABLES = `play p LEFT JOIN device d ON d.id = p.device_id LEFT JOIN area a ON a.id = d.area_id`;
const BELOW = `WITH RECURSIVE below(id) AS (
  SELECT @area UNION SELECT a.id FROM below b JOIN area a ON a.parent_id = b.id)`;

/** The log, asked for page by page: by key, never by offset, so that new lines move nothing. */
export class PlayQuery {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Newest first. @param after the cursor of the page before. @throws Failure `bad-cursor`. */
  page(filter: PlayFilter, limit: number, after: string | null): { items: Play[]; next: string | null } {
    const [startAt, occurrence, device] = after === null ? [null, null, null] : readCursor(after);
    const { sql, values } = where(filter);
    const rows = this.#store.sqlite
      .prepare<[object], Play>(
        `${filter.area === undefined ? '' : BELOW} SELECT ${COLUMNS} FROM ${TABLES} WHERE ${sql}
          ${after === null ? '' : 'AND (p.start_at, p.occurrence, p.device_id) < (@startAt, @occurrence, @afterDevice)'}
          ORDER BY p.start_at DESC, p.occurrence DESC, p.device_id DESC LIMIT @limit`,
      )
      .all({ ...values, limit: limit + 1, startAt, occurrence, afterDevice: device });
    const items = rows.slice(0, limit).map(readPlay);
    const last = items.at(-1);
    return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
  }

  /** How many lines of each verdict, whatever verdict the filter names. */
  counts(filter: PlayFilter): Record<Verdict, number> {
    const { sql, values } = where({ ...filter, verdict: undefined });
    const rows = this.#store.sqlite
      .prepare<[object], { verdict: string; plays: number }>(
        `${filter.area === undefined ? '' : BELOW} SELECT p.verdict, count(*) AS plays
          FROM ${filter.area === undefined && filter.search === undefined ? 'play p' : TABLES}
          WHERE ${sql} GROUP BY p.verdict`,
      )
      .all(values);
    const counts = noVerdicts();
    for (const { verdict, plays } of rows) counts[Verdict.parse(verdict)] = plays;
    return counts;
  }

  /** @returns null when there is no such line. */
  one(occurrence: string, device: string): (Play & { parts: string; planSha256: string }) | null {
    const row = this.#store.sqlite
      .prepare<[string, string], Play & { parts: string; planSha256: string }>(
        `SELECT ${COLUMNS}, p.parts, p.plan_sha256 AS planSha256 FROM ${TABLES}
          WHERE p.occurrence = ? AND p.device_id = ?`,
      )
      .get(occurrence, device);
    return row === undefined ? null : { ...row, ...readPlay(row) };
  }
}

export const noVerdicts = (): Record<Verdict, number> => ({
  pending: 0,
  played: 0,
  late: 0,
  partial: 0,
  preempted: 0,
  missed: 0,
  unknown: 0,
});

function readPlay(row: Play): Play {
  return { ...row, priority: PriorityClass.parse(row.priority), verdict: Verdict.parse(row.verdict) };
}

function where(filter: PlayFilter): { sql: string; values: Record<string, string | number | null> } {
  const { from, to, device, area, schedule, verdict, search } = filter;
  const terms = ['p.start_at >= @from', 'p.start_at < @to'];
  if (device !== undefined) terms.push('p.device_id = @device');
  if (schedule !== undefined) {
    // A relay of a schedule stands in the log by the broadcasts that carried it.
    terms.push(
      '(p.schedule_id = @schedule OR p.schedule_id IN (SELECT id FROM relay_run WHERE schedule_id = @schedule))',
    );
  }
  if (verdict !== undefined) terms.push('p.verdict = @verdict');
  if (area !== undefined) terms.push('d.area_id IN (SELECT id FROM below)');
  const text = foldText(search ?? '');
  if (search !== undefined) {
    terms.push('(instr(fold(p.title), @text) > 0 OR instr(fold(coalesce(d.name, p.device_id)), @text) > 0)');
  }
  const values = { from, to, text, device: device ?? null, area: area ?? null };
  return {
    sql: terms.join(' AND '),
    values: { ...values, schedule: schedule ?? null, verdict: verdict ?? null },
  };
}

const cursorOf = ({ startAt, occurrence, deviceId }: Play): string =>
  Buffer.from(JSON.stringify([startAt, occurrence, deviceId])).toString('base64url');

function readCursor(text: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch (cause) {
    throw new Failure('bad-cursor', 'This is not the end of a page of the log; begin with its first page.', {
      cause,
    });
  }
}
