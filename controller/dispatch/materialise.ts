import type { PlanOccurrence, WithheldOccurrence } from '#devices/plan';
import { breathe, slices } from '../breathe.ts';
import type { Store } from '../database/open.ts';
import { playColumns } from '../playback/play-rows.ts';
import { PlanShelf } from '../timetable/plan-shelf.ts';
import { Agenda } from './agenda.ts';

/** So long before its start an occurrence stands in the log, so that its records always find it. */
export const AHEAD_MS = 120_000;

const MARK = 'materialised-until';
const SLICE = 20;

/**
 * Enters what devices were told to play into the log, shortly before it starts. What counts is what was issued, not
 * what the schedules say now: of each plan its occurrences, on the devices that were to hold it when they started.
 * The mark stands at the last time that this was done, so that after a stand-still the whole of it is caught up with;
 * entering a play twice does nothing.
 */
export class Materialiser {
  readonly #store: Store;
  readonly #shelf: PlanShelf;
  readonly #agenda: Agenda;

  constructor(store: Store) {
    this.#store = store;
    this.#shelf = new PlanShelf(store);
    this.#agenda = new Agenda(store);
  }

  /** @returns how many plays were entered. */
  async run(now: number): Promise<number> {
    const mark = Math.min(this.mark(now), now);
    const until = now + AHEAD_MS;
    let entered = 0;
    for (const slice of slices(this.#agenda.due(mark, until), SLICE)) {
      entered += this.#store.sqlite.transaction(() => {
        let rows = 0;
        for (const { sha256 } of slice) rows += this.#enterPlan(sha256, mark, until);
        return rows;
      })();
      this.#agenda.entered(slice, until);
      await breathe();
    }
    this.#store.sqlite
      .prepare(
        'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
      )
      .run(MARK, String(now));
    return entered;
  }

  /** Everything that started before it is in the log. */
  mark(now: number): number {
    const value = this.#store.sqlite
      .prepare<[string], string>('SELECT value FROM setting WHERE name = ?')
      .pluck()
      .get(MARK);
    const mark = Number(value ?? Number.NaN);
    return Number.isFinite(mark) ? mark : now;
  }

  #enterPlan(sha256: string, mark: number, until: number): number {
    const { occurrences = [], withheld = [] } = this.#shelf.read(sha256) ?? {};
    let rows = 0;
    for (const each of [occurrences, withheld]) {
      for (const occurrence of each) {
        if (occurrence.startAt >= until) break;
        // Before the mark only what a plan that was issued since still found under way.
        const issuedSince = occurrence.startAt < mark ? mark : 0;
        rows += this.#enter(occurrence, sha256, issuedSince);
      }
    }
    return rows;
  }

  /** What is withheld has its verdict before it is due: nothing of it was handed out. */
  #enter(occurrence: PlanOccurrence | WithheldOccurrence, sha256: string, issuedSince: number): number {
    const reason = 'reason' in occurrence ? occurrence.reason : null;
    return this.#store.sqlite
      .prepare(
        `INSERT INTO play (occurrence, device_id, schedule_id, title, priority, start_at, end_at, not_after,
            parts, due_ms, plan_sha256, verdict, reason)
          SELECT @occurrence, device_id, @schedule, @title, @priority, @startAt, @endAt, @notAfter, @parts, @dueMs, @sha256,
            @verdict, @reason
          FROM device_plan WHERE plan_sha256 = @sha256 AND (superseded_at IS NULL OR superseded_at > @startAt)
            AND issued_at <= @latest AND issued_at >= @issuedSince
          ON CONFLICT DO NOTHING`,
      )
      .run({
        ...playColumns(occurrence),
        sha256,
        issuedSince,
        reason,
        verdict: reason === null ? 'pending' : 'missed',
        latest: Math.min(occurrence.notAfter, occurrence.endAt),
      }).changes;
  }
}
