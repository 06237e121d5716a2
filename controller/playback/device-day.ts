import { AsRunRecord } from '#devices/as-run';
import { GuardReason } from '#devices/guards';
import { PriorityClass, ResumePolicy } from '#devices/plan';
import { unheard } from '#schedules/stretches';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { notFound } from '../failure.ts';
import type { DayItem, dayRoutes } from '../http/contract/device-day.ts';
import type { Handlers } from '../http/handlers.ts';
import { relaysToCome } from '../relay/to-come.ts';
import { PlanShelf } from '../timetable/plan-shelf.ts';

/** The operations on one device's day. */
export function dayHandlers({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): Handlers<typeof dayRoutes> {
  return {
    'GET /devices/{id}/day': async ({ params: { id }, query: { from, to } }) => {
      const device = store.sqlite
        .prepare<[string], { kind: string; held: string | null }>(
          'SELECT kind, held_plan_sha256 AS held FROM device WHERE id = ? AND removed_at IS NULL',
        )
        .get(id);
      if (device === undefined) throw notFound('device', id);
      const gone = played(store, id, from, to);
      const coming = planned(store, id, device.held, from, to);
      const relays = relaysToCome(store, id, Math.max(from, clock.now()), to);
      const known = new Set(gone.map((item) => item.id));
      const stands = device.kind === 'board';
      const items = [...gone, ...[...coming.items, ...relays].filter((item) => !known.has(item.id))].map(
        (item): DayItem => ({ ...item, stands }),
      );
      items.sort((one, other) => one.startAt - other.startAt);
      return { items, validUntil: coming.validUntil };
    },
  };
}

type Told = Pick<
  Row<'play'>,
  | 'occurrence'
  | 'title'
  | 'schedule_id'
  | 'priority'
  | 'start_at'
  | 'end_at'
  | 'not_after'
  | 'verdict'
  | 'reason'
  | 'first_sample_at'
  | 'lateness_ms'
  | 'played_ms'
  | 'due_ms'
> & { by_hand: number; resume: string };

/** What boards are to show may have begun so long before. */
const LONGEST_MS = 31 * 86_400_000;
type Item = Omit<DayItem, 'stands'>;

/** What the log has: it was told to the device, by a plan or by hand. */
function played({ sqlite }: Store, device: string, from: number, to: number): Item[] {
  const rows = sqlite
    .prepare<[object], Told>(
      `SELECT p.occurrence, p.title, p.schedule_id, p.priority, p.start_at, p.end_at, p.not_after, p.verdict, p.reason,
          p.first_sample_at, p.lateness_ms, p.played_ms, p.due_ms,
          b.id IS NOT NULL AS by_hand, coalesce(b.resume, s.resume, 'resume') AS resume
        FROM play p LEFT JOIN broadcast b ON b.id = p.schedule_id LEFT JOIN schedule s ON s.id = p.schedule_id
        WHERE p.device_id = @device AND p.start_at >= @earliest AND p.start_at < @to
          AND (p.start_at >= @from OR p.end_at > @from) ORDER BY p.start_at`,
    )
    .all({ device, from, to, earliest: from - LONGEST_MS });
  const heard = stretches(
    sqlite,
    device,
    rows.map(({ occurrence }) => occurrence),
  );
  return rows.map((row) => ({
    id: row.occurrence,
    title: row.title,
    source: row.by_hand === 1 ? 'broadcast' : 'schedule',
    sourceId: row.schedule_id,
    priority: PriorityClass.parse(row.priority),
    resume: ResumePolicy.parse(row.resume),
    startAt: row.start_at,
    endAt: row.end_at,
    notAfter: row.not_after,
    withheld: row.verdict === 'missed' ? (GuardReason.safeParse(row.reason).data ?? null) : null,
    held: null,
    play: {
      verdict: row.verdict,
      reason: row.reason,
      firstSampleAt: row.first_sample_at,
      latenessMs: row.lateness_ms,
      playedMs: row.played_ms,
      dueMs: row.due_ms,
    },
    heard: heard.get(row.occurrence) ?? [],
  }));
}

/** What is still to come, by the plan that the device is to hold. */
function planned(
  store: Store,
  device: string,
  held: string | null,
  from: number,
  to: number,
): { items: Item[]; validUntil: number | null } {
  const shelf = new PlanShelf(store);
  const desired = shelf.current([device])[0];
  const plan = desired === undefined ? null : shelf.read(desired.sha256);
  if (desired === undefined || plan === null) return { items: [], validUntil: null };
  const isOn = ({ startAt, endAt }: { startAt: number; endAt: number }) =>
    startAt < to && (startAt >= from || endAt > from);
  const within = plan.occurrences.filter(isOn);
  const withheld = (plan.withheld ?? []).filter(isOn);
  const other = held === null || held === desired.sha256 ? null : shelf.read(held);
  const holds = new Set(
    (held === desired.sha256 ? within : (other?.occurrences ?? [])).map((occurrence) => occurrence.id),
  );
  return {
    validUntil: plan.validUntil,
    items: [...within, ...withheld].map((occurrence) => {
      const { id, title, schedule, priority, resume, startAt, endAt, notAfter } = occurrence;
      const reason = 'reason' in occurrence ? (GuardReason.safeParse(occurrence.reason).data ?? null) : null;
      return {
        id,
        title,
        source: 'schedule',
        sourceId: schedule,
        priority,
        resume,
        startAt,
        endAt,
        notAfter,
        withheld: reason,
        // What nobody is to hear is in no plan that has to arrive first.
        held: reason === null ? holds.has(id) : null,
        play: null,
        heard: [],
      };
    }),
  };
}

function stretches(sqlite: Store['sqlite'], device: string, occurrences: readonly string[]) {
  const rows = sqlite
    .prepare<[string, string], string>(
      `SELECT record FROM as_run INDEXED BY as_run_occurrence
        WHERE occurrence IN (SELECT value FROM json_each(?)) AND device_id = ? AND started_at IS NOT NULL
        ORDER BY started_at`,
    )
    .pluck()
    .all(JSON.stringify(occurrences), device);
  const heard = new Map<string, DayItem['heard']>();
  for (const text of rows) {
    const record = AsRunRecord.parse(JSON.parse(text));
    if (record.startedAt === null) continue;
    const { startedAt, playedMs, end } = record;
    const list = heard.get(record.occurrence) ?? [];
    // A restart says when it was cut off; what came out is the honest length of it.
    list.push({ from: startedAt, to: startedAt + playedMs, end, silent: unheard(record) });
    heard.set(record.occurrence, list);
  }
  return heard;
}
