import type { Place } from '../../../../words/place.ts';

export const UNTILS = ['hour', 'today', 'week', 'chosen'] as const;
export type UntilChoice = (typeof UNTILS)[number];

const HOUR = 3_600_000;
/** As long as the contract lets something stand. */
export const LONGEST_MS = 31 * 24 * HOUR;

/** The moment at which it goes: in an hour, at midnight, on Sunday at midnight. Epoch ms. */
export function untilOf(choice: Exclude<UntilChoice, 'chosen'>, now: number, place: Place): number {
  const today = place.dateOf(now);
  if (choice === 'hour') return now + HOUR;
  if (choice === 'today') return place.instant(place.plusDays(today, 1));
  return place.instant(place.plusDays(today, 8 - place.weekdayOf(today)));
}
