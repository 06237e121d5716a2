import { ulid } from 'ulid';
import { nextStarts } from '#schedules/occurrences';
import type { TargetedSchedule } from '#schedules/schedule';
import { Timetable } from '#schedules/timetable';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/settings.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure, notFound } from '../failure.ts';
import { foldText } from '../fold-text.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import type { GuardFinding, Overlap, Schedule, ScheduleBody, Target } from '../http/contract/schedules.ts';
import type { Content } from './content.ts';
import { guardFindings, refuseGuarded } from './guard-check.ts';
import { explainOverlaps, UNSAVED } from './overlaps.ts';
import { devicesOfTargets } from './reach.ts';
import { checkContent, checkTargets, checkTimetable } from './schedule-check.ts';
import { contentNameOf, plannedOf } from './schedule-rows.ts';
import { viewSchedules } from './schedule-view.ts';

export interface SchedulesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly config: Pick<Config, 'LOA_TIMEZONE'>;
  readonly guards: SiteGuards;
}

export type ScheduleChange = { readonly [K in keyof ScheduleBody]?: ScheduleBody[K] | undefined };

/** A body that was found to be in order. */
interface Checked {
  readonly body: ScheduleBody;
  readonly timetable: Timetable;
  readonly targets: readonly Target[];
  readonly content: Content;
}

const NEXT = 10;
/** A change of these is asked whether the guards allow it. */
const GUARDED = ['timetable', 'content', 'targets', 'priority', 'enabled'] as const;

/** The schedules that people make. Whoever plays by them listens to `changes`. */
export class Schedules {
  readonly #deps: SchedulesDeps;

  constructor(deps: SchedulesDeps) {
    this.#deps = deps;
  }

  /** The next to come first; then those that do not come again, the newest first. */
  list(search: string | undefined): Schedule[] {
    const { store, clock } = this.#deps;
    const wanted = foldText(search ?? '');
    const rows = store.sqlite
      .prepare<[], Row<'schedule'>>(
        'SELECT * FROM schedule WHERE removed_at IS NULL ORDER BY created_at DESC',
      )
      .all()
      .filter(({ title }) => foldText(title).includes(wanted));
    const at = ({ next }: Schedule) => next[0] ?? Number.MAX_SAFE_INTEGER;
    return viewSchedules(store, rows, clock.now()).sort((a, b) => at(a) - at(b));
  }

