import type { DayStretch, Guards } from '#devices/guards';
import { formatDay, parseDay } from '#schedules/calendar-day';
import type { Zone } from '#schedules/zone';
import type { AllowedHours, GuardsPolicy } from '../http/contract/policies.ts';

const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1_440;
const DAY_MS = MINUTES_A_DAY * MINUTE_MS;

/**
 * What an administrator decided, as devices hold it: in UTC. What bounds nothing is absent, so that it costs nobody
 * anything.
 * @param allowed the hours of the area, of the site's wall clock.
 * @param offsetMs of that clock from UTC.
 */
export function guardsOf(
  policy: GuardsPolicy,
  allowed: readonly AllowedHours[],
  offsetMs: number,
  zone: Zone,
): Guards {
  const stretches = stretchesOf(allowed, offsetMs);
  const mourning = policy.mourning.map(({ from, until }) => ({
    from: zone.toUtc(parseDay(from) * DAY_MS),
    until: zone.toUtc((parseDay(until) + 1) * DAY_MS),
  }));
  return {
    ...(stretches === null ? {} : { allowed: stretches }),
    ...(mourning.length === 0 ? {} : { mourning }),
    longestMs: policy.longestMinutes * MINUTE_MS,
    ...(policy.loudest === 100 ? {} : { loudest: policy.loudest }),
  };
}

/** @returns null for the whole day. An end before its beginning is over midnight. */
export function stretchesOf(allowed: readonly AllowedHours[], offsetMs: number): DayStretch[] | null {
  const stretches: DayStretch[] = [];
  for (const { from, until } of allowed) {
    const begin = minuteOf(from);
    const end = minuteOf(until);
    if (begin === end) continue;
    const length = end > begin ? end - begin : end + MINUTES_A_DAY - begin;
    if (length >= MINUTES_A_DAY) return null;
    const utc = modulo(begin - Math.round(offsetMs / MINUTE_MS));
    const over = utc + length;
    stretches.push({ from: utc, until: over > MINUTES_A_DAY ? over - MINUTES_A_DAY : over });
  }
  return stretches.sort((one, other) => one.from - other.from);
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return Math.min(MINUTES_A_DAY, hour * 60 + minute);
}

const modulo = (minute: number): number => ((minute % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;

/** The day of the wall clock on which a moment lies, `2026-11-24`. */
export const dayOf = (at: number, zone: Zone): string => formatDay(Math.floor(zone.toLocal(at) / DAY_MS));
