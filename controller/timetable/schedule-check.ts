import { countParts, MAX_PARTS } from '#schedules/content';
import { nextStarts, startsIn } from '#schedules/occurrences';
import type { Timetable } from '#schedules/timetable';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { Target } from '../http/contract/schedules.ts';
import { type Content, type ContentName, contentKey, loadContents } from './content.ts';

const DAY = 86_400_000;
/** Every five minutes; beyond it a month of occurrences no longer fits a plan. */
const MOST_STARTS_A_DAY = 288;

/**
 * Refuses a timetable that can never play. Its syntax, cron expressions included, was checked by its schema.
 * @throws Failure `end-before-start`, `never-occurs`, `too-often`.
 */
export function checkTimetable(timetable: Timetable, now: number): void {
  const { startDate, endDate } = timetable;
  if (startDate !== null && endDate !== null && endDate < startDate) {
    throw new Failure('end-before-start', `The last day ${endDate} is before the first day ${startDate}.`, {
      params: { startDate, endDate },
    });
  }
  const [first] = nextStarts(timetable, now, 1);
  if (first === undefined) {
    throw new Failure(
      'never-occurs',
      'By these rules nothing will ever be played: every time is past, excepted, or does not exist. Change the dates.',
    );
  }
  const starts = startsIn(timetable, { from: first, to: first + DAY }).length;
  if (starts > MOST_STARTS_A_DAY) {
    throw new Failure(
      'too-often',
      `It would start ${starts} times a day; at most ${MOST_STARTS_A_DAY} can be planned. Use repeats within one occurrence.`,
      { params: { starts, limit: MOST_STARTS_A_DAY } },
    );
  }
}

/**
 * The content that a schedule names. Sound that is not ready yet is allowed: it is planned when it is.
 * @throws Failure `unknown-content`, `too-many-parts`, `relay-repeats`.
 */
export function checkContent(store: Store, name: ContentName, timetable: Timetable): Content {
  const content = loadContents(store, [name]).get(contentKey(name));
  if (content === undefined || content.removed) {
    throw new Failure(
      'unknown-content',
      `There is no ${name.kind} ${name.id}; it may have been removed. Choose another, or restore it.`,
      { params: { kind: name.kind, id: name.id } },
    );
  }
  if (name.kind === 'relay' && timetable.repeat.count > 1) {
    throw new Failure(
      'relay-repeats',
      'A relay cannot be repeated within one occurrence: it is what is on the air at that time. Give it more times instead.',
    );
  }
  if (content.ready !== null) {
    const parts = countParts({ ...content.ready, repeat: timetable.repeat });
    if (parts > MAX_PARTS) {
      throw new Failure(
        'too-many-parts',
        `One occurrence would have ${parts} parts; at most ${MAX_PARTS} are possible. Repeat it less often.`,
        { params: { parts, limit: MAX_PARTS } },
      );
    }
  }
  return content;
}

const TABLES = { device: 'device', group: 'device_group', area: 'area' } as const;

/**
 * Each target once; `all` has no name.
 * @throws Failure `unknown-target` naming the first that is not there.
 */
export function checkTargets({ sqlite }: Store, targets: readonly Target[]): Target[] {
  const distinct = new Map<string, Target>();
  for (const { kind, id } of targets) {
    if (kind !== 'all') {
      const found = sqlite
        .prepare<[string], 1>(`SELECT 1 FROM ${TABLES[kind]} WHERE id = ? AND removed_at IS NULL`)
        .get(id);
      if (found === undefined) {
        throw new Failure(
          'unknown-target',
          `There is no ${kind} ${id} to play on; it may have been removed. Choose others.`,
          { params: { kind, id } },
        );
      }
    }
    const target: Target = kind === 'all' ? { kind, id: '' } : { kind, id };
    distinct.set(`${target.kind} ${target.id}`, target);
  }
  return [...distinct.values()];
}
