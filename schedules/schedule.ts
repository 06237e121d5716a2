import type { DeviceKind } from '#devices/kind';
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

/** The parts and the length that it has for a kind of device: boards may go on for longer than loudspeakers. */
export const contentFor = ({ content }: Pick<Schedule, 'content'>, kind: DeviceKind): LaidOut =>
  kind === 'board' && content.boards !== undefined ? content.boards : content;

/** Its length on whichever kind of device it lasts longest. */
export const longestMs = ({ content }: Pick<Schedule, 'content'>): number =>
  Math.max(content.durationMs, content.boards?.durationMs ?? 0);

/**
 * The schedule as one kind of device has it. What stands on a board until a moment ends at that moment, however often it
 * was interrupted, and a board that was away until then shows it for the rest.
 */
export function asSeenBy<S extends Schedule>(schedule: S, kind: DeviceKind): S {
  if (kind !== 'board' || schedule.content.boards === undefined) return schedule;
  const resume = schedule.resume === 'skip' ? 'skip' : 'join';
  const content = schedule.content.boards;
  return { ...schedule, resume, maxLatenessMs: content.durationMs, content };
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
