import type { AsRunRecord } from '#devices/as-run';
import { coveredMs, lastShortfall, unheard } from './stretches.ts';

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
  /** The last time at which the device said that it had no record left to send. */
  readonly outboxEmptyAt: number | null;
  /** What explains that there is no record at all; of no meaning when there is one. */
  readonly silence: Silence;
}

/** What else is known of a device that told nothing of an occurrence. */
export interface Silence {
  /** It had no link from before the plan with this occurrence was issued until it could no longer begin. */
  readonly away: boolean;
  /** It told that it would not act on the plan, or on the document that points to it. */
  readonly refused: boolean;
  /** It told that it had not fetched all files yet. */
  readonly fetching: boolean;
  /** It lost records since. */
  readonly recordsLost: boolean;
  /** Codes of the faults that it told while it was due. */
  readonly faults: readonly string[];
}

/** Faults that do not keep a device from playing what it holds. */
const BYSTANDERS: ReadonlySet<string> = new Set(['download-failed', 'evidence-refused', 'pairing-failed']);

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
 * What starts on time may still sound for so long after its end: the slowest output (`Settings.outputDelayMs`). Only an
 * outbox that was empty after that proves that there was nothing to tell.
 */
export const RECORD_MARGIN_MS = 2_000;

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
  const evidence = weigh(expected, mine);
  return { ...judge(expected, mine, evidence, facts), ...evidence };
}

type Evidence = Pick<Reconciliation, 'firstSampleAt' | 'latenessMs' | 'playedMs' | 'dueMs'>;
type Judgement = Pick<Reconciliation, 'verdict' | 'reason'>;

function weigh({ startAt, parts }: Expected, mine: readonly AsRunRecord[]): Evidence {
  const known = new Set(parts.map(({ index }) => index));
  const heard = mine.filter(
    (record) => known.has(record.part.index) && unheard(record) === null && record.playedMs > 0,
  );
  let dueMs = 0;
  let playedMs = 0;
  for (const { index, durationMs } of parts) {
    dueMs += durationMs;
    playedMs += coveredMs(
      heard.filter(({ part }) => part.index === index),
      durationMs,
    );
  }
  const begins = heard.flatMap(({ startedAt }) => startedAt ?? []);
  const firstSampleAt = begins.length === 0 ? null : Math.min(...begins);
  const dueAt = startAt + (parts[0]?.offsetMs ?? 0);
  return {
    firstSampleAt,
    latenessMs: firstSampleAt === null ? null : firstSampleAt - dueAt,
    playedMs,
    dueMs,
  };
}

function judge(
  expected: Expected,
  mine: readonly AsRunRecord[],
  { dueMs, playedMs, latenessMs }: Evidence,
  facts: DeviceFacts,
): Judgement {
  if (dueMs > 0 && playedMs >= COMPLETE_SHARE * dueMs) {
    const late = latenessMs !== null && latenessMs > ON_TIME_MS;
    return { verdict: late ? 'late' : 'played', reason: doubt(mine, latenessMs) };
  }
  if (facts.now < expected.endAt + facts.graceMs) return { verdict: 'pending', reason: null };

  const silenced = mine.filter((record) => unheard(record) !== null);
  if (playedMs === 0 && silenced.length > 0) {
    const why = new Set(silenced.map(unheard));
    return { verdict: 'missed', reason: SILENCERS.find((reason) => why.has(reason)) ?? null };
  }
  const preempted = mine.filter(({ end }) => end === 'preempted');
  if (preempted.length > 0) return { verdict: 'preempted', reason: lastShortfall(preempted) };

  const drained = facts.outboxEmptyAt !== null && facts.outboxEmptyAt >= expected.endAt + RECORD_MARGIN_MS;
  if (playedMs > 0) {
    const short = mine.filter((record) => record.end !== 'completed' || unheard(record) !== null);
    return { verdict: 'partial', reason: lastShortfall(short) ?? whyShort(expected, mine, drained) };
  }
  if (mine.length > 0) return { verdict: 'missed', reason: lastShortfall(mine) };
  // What it never heard of it cannot have played: no word is needed for that.
  if (!facts.plannedKnown && facts.silence.away) return { verdict: 'missed', reason: 'offline-since' };
  if (!drained) return { verdict: 'unknown', reason: 'no-word-since' };
  return { verdict: 'missed', reason: whySilent(facts) };
}

/** Of what was heard all came to its end, and yet it was not the whole. */
function whyShort({ parts }: Expected, mine: readonly AsRunRecord[], drained: boolean): string {
  const ended = new Set(mine.map(({ part }) => part.index));
  if (parts.every(({ index }) => ended.has(index))) {
    const joined = mine.filter(({ fromMs = 0 }) => fromMs > 0);
    if (joined.length === 0) return 'incomplete';
    return lastShortfall(joined.filter(({ reason }) => reason !== undefined)) ?? 'joined-late';
  }
  return drained ? 'incomplete' : 'no-word-since';
}

/** It has told everything that it had to tell, and nothing of this. */
function whySilent({ plannedKnown, silence }: DeviceFacts): string {
  if (!plannedKnown) {
    if (silence.refused) return 'refused';
    return silence.fetching ? 'blob-missing' : 'no-plan';
  }
  if (silence.recordsLost) return 'record-lost';
  const faults = silence.faults.filter((fault) => !BYSTANDERS.has(fault));
  if (faults.includes('clock-unsynced')) return 'clock-unsynced';
  return faults.length > 0 ? 'device-fault' : 'no-record';
}

/** Where several silenced it, the one that a person can undo at once is told. */
const SILENCERS = ['muted', 'dark', 'amplifier-dead'] as const;

/** Played all the same, but there is something that the operator should know. */
function doubt(mine: readonly AsRunRecord[], latenessMs: number | null): string | null {
  if (mine.some(({ startedAt, clockSynced }) => startedAt !== null && !clockSynced)) return 'clock-unsynced';
  return latenessMs !== null && latenessMs < -ON_TIME_MS ? 'early' : null;
}
