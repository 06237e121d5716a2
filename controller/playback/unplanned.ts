import type { AsRunRecord } from '#devices/as-run';
import type { Plan, PlanOccurrence } from '#devices/plan';
import { parseOccurrenceId } from '#schedules/schedule';
import type { Store } from '../database/open.ts';
import { PlanShelf } from '../timetable/plan-shelf.ts';
import { PlayParts, playColumns } from './play-rows.ts';

/**
 * Enters plays that the log does not hold though a device tells of them: the program stood still when they started, or
 * they were withdrawn and the device, offline, still went by its old plan. What was to be played comes from the plan
 * that the device had been given; if that is gone, from the records themselves.
 */
export class Unplanned {
  readonly #store: Store;
  readonly #shelf: PlanShelf;
  readonly #plans = new Map<string, Plan | null>();

  /** One for each batch: it remembers the plans that it opened. */
  constructor(store: Store) {
    this.#store = store;
    this.#shelf = new PlanShelf(store);
  }

  /** To be called inside a transaction, after the records were stored. */
  enter(device: string, records: readonly AsRunRecord[]): void {
    const { sqlite } = this.#store;
    const known = sqlite
      .prepare<[string, string], string>(
        'SELECT plan_sha256 FROM play WHERE occurrence = ? AND device_id = ?',
      )
      .pluck();
    const upsert = sqlite.prepare(
      `INSERT INTO play (occurrence, device_id, schedule_id, title, priority, start_at, end_at, not_after,
          parts, due_ms, plan_sha256)
        VALUES (@occurrence, @device, @schedule, @title, @priority, @startAt, @endAt, @notAfter, @parts, @dueMs, @sha256)
        ON CONFLICT DO UPDATE SET end_at = excluded.end_at, parts = excluded.parts, due_ms = excluded.due_ms`,
    );
    for (const [occurrence, mine] of byOccurrence(records)) {
      const plan = known.get(occurrence, device);
      if (plan !== undefined && plan !== '') continue;
      const found = plan === undefined ? this.#planned(device, occurrence, mine[0]?.schedule ?? '') : null;
      if (found === null) upsert.run({ ...this.#told(device, occurrence, mine), device, sha256: '' });
      else upsert.run({ ...playColumns(found.occurrence), device, sha256: found.sha256 });
    }
  }

  /** The occurrence in the newest plan of the device that holds it. */
  #planned(
    device: string,
    id: string,
    schedule: string,
  ): { occurrence: PlanOccurrence; sha256: string } | null {
    const plans = this.#store.sqlite
      .prepare<[string, string], string>(
        `SELECT p.plan_sha256 FROM device_plan p JOIN plan_schedule s
          ON s.plan_sha256 = p.plan_sha256 AND s.schedule_id = ?
          WHERE p.device_id = ? ORDER BY p.revision DESC LIMIT 5`,
      )
      .pluck()
      .all(schedule, device);
    for (const sha256 of plans) {
      const plan = this.#plans.has(sha256) ? this.#plans.get(sha256) : this.#shelf.read(sha256);
      this.#plans.set(sha256, plan ?? null);
      const occurrence = plan?.occurrences.find((each) => each.id === id);
      if (occurrence !== undefined) return { occurrence, sha256 };
    }
    return null;
  }

  /** From the device's own word alone: the parts that it told of, in all its records until now. */
  #told(device: string, occurrence: string, mine: readonly AsRunRecord[]): ReturnType<typeof playColumns> {
    const earlier = this.#store.sqlite
      .prepare<[string, string], string>('SELECT parts FROM play WHERE occurrence = ? AND device_id = ?')
      .pluck()
      .get(occurrence, device);
    const first = mine.reduce((a, b) => (a.dueAt <= b.dueAt ? a : b));
    const startAt = Math.round(parseOccurrenceId(occurrence)?.startAt ?? first.dueAt);
    const parts = new Map(
      (earlier === undefined ? [] : PlayParts.parse(JSON.parse(earlier))).map((part) => [part.index, part]),
    );
    for (const { part, title, sha256, dueMs, dueAt } of mine) {
      const offsetMs = Math.max(0, dueAt - startAt);
      parts.set(part.index, { index: part.index, title, sha256, durationMs: dueMs, offsetMs });
    }
    const list: PlayParts = [...parts.values()].sort((a, b) => a.index - b.index);
    const ends = list.map(({ offsetMs = 0, durationMs }) => startAt + offsetMs + durationMs);
    return {
      occurrence,
      schedule: first.schedule,
      title: first.title,
      priority: first.priority,
      startAt,
      endAt: Math.round(Math.max(startAt, ...ends)),
      notAfter: startAt,
      parts: JSON.stringify(list),
      dueMs: list.reduce((sum, part) => sum + part.durationMs, 0),
    };
  }
}

function byOccurrence(records: readonly AsRunRecord[]): Map<string, AsRunRecord[]> {
  const groups = new Map<string, AsRunRecord[]>();
  for (const record of records) {
    const group = groups.get(record.occurrence);
    if (group === undefined) groups.set(record.occurrence, [record]);
    else group.push(record);
  }
  return groups;
}
