import type { AsRunRecord } from './as-run.ts';
import { dueMsOf } from './board/loop.ts';
import { LIVE_TYPE, type PlanOccurrence } from './plan.ts';

/** A record before it has its number. */
export type RecordDraft = Omit<AsRunRecord, 'seq'>;

/** What the device itself knows of one uninterrupted stretch of one part; the rest of a record comes from the plan. */
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
  | 'volume'
  | 'muted'
  | 'brightness'
  | 'levelDbfs'
  | 'heardDbfs'
  | 'pixelsSha256'
  | 'evidence'
  | 'rounds'
  | 'pages'
> & {
  readonly partIndex: number;
  /** Where only who plays it knows how long it was: live sound. */
  readonly dueMs?: number;
};

/** The as-run record of a stretch: what the device measured, and a copy of what it was about. */
export function recordOf(occurrence: PlanOccurrence, stretch: Stretch): RecordDraft {
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

/** The record of a part that never began. */
export function missedRecord(
  occurrence: PlanOccurrence,
  partIndex: number,
  reason: string,
  clock: { now(): number; readonly errorMs: number; readonly synced: boolean },
): RecordDraft {
  return recordOf(occurrence, {
    partIndex,
    startedAt: null,
    endedAt: clock.now(),
    clockErrorMs: clock.errorMs,
    clockSynced: clock.synced,
    playedMs: 0,
    ...soFar(occurrence, partIndex, clock.now()),
    end: 'missed',
    reason,
  });
}

/** Live sound that nobody heard was due until now at most: its duration in the plan is only what it might have been. */
function soFar({ startAt, parts }: PlanOccurrence, partIndex: number, now: number): Pick<Stretch, 'dueMs'> {
  const part = parts[partIndex];
  if (part?.type !== LIVE_TYPE) return {};
  return { dueMs: Math.max(0, Math.min(part.durationMs, now - startAt - part.offsetMs)) };
}
