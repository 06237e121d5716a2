import { PriorityClass, ResumePolicy } from '#devices/plan';
import { startsIn } from '#schedules/occurrences';
import { Timetable } from '#schedules/timetable';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import type { Target } from '../http/contract/schedules.ts';
import type { RelayOrder } from './run-rows.ts';

/** One relay that a schedule has, from its start to its end; epoch ms. */
export interface Due {
  readonly schedule: Row<'schedule'>;
  readonly sourceId: string;
  readonly startAt: number;
  readonly endAt: number;
}

/** The longest that a schedule may relay, ms. */
export const LONGEST_RELAY_MS = 720 * 60_000;
const MOST_STARTS = 2_000;

/** The relays of all schedules that start in `[from, to)`, by start. */
export function dueRelays(store: Store, from: number, to: number): Due[] {
  return schedulesWithRelays(store)
    .flatMap((schedule) => duesOf(schedule, from, to))
    .sort((a, b) => a.startAt - b.startAt);
}

/** Whether a schedule still has a relay at that time: it may have been changed, switched off or removed meanwhile. */
export function stillDue(store: Store, scheduleId: string, startAt: number): boolean {
  return schedulesWithRelays(store, scheduleId).some(
    (schedule) => duesOf(schedule, startAt, startAt + 1).length > 0,
  );
}

export const dueKey = ({ schedule, startAt }: Due): string => `${schedule.id}@${startAt}`;

function schedulesWithRelays({ sqlite }: Store, only: string | null = null): Row<'schedule'>[] {
  return sqlite
    .prepare<[object], Row<'schedule'>>(
      `SELECT * FROM schedule WHERE relay_source_id IS NOT NULL AND enabled = 1 AND removed_at IS NULL
        AND (@only IS NULL OR id = @only)`,
    )
    .all({ only });
}

function duesOf(schedule: Row<'schedule'>, from: number, to: number): Due[] {
  const { relay_source_id: sourceId, relay_minutes: minutes } = schedule;
  if (sourceId === null || minutes === null) return [];
  const timetable = Timetable.parse(JSON.parse(schedule.timetable));
  return startsIn(timetable, { from, to }, MOST_STARTS).map((startAt) => ({
    schedule,
    sourceId,
    startAt,
    endAt: startAt + minutes * 60_000,
  }));
}

/** What a due relay asks for. */
export function orderOfDue(
  { sqlite }: Store,
  { schedule, sourceId, startAt, endAt }: Due,
  continues: string | null,
): RelayOrder {
  const targets = sqlite
    .prepare<[string], Target>('SELECT kind, target_id AS id FROM schedule_target WHERE schedule_id = ?')
    .all(schedule.id);
  return {
    ...{ sourceId, targets, endAt, continues, title: schedule.title },
    priority: PriorityClass.parse(schedule.priority),
    resume: ResumePolicy.parse(schedule.resume),
    ...{ volume: null, gainDb: schedule.gain_db, by: null },
    occurrence: { scheduleId: schedule.id, startAt },
  };
}
