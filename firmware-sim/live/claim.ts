import { type Broadcast, occurrenceOf } from '#devices/broadcast';
import { LIVE_TYPE, type MediaType, type PlanOccurrence, type PlanPart } from '#devices/plan';

/** The part that is said live; undefined when there is none. */
export const liveIn = ({ parts }: PlanOccurrence): PlanPart | undefined =>
  parts.find(({ type }) => type === LIVE_TYPE);

/**
 * A broadcast as a device of these media types plays it. What is said live goes on while something else is heard: it
 * can be joined, and nothing of it resumed.
 */
export function claimOf(
  broadcast: Broadcast,
  t0: number,
  types: ReadonlySet<MediaType>,
): PlanOccurrence | null {
  const occurrence = occurrenceOf(broadcast, t0, types);
  if (occurrence === null || liveIn(occurrence) === undefined || occurrence.resume === 'skip')
    return occurrence;
  return { ...occurrence, resume: 'join' };
}
