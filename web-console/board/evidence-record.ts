import type { AsRunRecord } from '#devices/as-run';
import { dueMsOf } from '#devices/board/loop';
import type { PlanOccurrence } from '#devices/plan';
import type { Draft } from './database.ts';

/** What the board itself knows of one uninterrupted stretch of one part; the rest of a record comes from the plan. */
export type Stretch = Pick<
  AsRunRecord,
  | 'startedAt'
  | 'endedAt'
  | 'clockErrorMs'
  | 'clockSynced'
  | 'fromMs'
  | 'playedMs'
  | 'end'
  | 'reason'
  | 'brightness'
  | 'pixelsSha256'
  | 'evidence'
  | 'rounds'
  | 'pages'
> & { readonly partIndex: number };

/** The as-run record of a stretch: what the board measured, and a copy of what it was about. */
export function recordOf(occurrence: PlanOccurrence, stretch: Stretch): Draft {
  const { partIndex, ...measured } = stretch;
  const part = occurrence.parts[partIndex];
  if (part === undefined) throw new Error(`occurrence ${occurrence.id} has no part ${partIndex}`);
  return {
    occurrence: occurrence.id,
    schedule: occurrence.schedule,
    part: { index: partIndex, of: occurrence.parts.length },
    priority: occurrence.priority,
    title: part.title,
    sha256: part.sha256,
    dueAt: occurrence.startAt + part.offsetMs,
    dueMs: dueMsOf(occurrence, part),
    ...measured,
  };
}

/** The record of a part that never stood there. */
export function missedRecord(
  occurrence: PlanOccurrence,
  partIndex: number,
  reason: string,
  clock: { now(): number; readonly errorMs: number; readonly synced: boolean },
): Draft {
  return recordOf(occurrence, {
    partIndex,
    startedAt: null,
    endedAt: clock.now(),
    clockErrorMs: clock.errorMs,
    clockSynced: clock.synced,
    playedMs: 0,
    end: 'missed',
    reason,
  });
}
