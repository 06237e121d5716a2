import type { AsRunRecord } from '#devices/as-run';

/** Exactly one of these for every occurrence and device. */
export type Verdict = 'pending' | 'played' | 'late' | 'partial' | 'preempted' | 'missed' | 'unknown';

/** What one device was to play in one occurrence. */
export interface Expected {
  /** The occurrence's id. */
  readonly occurrence: string;
  readonly startAt: number;
  readonly endAt: number;
  readonly notAfter: number;
  /** The parts for this device's class, by their index in the plan's occurrence. `offsetMs` is 0 where absent. */
  readonly parts: readonly {
    readonly index: number;
    readonly durationMs: number;
    readonly offsetMs?: number;
  }[];
}

/** What the controller knows of the device besides its records. Times in epoch ms, null for never. */
export interface DeviceFacts {
  readonly now: number;
  /** How long after the end records may take to arrive before anything is concluded from their absence. */
  readonly graceMs: number;
  /** Whether the device held a plan with this occurrence when it was due. */
  readonly plannedKnown: boolean;
  readonly lastHeardAt: number | null;
  readonly offlineSince: number | null;
  /** The last time at which the device said that it had no record left to send. */
  readonly outboxEmptyAt: number | null;
}

export interface Reconciliation {
  readonly verdict: Verdict;
  /** A code (see `ReasonCode`); null when there is nothing to explain. */
  readonly reason: string | null;
  /** When the first sample that a person could hear left the device, or the first frame was lit. */
  readonly firstSampleAt: number | null;
  /** `firstSampleAt` from when it was due; negative when it was early. */
  readonly latenessMs: number | null;
  /** Milliseconds of the content that came out, unmuted; never more than `dueMs`. */
  readonly playedMs: number;
  readonly dueMs: number;
}

/** Complete is this share of what was due: the rest is the decoder's padding and the last buffer. */
export const COMPLETE_SHARE = 0.98;
/** What begins within this time of when it was due is on time for a listener. */
export const ON_TIME_MS = 2_000;

/**
 * What became of one occurrence on one device, from the device's own evidence (R17): sent is not played, and muted
 * is not played either. Evidence of complete play counts at once; everything that rests on missing evidence waits
 * until `endAt + graceMs`. The order of the records and repeated ones make no difference.
 */
export function reconcile(
  expected: Expected,
  records: readonly AsRunRecord[],
  facts: DeviceFacts,
): Reconciliation {
  const mine = records.filter(({ occurrence }) => occurrence === expected.occurrence);
  const heard = mine.filter((record) => unheard(record) === null && record.playedMs > 0);
  const dueMs = expected.parts.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const playedMs = expected.parts.reduce(
    (sum, part) =>
      sum +
      coveredMs(
        heard.filter((record) => record.part.index === part.index),
        part.durationMs,
      ),
    0,
  );
  const firstSampleAt = heard.reduce<number | null>(
    (first, { startedAt }) =>
      startedAt !== null && (first === null || startedAt < first) ? startedAt : first,
    null,
  );
  const dueAt = expected.startAt + (expected.parts[0]?.offsetMs ?? 0);
  const latenessMs = firstSampleAt === null ? null : firstSampleAt - dueAt;
  const { verdict, reason } = judge({ expected, facts, mine, dueMs, playedMs, latenessMs });
  return { verdict, reason, firstSampleAt, latenessMs, playedMs, dueMs };
}

interface Case {
  readonly expected: Expected;
  readonly facts: DeviceFacts;
  readonly mine: readonly AsRunRecord[];
  readonly dueMs: number;
  readonly playedMs: number;
  readonly latenessMs: number | null;
}

interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string | null;
}

function judge({ expected, facts, mine, dueMs, playedMs, latenessMs }: Case): Judgement {
  if (dueMs > 0 && playedMs >= COMPLETE_SHARE * dueMs) {
    return {
      verdict: (latenessMs ?? 0) > ON_TIME_MS ? 'late' : 'played',
      reason: whyDoubtful(mine, latenessMs),
    };
  }
  if (facts.now < expected.endAt + facts.graceMs) return { verdict: 'pending', reason: null };
  const drained = facts.outboxEmptyAt !== null && facts.outboxEmptyAt >= expected.endAt;
  const preempted = reasonOf(mine.filter(({ end }) => end === 'preempted'));
  if (playedMs > 0) {
    if (preempted !== null) return { verdict: 'preempted', reason: preempted };
    const cut = reasonOf(mine.filter((record) => record.end !== 'completed' || unheard(record) !== null));
    return { verdict: 'partial', reason: cut ?? (drained ? 'incomplete' : 'no-word-since') };
  }
  const silenced = mine.map(unheard).filter((reason) => reason !== null);
  if (silenced.length > 0) return { verdict: 'missed', reason: silenced.sort()[0] ?? null };
  if (preempted !== null) return { verdict: 'preempted', reason: preempted };
  if (mine.length > 0) return { verdict: 'missed', reason: reasonOf(mine) };
  if (!drained) return { verdict: 'unknown', reason: 'no-word-since' };
  return { verdict: 'missed', reason: facts.plannedKnown ? 'no-record' : 'no-plan' };
}

/** Why nobody could perceive what was decoded, or null. Only a stretch that began can have been silenced. */
function unheard(record: AsRunRecord): 'muted' | 'dark' | null {
  if (record.startedAt === null) return null;
  if (record.muted === true || record.volume === 0) return 'muted';
  return record.brightness === 0 ? 'dark' : null;
}

/** Played all the same, but the operator should know. */
function whyDoubtful(mine: readonly AsRunRecord[], latenessMs: number | null): string | null {
  if (mine.some(({ startedAt, clockSynced }) => startedAt !== null && !clockSynced)) return 'clock-unsynced';
  return latenessMs !== null && latenessMs < -ON_TIME_MS ? 'early' : null;
}

/** The reason of the record that ended last; where several end together the lesser code, so that order is no matter. */
function reasonOf(records: readonly AsRunRecord[]): string | null {
  let last: AsRunRecord | null = null;
  for (const record of records) {
    if (
      last === null ||
      record.endedAt > last.endedAt ||
      (record.endedAt === last.endedAt && code(record) < code(last))
    ) {
      last = record;
    }
  }
  return last === null ? null : code(last);
}

function code(record: AsRunRecord): string {
  return record.reason ?? unheard(record) ?? record.end;
}

/**
 * Milliseconds of a part that its stretches cover together. Stretches that lie over each other, as when a record
 * comes twice, count once; the sum never exceeds the part.
 */
function coveredMs(stretches: readonly AsRunRecord[], durationMs: number): number {
  const spans = stretches
    .flatMap(({ startedAt, playedMs }) =>
      startedAt === null ? [] : [{ from: startedAt, to: startedAt + playedMs }],
    )
    .sort((a, b) => a.from - b.from);
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { from, to } of spans) {
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return Math.min(covered, durationMs);
}
