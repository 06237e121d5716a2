import type { PlanOccurrence, PlanPart } from '../plan.ts';

type Going = Pick<PlanOccurrence, 'startAt' | 'endAt' | 'loopMs'>;
type Placed = Pick<PlanPart, 'offsetMs' | 'durationMs'>;

/**
 * How long a part stands in all, ms: once, or as often as it comes round until `endAt`, the last time perhaps cut. What
 * is due of it in a record, and what the verdict asks for.
 */
export function dueMsOf({ startAt, endAt, loopMs }: Going, part: Placed): number {
  if (loopMs === undefined) return part.durationMs;
  const lengthMs = endAt - startAt;
  const rounds = Math.floor(lengthMs / loopMs);
  const restMs = lengthMs - rounds * loopMs;
  return rounds * part.durationMs + Math.min(part.durationMs, Math.max(0, restMs - part.offsetMs));
}

/**
 * What stands at a position of an occurrence: which part, since when in it, and when the next change comes. Between
 * parts there is a gap: `part` is null.
 * @param parts by their offset. @param atMs from the start of the occurrence.
 * @returns times in ms of the occurrence; `untilMs` never beyond its end.
 */
export function partAt<P extends Placed>(
  occurrence: Going & { readonly parts: readonly P[] },
  atMs: number,
): { readonly part: P | null; readonly index: number; readonly sinceMs: number; readonly untilMs: number } {
  const { startAt, endAt, loopMs, parts } = occurrence;
  const lengthMs = endAt - startAt;
  const roundAt = loopMs === undefined ? 0 : Math.floor(atMs / loopMs) * loopMs;
  const at = atMs - roundAt;
  const until = (ms: number): number => Math.min(lengthMs, roundAt + ms);
  const index = parts.findIndex(({ offsetMs, durationMs }) => at >= offsetMs && at < offsetMs + durationMs);
  const part = parts[index];
  if (part !== undefined) {
    const { offsetMs, durationMs } = part;
    return { part, index, sinceMs: roundAt + offsetMs, untilMs: until(offsetMs + durationMs) };
  }
  const ended = parts.filter(({ offsetMs, durationMs }) => offsetMs + durationMs <= at);
  const sinceMs = roundAt + Math.max(0, ...ended.map(({ offsetMs, durationMs }) => offsetMs + durationMs));
  const next = Math.min(
    ...parts.map(({ offsetMs }) => (offsetMs > at ? offsetMs : Number.POSITIVE_INFINITY)),
  );
  return { part: null, index: -1, sinceMs, untilMs: until(Math.min(next, loopMs ?? lengthMs)) };
}
