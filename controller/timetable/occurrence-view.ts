import { PriorityClass } from '#devices/plan';
import { isSilent } from '#schedules/duties';
import { startsIn } from '#schedules/occurrences';
import { longestMs, occurrenceId } from '#schedules/schedule';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure } from '../failure.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import { Verdict } from '../http/contract/plays.ts';
import type { OccurrenceView } from '../http/contract/schedules.ts';
import { schedulesOfDevices } from './following.ts';
import { countsOfSchedules } from './reach.ts';
import { readSchedules } from './schedule-rows.ts';

const LONGEST_MS = 62 * 86_400_000;

export interface OccurrenceQuery {
  readonly from: number;
  readonly to: number;
  /** Only what concerns this device. */
  readonly device?: string | undefined;
}

/**
 * All occurrences of a window, by start: the past, and what is about to start, from the log, as it went; the future
 * from the schedules, as it is planned. A few queries, whatever the number of devices.
 * @throws Failure `window-too-long`, `window-backwards`.
 */
export function viewOccurrences(
  store: Store,
  query: OccurrenceQuery,
  now: number,
  guards: Pick<SiteGuards, 'nowhere'>,
): OccurrenceView[] {
  const { from, to } = query;
  if (to < from) throw new Failure('window-backwards', 'The window ends before it begins; swap from and to.');
  if (to - from > LONGEST_MS) {
    throw new Failure('window-too-long', 'At most 62 days can be shown at once; choose a shorter window.', {
      params: { days: 62 },
    });
  }
  const logged = loggedOccurrences(store, query, now);
  const seen = new Set(logged.map(({ id }) => id));
  const planned = plannedOccurrences(store, { ...query, from: Math.max(from, now) }, guards);
  return [...logged, ...planned.filter(({ id }) => !seen.has(id))].sort(
    (a, b) => a.startAt - b.startAt || (a.id < b.id ? -1 : 1),
  );
}

/** From `play`: how many devices had which verdict. */
function loggedOccurrences({ sqlite }: Store, query: OccurrenceQuery, now: number): OccurrenceView[] {
  const { from, to, device } = query;
  const filter = device === undefined ? '' : 'AND device_id = @device';
  const counts = sqlite
    .prepare<[object], { id: string; verdict: string; devices: number }>(
      `SELECT occurrence AS id, verdict, count(*) AS devices FROM play
        WHERE start_at >= @from AND start_at < @to ${filter} GROUP BY occurrence, verdict`,
    )
    .all({ from, to, device });
  const views = new Map<string, OccurrenceView>();
  // One device of each kind tells for all of its kind: they have the same length. The list of boards is read once for each
  // occurrence (hence the plus), not once for each of its devices.
  const details = sqlite.prepare<[object], Details>(
    // A relay is carried by a broadcast; here it is its schedule's.
    `SELECT occurrence AS id, coalesce((SELECT r.schedule_id FROM relay_run r WHERE r.id = play.schedule_id), schedule_id)
        AS scheduleId, title, priority, start_at AS startAt, end_at AS endAt,
        (SELECT p.end_at FROM play p JOIN device d ON d.id = p.device_id
          WHERE p.occurrence = @id AND d.kind = 'speaker' ${filter} LIMIT 1) AS heardUntil,
        (SELECT p.end_at FROM play p WHERE p.occurrence = @id ${filter}
          AND +p.device_id IN (SELECT value FROM json_each(@boards)) LIMIT 1) AS shownUntil
      FROM play WHERE occurrence = @id ${filter} LIMIT 1`,
  );
  const boards = JSON.stringify(sqlite.prepare("SELECT id FROM device WHERE kind = 'board'").pluck().all());
  for (const { id, verdict, devices } of counts) {
    const view = views.get(id) ?? detailsOf(details.get({ id, device, boards }));
    if (view === null) continue;
    view.devices += devices;
    if (view.startAt <= now) view.verdicts[Verdict.parse(verdict)] = devices;
    views.set(id, view);
  }
  return [...views.values()];
}

interface Details extends Omit<OccurrenceView, 'devices' | 'verdicts' | 'withheld'> {
  readonly shownUntil: number | null;
}

function detailsOf(row: Details | undefined): OccurrenceView | null {
  if (row === undefined) return null;
  const { shownUntil, heardUntil, ...told } = row;
  const endAt = Math.max(heardUntil ?? row.endAt, shownUntil ?? 0);
  return {
    ...told,
    priority: PriorityClass.parse(row.priority),
    endAt,
    heardUntil: shownUntil === null || heardUntil === endAt ? null : heardUntil,
    ...{ devices: 0, verdicts: {}, withheld: null },
  };
}

/** From the schedules that are enabled and have something to play. */
export function plannedOccurrences(
  store: Store,
  { from, to, device }: OccurrenceQuery,
  guards: Pick<SiteGuards, 'nowhere'>,
): OccurrenceView[] {
  if (to <= from) return [];
  const rows = store.sqlite
    .prepare<[], Row<'schedule'>>('SELECT * FROM schedule WHERE enabled = 1 AND removed_at IS NULL')
    .all();
  const ids = rows.map(({ id }) => id);
  const counts =
    device === undefined
      ? countsOfSchedules(store, ids)
      : new Map([...(schedulesOfDevices(store, [device]).get(device) ?? [])].map((id) => [id, 1]));
  return readSchedules(store, rows).flatMap(({ planned }) => {
    if (planned === null) return [];
    // One that reaches nobody is shown all the same, with its 0: somebody thinks that it will be heard.
    const devices = counts.get(planned.id) ?? 0;
    if (devices === 0 && device !== undefined) return [];
    const { id, title, priority, content } = planned;
    const { parts } = content;
    const durationMs = longestMs(planned);
    const heardMs = isSilent(parts) || content.durationMs === durationMs ? null : content.durationMs;
    const withheld = (startAt: number) =>
      isSilent(parts)
        ? null
        : guards.nowhere({ priority, startAt, endAt: startAt + content.durationMs, parts });
    return startsIn(planned.timetable, { from, to }).map((startAt) => ({
      id: occurrenceId(id, startAt),
      scheduleId: id,
      title,
      priority,
      startAt,
      endAt: startAt + durationMs,
      heardUntil: heardMs === null ? null : startAt + heardMs,
      devices,
      verdicts: {},
      withheld: withheld(startAt),
    }));
  });
}
