import { PriorityClass, ResumePolicy } from '#devices/plan';
import { goRound, layOut } from '#schedules/content';
import type { Schedule } from '#schedules/schedule';
import { Timetable } from '#schedules/timetable';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { type Content, type ContentName, contentKey, loadContents } from './content.ts';

/** A schedule as it is stored, read once: what the planner plans and what the console shows come from here. */
export interface StoredSchedule {
  readonly row: Row<'schedule'>;
  readonly content: ContentName & { readonly title: string };
  readonly timetable: Timetable;
  readonly priority: PriorityClass;
  readonly resume: ResumePolicy;
  /** What the planner plans; null while its content is not ready. */
  readonly planned: Schedule | null;
}

export function contentNameOf(
  row: Pick<Row<'schedule'>, 'programme_id' | 'playlist_id' | 'relay_source_id' | 'relay_minutes'>,
): ContentName {
  if (row.programme_id !== null) return { kind: 'programme', id: row.programme_id };
  if (row.relay_source_id === null) return { kind: 'playlist', id: row.playlist_id ?? '' };
  return { kind: 'relay', id: row.relay_source_id, minutes: row.relay_minutes ?? 0 };
}

/** Reads rows and their contents, in as many queries for one as for a thousand. */
export function readSchedules(store: Store, rows: readonly Row<'schedule'>[]): StoredSchedule[] {
  const contents = loadContents(store, rows.map(contentNameOf));
  return rows.map((row) => {
    const name = contentNameOf(row);
    const content = contents.get(contentKey(name));
    const timetable = Timetable.parse(JSON.parse(row.timetable));
    const priority = PriorityClass.parse(row.priority);
    const resume = ResumePolicy.parse(row.resume);
    return {
      row,
      content: { ...name, title: content?.title ?? '' },
      timetable,
      priority,
      resume,
      planned: plannedOf({ ...row, timetable, priority, resume }, content),
    };
  });
}

/** The planner's view of a schedule, saved or not. */
export function plannedOf(
  row: Pick<Row<'schedule'>, 'id' | 'title' | 'max_lateness_ms' | 'gain_db' | 'board_minutes'> &
    Pick<Schedule, 'timetable' | 'priority' | 'resume'>,
  content: Content | undefined,
): Schedule | null {
  if (content === undefined || content.ready === null) return null;
  const laidOut = layOut({ ...content.ready, repeat: row.timetable.repeat });
  if (laidOut.parts.length === 0) return null;
  const boards =
    row.board_minutes === null ? undefined : goRound(content.ready.items, row.board_minutes * 60_000);
  return {
    id: row.id,
    title: row.title,
    timetable: row.timetable,
    priority: row.priority,
    resume: row.resume,
    maxLatenessMs: row.max_lateness_ms,
    gainDb: row.gain_db,
    content: boards === undefined ? laidOut : { ...laidOut, boards },
  };
}

/** The planner's schedules by id: enabled, not removed, with content that is ready. */
export function loadPlanned(store: Store, ids: Iterable<string>): Schedule[] {
  const rows = store.sqlite
    .prepare<[string], Row<'schedule'>>(
      `SELECT s.* FROM json_each(?) j JOIN schedule s ON s.id = j.value
        WHERE s.enabled = 1 AND s.removed_at IS NULL`,
    )
    .all(JSON.stringify([...ids]));
  return readSchedules(store, rows).flatMap(({ planned }) => planned ?? []);
}
