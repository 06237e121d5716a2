import type { PriorityClass, ResumePolicy } from '#devices/plan';
import type { LaidOut } from './content.ts';
import type { Timetable } from './timetable.ts';

/** What the planner needs to know of a schedule: when, what, how urgent. Where is told by `TargetedSchedule`. */
export interface Schedule {
  readonly id: string;
  readonly title: string;
  readonly timetable: Timetable;
  readonly priority: PriorityClass;
  readonly resume: ResumePolicy;
  /** How late an occurrence may still begin. */
  readonly maxLatenessMs: number;
  readonly gainDb: number;
  readonly content: LaidOut;
}

/** A schedule with its targets (devices, groups, areas) resolved to the ids of the devices themselves. */
export interface TargetedSchedule extends Schedule {
  readonly devices: ReadonlySet<string>;
}

/** The name of one instance of a schedule, the same in every revision of a plan and in every record. */
export function occurrenceId(schedule: string, startAt: number): string {
  return `${schedule}@${startAt}`;
}

/** Takes an occurrence's name apart; null when it is not one. */
export function parseOccurrenceId(id: string): { schedule: string; startAt: number } | null {
  const at = id.lastIndexOf('@');
  const startAt = Number(id.slice(at + 1));
  return at > 0 && at < id.length - 1 && Number.isFinite(startAt)
    ? { schedule: id.slice(0, at), startAt }
    : null;
}
