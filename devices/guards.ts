import { z } from 'zod';
import type { PlanOccurrence, PlanPart } from './plan.ts';
import { EpochMs, Percent } from './primitives.ts';

/** A stretch of the UTC day, in minutes; `until` is exclusive and may lie before `from`: over midnight. */
export const DayStretch = z.object({
  from: z.number().int().min(0).max(1_439),
  until: z.number().int().min(0).max(1_440),
});
export type DayStretch = z.infer<typeof DayStretch>;

/**
 * What keeps a village from being woken: held by every device in its settings, and asked at saving and at dispatch too,
 * so that no single mistake is enough. An emergency is above all of it but the volume: how loud a horn may ever be is a
 * matter of the ears below it.
 */
export const Guards = z.object({
  /** When something other than an emergency may begin; absent: at any time. */
  allowed: z.array(DayStretch).max(12).optional(),
  /** Days of mourning, on which music is silent. */
  mourning: z
    .array(z.object({ from: EpochMs, until: EpochMs }))
    .max(16)
    .optional(),
  /** The longest that anything but an emergency may last. */
  longestMs: z.number().int().min(1_000).optional(),
  loudest: Percent.optional(),
});
export type Guards = z.infer<typeof Guards>;

/** Why something may not be heard: at this hour, on this day, or for so long. */
export const GuardReason = z.enum(['quiet-hours', 'mourning-day', 'too-long']);
export type GuardReason = z.infer<typeof GuardReason>;

/** As much of an occurrence, planned or started by hand, as a guard looks at. */
export type Guarded = Pick<PlanOccurrence, 'priority' | 'startAt' | 'endAt'> & {
  readonly parts: readonly Pick<PlanPart, 'role' | 'music'>[];
};

/**
 * Why something may not begin; null when it may. What counts is when it is due: who joins late joins with its
 * neighbours. Something that is too long may begin all the same where it can be cut ({@link endUnder}).
 */
export function guardAgainst(guards: Guards, asked: Guarded): GuardReason | null {
  if (asked.priority === 'emergency') return null;
  if (!mayBegin(guards, asked.startAt)) return 'quiet-hours';
  const programmes = asked.parts.filter(({ role }) => role === 'programme');
  if (programmes.length > 0 && programmes.every((part) => silencedBy(guards, asked, part))) {
    return 'mourning-day';
  }
  return endUnder(guards, asked) < asked.endAt ? 'too-long' : null;
}

/** Whether a moment, epoch ms, lies in the hours that are allowed. */
export function mayBegin({ allowed }: Guards, at: number): boolean {
  if (allowed === undefined) return true;
  const minute = Math.floor(at / MINUTE_MS) % MINUTES_A_DAY;
  return allowed.some(({ from, until }) =>
    from <= until ? minute >= from && minute < until : minute >= from || minute < until,
  );
}

/** Whether a part is music that is due on a day of mourning; the others are heard around the silence. */
export function silencedBy(
  { mourning = [] }: Guards,
  { priority, startAt }: Pick<Guarded, 'priority' | 'startAt'>,
  { music }: Pick<PlanPart, 'music'>,
): boolean {
  if (music !== true || priority === 'emergency') return false;
  return mourning.some(({ from, until }) => startAt >= from && startAt < until);
}

/** When it is over at the latest, epoch ms. */
export function endUnder(
  { longestMs = Number.POSITIVE_INFINITY }: Guards,
  { priority, startAt, endAt }: Pick<Guarded, 'priority' | 'startAt' | 'endAt'>,
): number {
  return priority === 'emergency' ? endAt : Math.min(endAt, startAt + longestMs);
}

const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1_440;