  /** @throws Failure `not-found`. */
  get(id: string): Schedule {
    const { store, clock } = this.#deps;
    const [schedule] = viewSchedules(store, [this.#row(id)], clock.now());
    if (schedule === undefined) throw notFound('schedule', id);
    return schedule;
  }

  /**
   * @throws Failure when something in it cannot be; 422 `quiet-hours`, `too-long`, `mourning-day` for what the guards
   *   forbid; `overlaps` (409) unless they are accepted.
   */
  create(body: ScheduleBody, acceptOverlaps: boolean, by: string): Schedule {
    const checked = this.#check(body, this.#deps.clock.now());
    refuseGuarded(this.#guarded(checked));
    if (!acceptOverlaps) this.#refuseOverlaps(checked, UNSAVED);
    const id = ulid(this.#deps.clock.now());
    this.#save(id, checked, by);
    return this.get(id);
  }

  change(id: string, change: ScheduleChange, acceptOverlaps: boolean): Schedule {
    const before = this.get(id);
    const { zone: _, ...timetable } = before.timetable;
    const body = {
      ...before,
      content: contentNameOf(this.#row(id)),
      // One with another class than a person may choose is not made here; the contract's schema refuses it.
      priority: before.priority as ScheduleBody['priority'],
      timetable,
      targets: before.targets.map((target) => ({ kind: target.kind, id: target.id })),
      ...defined(change),
    };
    const checked = this.#check(body, this.#deps.clock.now(), change);
    // One that was saved under other guards may still be renamed, or switched off.
    if (GUARDED.some((field) => change[field] !== undefined)) refuseGuarded(this.#guarded(checked));
    if (!acceptOverlaps) this.#refuseOverlaps(checked, id);
    this.#save(id, checked, null);
    return this.get(id);
  }

  /** What was played stays in the log; what was planned is taken back. */
  remove(id: string): void {
    this.#row(id);
    this.#mark(id, this.#deps.clock.now());
  }

  /** @throws Failure `unknown-content` when what it plays was removed in between. */
  restore(id: string): Schedule {
    const row = this.#row(id, true);
    checkContent(this.#deps.store, contentNameOf(row), Timetable.parse(JSON.parse(row.timetable)));
    this.#mark(id, null);
    return this.get(id);
  }

  /** What a schedule would do. @param id of the one that is edited. */
  preview(
    body: ScheduleBody,
    id: string | undefined,
  ): {
    next: number[];
    durationMs: number | null;
    devices: number;
    overlaps: Overlap[];
    guards: GuardFinding[];
  } {
    const now = this.#deps.clock.now();
    const checked = this.#check(body, now);
    const candidate = this.#candidate(checked, id ?? UNSAVED);
    return {
      next: nextStarts(checked.timetable, now, NEXT),
      durationMs: candidate.planned?.content.durationMs ?? null,
      devices: candidate.devices.size,
      overlaps: this.#overlaps(candidate, body.enabled, now),
      guards: this.#guarded(checked),
    };
  }

  #row(id: string, removed = false): Row<'schedule'> {
    const row = this.#deps.store.sqlite
      .prepare<[string], Row<'schedule'>>('SELECT * FROM schedule WHERE id = ?')
      .get(id);
    if (row === undefined || (row.removed_at !== null && !removed)) throw notFound('schedule', id);
    return row;
  }

  #mark(id: string, removedAt: number | null): void {
    const { store, changes, clock } = this.#deps;
    store.sqlite
      .prepare('UPDATE schedule SET removed_at = ?, updated_at = ? WHERE id = ?')
      .run(removedAt, clock.now(), id);
    changes.announce('schedule', id);
  }

  /**
   * Only what changes is asked whether it can be: one that is over, or names a device that was retired since, may still
   * be renamed.
   */
  #check(body: ScheduleBody, now: number, change: ScheduleChange = body): Checked {
    const { store, config } = this.#deps;
    const timetable: Timetable = { ...body.timetable, zone: config.LOA_TIMEZONE };
    if (change.timetable !== undefined) checkTimetable(timetable, now);
    const targets = change.targets === undefined ? body.targets : checkTargets(store, body.targets);
    return { body, timetable, targets, content: checkContent(store, body.content, timetable) };
  }

  #candidate({ body, timetable, targets, content }: Checked, id: string) {
    const { title, maxLatenessMs: max_lateness_ms, gainDb: gain_db, boardMinutes: board_minutes } = body;
    const row = { id, title, max_lateness_ms, gain_db, board_minutes };
    const { priority, resume } = body;
    return {
      planned: plannedOf({ ...row, timetable, priority, resume }, content),
      devices: devicesOfTargets(this.#deps.store, targets),
    };
  }

  #overlaps(
    { planned, devices }: { planned: Omit<TargetedSchedule, 'devices'> | null; devices: ReadonlySet<string> },
    enabled: boolean,
    now: number,
  ): Overlap[] {
    if (planned === null || !enabled) return [];
    return explainOverlaps(this.#deps.store, { ...planned, devices }, now);
  }

  /** One that is switched off disturbs nobody. */
  #guarded(checked: Checked): GuardFinding[] {
    const { body, timetable } = checked;
    if (!body.enabled) return [];
    const { planned, devices } = this.#candidate(checked, UNSAVED);
    const content = planned?.content ?? null;
    const candidate = { timetable, priority: body.priority, content, devices };
    return guardFindings(this.#deps.guards, candidate, this.#deps.clock.now());
  }

  #refuseOverlaps(checked: Checked, id: string): void {
    const now = this.#deps.clock.now();
    const overlaps = this.#overlaps(this.#candidate(checked, id), checked.body.enabled, now);
    const [worst] = overlaps;
    if (worst === undefined) return;
    const { first, second, overlapMs, deviceCount } = worst;
    throw new Failure(
      'overlaps',
      `“${first.title}” would still be playing for ${Math.ceil(overlapMs / 1000)} s when “${second.title}” starts ` +
        `at ${new Date(second.startAt).toISOString()} on ${deviceCount} devices. Move one of them, or accept it.`,
      {
        status: 409,
        params: {
          overlaps: overlaps.length,
          first: first.title,
          second: second.title,
          startAt: second.startAt,
          overlapMs,
          devices: deviceCount,
        },
      },
    );
  }

  #save(id: string, { body, timetable, targets }: Checked, by: string | null): void {
    const { store, clock, changes } = this.#deps;
    const now = clock.now();
    const { content, title, priority, resume, maxLatenessMs, gainDb, boardMinutes, enabled } = body;
    store.sqlite.transaction(() => {
      store.sqlite
        .prepare(
          `INSERT INTO schedule (id, title, programme_id, playlist_id, relay_source_id, relay_minutes, timetable,
              priority, resume, max_lateness_ms, gain_db, board_minutes, enabled, created_by, created_at, updated_at)
            VALUES (@id, @title, @programme, @playlist, @relay, @minutes, @timetable, @priority, @resume,
              @maxLatenessMs, @gainDb, @boardMinutes, @enabled, @by, @now, @now)
            ON CONFLICT DO UPDATE SET title = @title, programme_id = @programme, playlist_id = @playlist,
              relay_source_id = @relay, relay_minutes = @minutes, timetable = @timetable, priority = @priority, resume = @resume, max_lateness_ms = @maxLatenessMs,
              gain_db = @gainDb, board_minutes = @boardMinutes, enabled = @enabled, updated_at = @now`,
        )
        .run({
          id,
          title,
          programme: content.kind === 'programme' ? content.id : null,
          playlist: content.kind === 'playlist' ? content.id : null,
          relay: content.kind === 'relay' ? content.id : null,
          minutes: content.kind === 'relay' ? content.minutes : null,
          timetable: JSON.stringify(timetable),
          priority,
          resume,
          maxLatenessMs,
          gainDb,
          boardMinutes,
          enabled: enabled ? 1 : 0,
          by,
          now,
        });
      store.sqlite.prepare('DELETE FROM schedule_target WHERE schedule_id = ?').run(id);
      const insert = store.sqlite.prepare(
        'INSERT INTO schedule_target (schedule_id, kind, target_id) VALUES (?, ?, ?)',
      );
      for (const target of targets) insert.run(id, target.kind, target.id);
    })();
    changes.announce('schedule', id);
  }
}

/** A field that is named with nothing is left as it was. */
function defined<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
