import { mayBegin } from '#devices/guards';
import type { Hours } from '#schedules/duties';
import type { Zone } from '#schedules/zone';

/** The hours of the site, or of an area that has its own. */
export interface AreaHours extends Hours {
  /** The name of that area; null: the site's. */
  readonly area: string | null;
}

/** Devices with the same hours. */
export interface Party {
  readonly hours: AreaHours;
  readonly devices: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** By how many of them something that is due at a moment, epoch ms, would be heard. */
export const heardBy = (parties: readonly Party[], at: number): number =>
  parties.filter(({ hours }) => mayBegin(hours.guardsAt(at), at)).length;

/**
 * The next time of the wall clock, within a day, at which something would be heard by all of them, or else by most.
 * @returns null when none of them hears anything all day.
 */
export function nextAllowed(zone: Zone, parties: readonly Party[], at: number): string | null {
  const minute = Math.floor(zone.toLocal(at) / MINUTE_MS) * MINUTE_MS;
  let best: { local: number; by: number } | null = null;
  for (let later = minute + MINUTE_MS; later < minute + DAY_MS; later += MINUTE_MS) {
    const by = heardBy(parties, zone.toUtc(later));
    if (by > (best?.by ?? 0)) best = { local: later, by };
    if (by === parties.length) break;
  }
  return best === null ? null : clockOf(best.local);
}

/** The same time in the other half of the day, the slip of who thinks in AM and PM; null where it is quiet too. */
export function otherHalf(zone: Zone, parties: readonly Party[], at: number): string | null {
  const local = zone.toLocal(at);
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  const other = midnight + ((local - midnight + DAY_MS / 2) % DAY_MS);
  return heardBy(parties, zone.toUtc(other)) > 0 ? clockOf(other) : null;
}

/** `03:15`, or `03:15:30` where there are seconds. @param local ms of the wall clock. */
export function clockOf(local: number): string {
  const text = new Date(local).toISOString().slice(11, 19);
  return text.endsWith(':00') ? text.slice(0, 5) : text;
}
