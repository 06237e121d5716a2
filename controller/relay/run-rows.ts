import { PriorityClass, ResumePolicy } from '#devices/plan';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { notFound } from '../failure.ts';
import type { RelayRun, RelaySwitch } from '../http/contract/relays.ts';
import { Target } from '../http/contract/schedules.ts';
import type { Switch } from './watch.ts';

/** What is asked of one relay; the same for the next broadcast when the program had to begin anew. */
export interface RelayOrder {
  readonly sourceId: string;
  readonly title: string;
  readonly targets: readonly Target[];
  readonly priority: PriorityClass;
  readonly resume: ResumePolicy;
  readonly volume: number | null;
  readonly gainDb: number;
  /** When no more of it is heard, epoch ms. */
  readonly endAt: number;
  /** Of a schedule, and when the schedule has it. */
  readonly occurrence: { readonly scheduleId: string; readonly startAt: number } | null;
  /** The run that it goes on with. */
  readonly continues: string | null;
  readonly by: string | null;
}

export type RunEnd = Exclude<RelayRun['end'], null>;

export function insertRun(
  { sqlite }: Store,
  { id, startAt, now }: { readonly id: string; readonly startAt: number; readonly now: number },
  order: RelayOrder,
): void {
  sqlite
    .prepare(
      `INSERT INTO relay_run (id, source_id, title, schedule_id, occurrence_at, continues, targets, priority, resume,
          volume, gain_db, start_at, end_at, created_by, created_at)
        VALUES (@id, @sourceId, @title, @scheduleId, @occurrenceAt, @continues, @targets, @priority, @resume,
          @volume, @gainDb, @startAt, @endAt, @by, @now)`,
    )
    .run({
      ...{ id, startAt: Math.round(startAt), endAt: Math.round(order.endAt), now: Math.round(now) },
      ...{ sourceId: order.sourceId, title: order.title, continues: order.continues, by: order.by },
      ...{ priority: order.priority, resume: order.resume, volume: order.volume, gainDb: order.gainDb },
      scheduleId: order.occurrence?.scheduleId ?? null,
      occurrenceAt: order.occurrence?.startAt ?? null,
      targets: JSON.stringify(order.targets),
    });
}

export function orderOf(row: Row<'relay_run'>): RelayOrder {
  return {
    ...{
      sourceId: row.source_id,
      title: row.title,
      volume: row.volume,
      gainDb: row.gain_db,
      by: row.created_by,
    },
    ...{ endAt: row.end_at, continues: row.continues },
    targets: Target.array().parse(JSON.parse(row.targets)),
    priority: PriorityClass.parse(row.priority),
    resume: ResumePolicy.parse(row.resume),
    occurrence:
      row.schedule_id === null || row.occurrence_at === null
        ? null
        : { scheduleId: row.schedule_id, startAt: row.occurrence_at },
  };
}

/** @returns whether it was not over yet. */
export function endRun({ sqlite }: Store, id: string, end: RunEnd, at: number): boolean {
  const { changes } = sqlite
    .prepare(
      `UPDATE relay_run SET ended_at = min(end_at, max(start_at, @at)), end_reason = @end
        WHERE id = @id AND ended_at IS NULL`,
    )
    .run({ id, end, at: Math.round(at) });
  return changes > 0;
}

export function insertSwitch(
  { sqlite }: Store,
  run: string,
  at: number,
  { to, reason, detail }: Switch,
): void {
  sqlite
    .prepare(
      `INSERT INTO relay_switch (run_id, position, at, hears, reason, detail)
        SELECT @run, count(*), @at, @to, @reason, @detail FROM relay_switch WHERE run_id = @run`,
    )
    .run({ run, at: Math.round(at), to, reason, detail: detail?.slice(0, 500) ?? null });
}

export const openRuns = ({ sqlite }: Store): Row<'relay_run'>[] =>
  sqlite.prepare<[], Row<'relay_run'>>('SELECT * FROM relay_run WHERE ended_at IS NULL ORDER BY id').all();

/** Newest first. */
export const runsOf = ({ sqlite }: Store, scheduleId: string, startAt: number): Row<'relay_run'>[] =>
  sqlite
    .prepare<[string, number], Row<'relay_run'>>(
      'SELECT * FROM relay_run WHERE schedule_id = ? AND occurrence_at = ? ORDER BY id DESC',
    )
    .all(scheduleId, startAt);

/** Those that the program's end broke off and that nothing goes on with yet, though there is time left. */
export const brokenRuns = ({ sqlite }: Store, now: number): Row<'relay_run'>[] =>
  sqlite
    .prepare<[number], Row<'relay_run'>>(
      `SELECT * FROM relay_run r WHERE end_reason = 'controller-stopped' AND end_at > ?
        AND NOT EXISTS (SELECT 1 FROM relay_run n WHERE n.continues = r.id)`,
    )
    .all(now);

/** What only the running program knows of a relay. */
export interface RunNow {
  readonly hears: RelayRun['hears'];
  readonly levelDbfs: number | null;
  readonly listening: number;
}

const LISTED = 50;

/** Under way and lately over, newest first. */
export function viewRuns(store: Store, nowOf: (id: string) => RunNow | undefined, now: number): RelayRun[] {
  const rows = store.sqlite
    .prepare<[], Row<'relay_run'>>(`SELECT * FROM relay_run ORDER BY id DESC LIMIT ${LISTED}`)
    .all();
  return rows.map((row) => view(store, row, nowOf(row.id), now));
}

/** @throws Failure `not-found`. */
export function viewRun(store: Store, id: string, running: RunNow | undefined, now: number): RelayRun {
  const row = store.sqlite
    .prepare<[string], Row<'relay_run'>>('SELECT * FROM relay_run WHERE id = ?')
    .get(id);
  if (row === undefined) throw notFound('relay', id);
  return view(store, row, running, now);
}

function view({ sqlite }: Store, row: Row<'relay_run'>, running: RunNow | undefined, now: number): RelayRun {
  const switches = sqlite
    .prepare<[string], RelaySwitch>(
      'SELECT at, hears AS "to", reason, detail FROM relay_switch WHERE run_id = ? ORDER BY position',
    )
    .all(row.id);
  const asked = sqlite
    .prepare<[string], number>('SELECT count(*) FROM broadcast_device WHERE broadcast_id = ?')
    .pluck()
    .get(row.id);
  const targets = sqlite
    .prepare<[string], Target & { name: string | null }>(
      `SELECT t.value ->> 'kind' AS kind, t.value ->> 'id' AS id,
          CASE t.value ->> 'kind' WHEN 'device' THEN (SELECT name FROM device WHERE id = t.value ->> 'id')
            WHEN 'group' THEN (SELECT name FROM device_group WHERE id = t.value ->> 'id')
            WHEN 'area' THEN (SELECT name FROM area WHERE id = t.value ->> 'id') END AS name
        FROM json_each(?) t`,
    )
    .all(row.targets);
  const ended = row.ended_at !== null;
  return {
    ...{ id: row.id, sourceId: row.source_id, title: row.title, scheduleId: row.schedule_id },
    targets: targets.map((target) => ({ ...target, name: target.name ?? target.id })),
    state: ended ? 'ended' : now < row.start_at ? 'starting' : 'on-air',
    end: row.end_reason,
    hears: running?.hears ?? switches.at(-1)?.to ?? 'connecting',
    startedAt: row.start_at,
    endAt: row.end_at,
    endedAt: row.ended_at,
    listening: running?.listening ?? 0,
    asked: asked ?? 0,
    levelDbfs: running?.levelDbfs ?? null,
    switches,
  };
}
