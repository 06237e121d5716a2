/** The wall clock of the site, whatever zone the reader's own machine is in. */
export interface Place {
  readonly zone: string;
  /** The date there, `2026-11-24`. */
  dateOf(at: number): string;
  /** Minutes since midnight there. */
  minuteOf(at: number): number;
  /** How far the clock there is ahead of UTC. */
  offsetMinutes(at: number): number;
  /** The instant at which the clock there shows this date and time; in a gap of daylight saving, the later side. */
  instant(date: string, time?: string): number;
  /** The date so many days later, by the calendar. */
  plusDays(date: string, days: number): string;
  /** ISO 8601: Monday is 1. */
  weekdayOf(date: string): number;
}

const DAY = 86_400_000;

export function placeIn(zone: string): Place {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  /** Milliseconds that the wall clock shows, as if it were UTC. */
  const wall = (at: number): number => {
    const read: Record<string, number> = {};
    for (const { type, value } of parts.formatToParts(at)) read[type] = Number(value);
    return Date.UTC(read.year ?? 0, (read.month ?? 1) - 1, read.day, read.hour, read.minute, read.second);
  };
  return {
    zone,
    dateOf: (at) => new Date(wall(at)).toISOString().slice(0, 10),
    minuteOf: (at) => Math.floor((wall(at) % DAY) / 60_000),
    offsetMinutes: (at) => Math.round((wall(at) - at) / 60_000),
    instant: (date, time = '00:00') => {
      const wanted = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
      // The offset at the guess may be the one of the other side of a change: once more from there settles it.
      const guess = wanted - (wall(wanted) - wanted);
      return wanted - (wall(guess) - guess);
    },
    plusDays: (date, days) => new Date(Date.parse(`${date}T00:00Z`) + days * DAY).toISOString().slice(0, 10),
    weekdayOf: (date) => ((new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7) + 1,
  };
}
