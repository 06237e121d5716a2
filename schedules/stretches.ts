import type { AsRunRecord } from '#devices/as-run';

/** Why nobody could perceive what was decoded, or null. Only a stretch that began can have been silenced. */
export function unheard(record: AsRunRecord): 'muted' | 'dark' | 'amplifier-dead' | null {
  if (record.startedAt === null) return null;
  // The device's own microphone was beside it.
  if (record.reason === 'amplifier-dead') return 'amplifier-dead';
  if (record.reason === 'output-muted') return 'muted';
  if (record.muted === true || record.volume === 0) return 'muted';
  return record.brightness === 0 ? 'dark' : null;
}

/**
 * Milliseconds of a part that its stretches cover together; never more than the part. Two stretches that lie over
 * each other, as when a record comes twice or a part was restarted, count once. They are laid along the part where
 * they say from where in it they played, else along the clock.
 */
export function coveredMs(stretches: readonly AsRunRecord[], durationMs: number): number {
  const alongPart: Span[] = [];
  const alongClock: Span[] = [];
  for (const { startedAt, fromMs, playedMs } of stretches) {
    if (startedAt === null) continue;
    if (fromMs === undefined) alongClock.push({ from: startedAt, to: startedAt + playedMs });
    else alongPart.push({ from: fromMs, to: Math.min(durationMs, fromMs + playedMs) });
  }
  return Math.min(unionMs(alongPart) + unionMs(alongClock), durationMs);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function unionMs(spans: readonly Span[]): number {
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return covered;
}

/** Why a stretch was not whole, as a code: the device's own reason first. */
export function shortfall(record: AsRunRecord): string {
  return record.reason ?? unheard(record) ?? (record.end === 'completed' ? 'incomplete' : record.end);
}

/** The shortfall of the record that ended last; the lesser code where several end together, so that order is no matter. */
export function lastShortfall(records: readonly AsRunRecord[]): string | null {
  let last: AsRunRecord | null = null;
  for (const record of records) {
    const later = last === null || record.endedAt > last.endedAt;
    if (later || (record.endedAt === last?.endedAt && shortfall(record) < shortfall(last))) last = record;
  }
  return last === null ? null : shortfall(last);
}
