import type { AlertLevel } from '../http/contract/alerts.ts';
import type { Policy } from '../http/contract/policies.ts';

export const LEVELS = ['none', 'normal', 'priority', 'emergency'] as const satisfies readonly AlertLevel[];

/** By the administrator's table: the first row that fits; `none` when no row does. */
export function levelOf(
  levels: Policy<'cap'>['levels'],
  info: { readonly severity: string; readonly urgency: string; readonly certainty: string },
): AlertLevel {
  const fits = (wanted: string | null, given: string): boolean => wanted === null || wanted === given;
  return (
    levels.find(
      (row) =>
        fits(row.severity, info.severity) &&
        fits(row.urgency, info.urgency) &&
        fits(row.certainty, info.certainty),
    )?.level ?? 'none'
  );
}

export const isHigher = (level: AlertLevel, other: AlertLevel): boolean =>
  LEVELS.indexOf(level) > LEVELS.indexOf(other);
