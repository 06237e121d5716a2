import { Temporal } from 'temporal-polyfill';

/**
 * The wall clock of a place. `local` times are milliseconds since 1970-01-01T00:00 *on that wall clock*, as if it
 * had no zone; `utc` times are milliseconds since the Unix epoch.
 */
export interface Zone {
  readonly name: string;
  /**
   * The instant at which the wall clock shows `local`, by Temporal's `compatible` rule: a time skipped by a
   * daylight-saving gap moves on by the length of the gap, and a time that comes twice is the earlier one.
   */
  toUtc(local: number): number;
  /** What the wall clock shows at an instant. */
  toLocal(utc: number): number;
}

/** A stretch of constant offset: from `since` (UTC) on, local = UTC + `offset`, until the next one's `since`. */
interface Stretch {
  readonly since: number;
  readonly offset: number;
}

const HOUR = 3_600_000;
/** How much more than asked is read around a window, so that neighbouring questions find their answer in memory. */
const MARGIN = 400 * 24 * HOUR;
/** What is kept grows with the questions up to this; one about another age starts anew. */
const WIDEST = 40 * 366 * 24 * HOUR;

/**
 * Temporal answers one question in some 10 µs; a fleet's plan asks hundreds of thousands. A zone changes its offset
 * twice a year at most times, so the changes are asked of Temporal once and kept.
 */
class CachedZone implements Zone {
  readonly name: string;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  #stretches: Stretch[] = [];

  constructor(name: string) {
    this.name = name;
  }

  toUtc(local: number): number {
    this.#cover(local);
    const stretches = this.#stretches;
    let index = stretches.length - 1;
    for (; index > 0; index -= 1) {
      const { since, offset } = stretches[index]!;
      // Both in a gap and in a fold the earlier offset holds until the later of the two wall-clock readings.
      if (local >= since + Math.max(offset, stretches[index - 1]!.offset)) break;
    }
    return local - stretches[index]!.offset;
  }

  toLocal(utc: number): number {
    this.#cover(utc);
    const stretches = this.#stretches;
    let index = stretches.length - 1;
    while (index > 0 && utc < stretches[index]!.since) index -= 1;
    return utc + stretches[index]!.offset;
  }

  /** No offset exceeds a day and a half, so that the same margin serves local and UTC times. */
  #cover(at: number): void {
    if (at - 36 * HOUR >= this.#from && at + 36 * HOUR <= this.#to) return;
    const from = Math.min(this.#from, at - MARGIN);
    const to = Math.max(this.#to, at + MARGIN);
    const near = to - from <= WIDEST;
    this.#from = near ? from : at - MARGIN;
    this.#to = near ? to : at + MARGIN;
    let here = Temporal.Instant.fromEpochMilliseconds(Math.floor(this.#from)).toZonedDateTimeISO(this.name);
    const stretches: Stretch[] = [{ since: this.#from, offset: here.offsetNanoseconds / 1e6 }];
    for (;;) {
      const next = here.getTimeZoneTransition('next');
      if (next === null || next.epochMilliseconds > this.#to) break;
      stretches.push({ since: next.epochMilliseconds, offset: next.offsetNanoseconds / 1e6 });
      here = next;
    }
    this.#stretches = stretches;
  }
}

/** There are some 600 names, each in many spellings; the limit guards against somebody who tries them all. */
const CACHED_ZONES = 1000;
const zones = new Map<string, Zone>();

/** @throws RangeError when the name is not in the IANA time zone database of this machine. */
export function zoneOf(name: string): Zone {
  const zone = zones.get(name);
  if (zone !== undefined) return zone;
  if (!isZone(name))
    throw new RangeError(`Cannot reckon times in zone "${name}": it is not an IANA time zone`);
  const fresh = new CachedZone(name);
  if (zones.size >= CACHED_ZONES) zones.clear();
  zones.set(name, fresh);
  return fresh;
}

/** Whether this machine knows the zone. A fixed offset such as `+07:00` is none: laws change, names follow. */
export function isZone(name: string): boolean {
  if (zones.has(name)) return true;
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
